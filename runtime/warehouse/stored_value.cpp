#include "stored_value.hpp"

#include <callrail/timestamp.hpp>

#include <charconv>
#include <cmath>
#include <json_text.hpp>
#include <value_check.hpp>

namespace callrail {

namespace {

constexpr Text replacement = "\xEF\xBF\xBD";

/// PostgreSQL has no NUL in its text; where SQLite has one, its own functions end there.
Fit text_value(Dialect dialect, Text text, ByteStore& store, SqlValue& value) {
  value = SqlValue{text.data() == nullptr ? Text{""} : text};
  if (dialect == Dialect::sqlite || text.find('\0') == Text::npos) return Fit::whole;
  char* const out = store.room(text.size() * replacement.size());
  char* at = out;
  for (const char c : text) {
    if (c == '\0')
      at += replacement.copy(at, replacement.size());
    else
      *at++ = c;
  }
  const auto size = static_cast<std::size_t>(at - out);
  store.use(size);
  value = SqlValue{Text{out, size}};
  return Fit::altered;
}

unsigned hex_code(Text four) {
  unsigned code = 0;
  std::from_chars(four.data(), four.data() + four.size(), code, 16);
  return code;
}

/// jsonb takes neither \u0000 nor half of a surrogate pair.
Fit json_value(Dialect dialect, Text json, ByteStore& store, SqlValue& value) {
  value = SqlValue{json};
  if (dialect == Dialect::sqlite || json.find("\\u") == Text::npos) return Fit::whole;
  char* const out = store.room(json.size());  // "\uXXXX" is longer than what takes its place
  char* at = out;
  bool altered = false;
  for (std::size_t i = 0; i < json.size();) {
    if (json[i] != '\\') {
      *at++ = json[i++];
      continue;
    }
    const bool is_code = json.substr(i, 2) == "\\u" && i + 6 <= json.size();
    std::size_t length = is_code ? 6 : 2;
    const unsigned code = is_code ? hex_code(json.substr(i + 2, 4)) : 1;
    bool bad = code == 0 || (code >= 0xdc00 && code < 0xe000);
    if (code >= 0xd800 && code < 0xdc00) {
      const bool second = json.substr(i + 6, 2) == "\\u" && i + 12 <= json.size();
      const unsigned low = second ? hex_code(json.substr(i + 8, 4)) : 0;
      if (low >= 0xdc00 && low < 0xe000)
        length = 12;
      else
        bad = true;
    }
    at += bad ? replacement.copy(at, replacement.size()) : json.substr(i, length).copy(at, length);
    altered = altered || bad;
    i += length;
  }
  const auto size = static_cast<std::size_t>(at - out);
  if (!altered) return Fit::whole;
  store.use(size);
  value = SqlValue{Text{out, size}};
  return Fit::altered;
}

/// A number of up to 300 digits and without an exponent is in the range of both databases.
bool is_number(Text text) {
  if (text.empty() || number_length(text) != text.size()) return false;
  if (text.size() <= 300 && text.find_first_of("eE") == Text::npos) return true;
  double number = 0;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
}

}  // namespace

std::optional<InstantText> instant_text(Clock::Wall when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const int year = static_cast<int>(date.year());
  if (year < 1 || year > 9999) return std::nullopt;
  InstantText text;
  char* at = text.data();
  const auto put = [&](std::int64_t number, int digits, char behind) {
    for (int i = digits; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + (number % 10));
    at += digits;
    *at++ = behind;
  };
  const std::int64_t rest = (when - day).count();
  put(year, 4, '-');
  put(static_cast<unsigned>(date.month()), 2, '-');
  put(static_cast<unsigned>(date.day()), 2, 'T');
  put(rest / 3'600'000, 2, ':');
  put(rest / 60'000 % 60, 2, ':');
  put(rest / 1000 % 60, 2, '.');
  put(rest % 1000, 3, 'Z');
  return text;
}

std::string spell_instant(Clock::Wall when) {
  const auto text = instant_text(when);
  return text ? std::string{text->data(), text->size()} : std::string{};
}

std::optional<Clock::Wall> read_instant(Text text) {
  std::string spelled{text};
  // PostgreSQL leaves out the minutes of an offset that has none: "+00".
  if (text.size() > 3 && (text[text.size() - 3] == '+' || text[text.size() - 3] == '-'))
    spelled += ":00";
  const auto parsed = parse_timestamp(spelled);
  return parsed ? std::optional{parsed->utc} : std::nullopt;
}

Fit stored_value(Dialect dialect, Stored as, const Cell& cell, ByteStore& store, SqlValue& value) {
  value = {};
  if (!cell.has_value()) return Fit::whole;
  switch (as) {
    case Stored::text:
      if (cell.kind == Kind::json) return Fit::none;
      return text_value(dialect, cell.text(), store, value);
    case Stored::integer: {
      std::int64_t number = 0;
      if (!read(cell, number)) return Fit::none;
      value = SqlValue{number};
      return Fit::whole;
    }
    case Stored::numeric:
      if ((cell.kind != Kind::number && cell.kind != Kind::text) || !is_number(cell.text()))
        return Fit::none;
      value = SqlValue{cell.text()};
      return Fit::whole;
    case Stored::boolean: {
      bool is = false;
      if (!read(cell, is)) return Fit::none;
      value = SqlValue{is};
      return Fit::whole;
    }
    case Stored::instant: {
      Timestamp time;
      const auto text = read(cell, time) ? instant_text(time.utc) : std::nullopt;
      if (!text) return Fit::none;
      value = SqlValue{store.keep({text->data(), text->size()})};
      return Fit::whole;
    }
    case Stored::json: break;
  }
  if (cell.kind != Kind::text) return json_value(dialect, cell.text(), store, value);
  std::string json;
  append_json(cell, json);
  return json_value(dialect, store.keep(json), store, value);
}

void append_json(const Cell& cell, std::string& out) {
  if (cell.kind == Kind::text)
    append_json_string(cell.text(), out);
  else if (cell.has_value())
    out += cell.text();
  else
    out += "null";
}

}  // namespace callrail
