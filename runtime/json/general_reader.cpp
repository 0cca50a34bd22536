#include "general_reader.hpp"

#include "value_check.hpp"

#include <callrail/unescape.hpp>

#include <algorithm>
#include <charconv>

namespace callrail {

namespace od = simdjson::ondemand;

namespace {

std::optional<std::int64_t> integer(Text token) {
  if (token.size() > 1 && token.front() == '"') token = token.substr(1, token.size() - 2);
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc{} || at != token.data() + token.size()) return std::nullopt;
  return value;
}

/// The JSON of a member's value as sent; nested ones are stepped over, not looked into.
std::optional<Text> json_of(od::value& value) {
  const Text token = value.raw_json_token();
  std::string_view json = token;
  if (token.front() == '{') {
    od::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS ||
        object.raw_json().get(json) != simdjson::SUCCESS)
      return std::nullopt;
  } else if (token.front() == '[') {
    od::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS ||
        array.raw_json().get(json) != simdjson::SUCCESS)
      return std::nullopt;
  } else if (const char next = token.data()[token.size()]; next != ',' && next != '}') {
    // simdjson steps over {"a":"b":1} as if "b" were a key.
    return std::nullopt;
  }
  return trimmed(json);
}

/// The key between its quotes, as sent.
Text spelling_of(od::field& field) {
  const char* const raw = field.key().raw();
  std::size_t n = 0;
  for (; raw[n] != '"'; ++n)  // the parser has seen the closing quote
    if (raw[n] == '\\') ++n;
  return {raw, n};
}

bool unwanted(od::value& value) {
  const auto sent = json_of(value);
  if (!sent) return false;
  const char first = sent->front();
  if (first == '"') return sent->size() > 1 && sent->back() == '"';
  return first == '{' || first == '[' ? is_enclosed(*sent) : is_value(*sent, level_in_row);
}

}  // namespace

bool read_beside(ReadTask& task, Text key, Text json) {
  if (!is_value(json, level_beside_rows)) return false;
  const PagingFacts& names = task.paging;
  Envelope& envelope = task.envelope;
  if (key == names.page) {
    envelope.page = integer(json);
  } else if (key == names.pages) {
    envelope.pages = integer(json);
  } else if (key == names.total) {
    envelope.total = integer(json);
  } else if (key == names.more) {
    if (json == "true" || json == "false") envelope.more = json == "true";
  } else if (key == names.next && json.starts_with('"')) {
    char* const room = task.arena.room(json.size());
    const auto next = unescape(json.substr(1, json.size() - 2), room);
    if (!next) return false;
    envelope.next = std::string{*next};
  }
  return true;
}

bool GeneralReader::page(od::document& document) {
  od::object members;
  if (document.get_object().get(members) != simdjson::SUCCESS)
    return wrong("the answer is not a JSON object", document);
  if (task_.endpoint.rows == Endpoint::row_itself) return row_itself(members, document);
  bool found = false;
  for (auto member : members) {
    od::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS)
      return wrong("the JSON breaks off or is malformed", document);
    const auto key = key_of(field);
    if (!key) return wrong("a key is malformed", document);
    if (*key == task_.endpoint.rows) {
      if (found) return wrong("the rows come twice", document);
      found = true;
      if (!rows(field.value(), document)) return false;
    } else if (!beside(*key, field.value())) {
      return wrong("a value beside the rows is malformed", document);
    }
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS)
    return wrong("something follows the JSON object", document);
  // An error page is an object too. Taking it for an empty page would lose rows without a word.
  if (!found)
    return wrong("no member \"" + std::string{task_.endpoint.rows} + "\" in the answer", document);
  return true;
}

/// An error page is an object too; it lacks what identifies a row, or whatever always comes.
bool GeneralReader::row_itself(od::object members, od::document& document) {
  if (!row(members, document)) return false;
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS)
    return wrong("something follows the JSON object", document);
  const Endpoint& endpoint = task_.endpoint;
  const Cell* const cells = task_.cells.data() + task_.cells.size() - endpoint.fields.size();
  const auto came = [&](std::size_t i) {
    return seen_[i] && !(task_.wanted.has(i) && cells[i].is_null());
  };
  bool any = false, identified = false;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) {
    const Field& field = endpoint.fields[i];
    if (field.sent == Sent::of_request || field.sent == Sent::ordinal) continue;
    any = any || came(i);
    if (field.name != endpoint.key &&
        std::find(endpoint.keys.begin(), endpoint.keys.end(), field.name) == endpoint.keys.end())
      continue;
    if (!came(i))
      return wrong("no member \"" + std::string{field.name} + "\" in the answer", document);
    identified = true;
  }
  return identified || any || wrong("no member of a row in the answer", document);
}

bool GeneralReader::wrong(std::string what, od::document& document) {
  if (mistake.empty()) {
    mistake = std::move(what);
    if (document.current_location().get(mistake_at) != simdjson::SUCCESS) mistake_at = nullptr;
  }
  return false;
}

/// The key without escapes; as sent, if half of a surrogate pair stands alone in it: then it is
/// no key of ours. Nothing if an escape is wrong.
std::optional<Text> GeneralReader::key_of(od::field& field) {
  const char* const raw = field.key().raw();
  const Text expected =
      hint_ < task_.endpoint.fields.size() ? task_.endpoint.fields[hint_].name : Text{};
  if (!expected.empty() && std::strncmp(raw, expected.data(), expected.size()) == 0 &&
      raw[expected.size()] == '"')
    return Text{raw, expected.size()};
  std::size_t n = 0;
  bool escaped = false;
  for (; raw[n] != '"'; ++n)  // the parser has seen the closing quote
    if (raw[n] == '\\') escaped = true, ++n;
  const Text sent{raw, n};
  if (!escaped) return sent;
  if (const auto key = unescape(sent, task_.arena.room(n))) return task_.arena.keep(*key);
  if (has_good_escapes(sent)) return sent;
  return std::nullopt;
}

bool GeneralReader::rows(od::value value, od::document& document) {
  od::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS)
    return wrong("\"" + std::string{task_.endpoint.rows} + "\" is not a list", document);
  for (auto element : list) {
    od::object members;
    if (std::move(element).get_object().get(members) != simdjson::SUCCESS)
      return wrong("row " + std::to_string(count_ + 1) + " is not an object", document);
    if (!row(members, document)) return false;
    ++count_;
  }
  hint_ = Endpoint::npos;
  return true;
}

bool GeneralReader::row(od::object members, od::document& document) {
  const std::size_t width = task_.endpoint.fields.size();
  const std::size_t cells_of_row = width + (task_.extra != nullptr ? 1 : 0);
  task_.cells.resize(task_.cells.size() + cells_of_row);
  Cell* const cells = task_.cells.data() + task_.cells.size() - cells_of_row;
  seen_.assign(width, false);
  hint_ = 0;
  for (auto member : members) {
    od::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return malformed(document);
    const auto key = key_of(field);
    if (!key) return malformed(document);
    const std::size_t i = find(*key);
    if (i == Endpoint::npos) {
      const Text spelled = spelling_of(field);
      od::value value = field.value();
      const auto sent = json_of(value);
      if (!sent || !is_value(*sent, level_in_row)) return malformed(document);
      Drift::note(task_.drift.unknown_fields, *key, sounds_secret(*key) ? Text{} : *sent);
      if (task_.extra != nullptr) task_.extra->add(spelled, *key, *sent, task_.drift);
      continue;
    }
    hint_ = i + 1;
    if (seen_[i]) Drift::note(task_.drift.repeated_fields, *key, {});
    seen_[i] = true;
    od::value value = field.value();
    if (task_.wanted.has(i) ? !cell(task_.endpoint.fields[i], value, cells[i]) : !unwanted(value))
      return malformed(document);
  }
  if (task_.extra != nullptr) cells[width] = task_.extra->take(task_.arena);
  for (std::size_t i = 0; i < width; ++i)
    if (!seen_[i] && task_.expected[i])
      Drift::note(task_.drift.missing_fields, task_.endpoint.fields[i].name, {});
  return true;
}

bool GeneralReader::malformed(od::document& document) {
  return wrong("row " + std::to_string(count_ + 1) + " is malformed", document);
}

/// The field of this key. Rows repeat their order, so the next one is nearly always it.
std::size_t GeneralReader::find(Text key) const {
  if (hint_ < task_.endpoint.fields.size() && task_.endpoint.fields[hint_].name == key)
    return hint_;
  return task_.endpoint.find_key(key);
}

bool GeneralReader::cell(const Field& field, od::value& value, Cell& out) {
  const Place place{nullptr, field.name};
  const auto sent = json_of(value);
  if (!sent) return false;
  if (sent->front() == '{' || sent->front() == '[') {
    const auto checked = check_nested(*sent, field, place, task_.drift);
    if (!checked) return false;
    const Text json = checked->text;
    out = Cell::of(
        checked->compact ? json : task_.arena.keep(compact(json, task_.arena.room(json.size()))),
        Kind::json);
    return true;
  }
  if (!scalar(*sent, out)) return false;
  if (out.kind == Kind::json)
    Drift::note(task_.drift.broken_formats, field.name, field.secret ? Text{} : *sent);
  else
    check_value(field, out, place, *sent, task_.drift);
  return true;
}

bool GeneralReader::scalar(Text sent, Cell& out) {
  if (sent.front() == '"') {
    const Text quoted = sent.substr(1, sent.size() - 2);
    if (sent.size() < 2 || sent.back() != '"') return false;
    if (quoted.find('\\') == Text::npos) {
      out = Cell::of(quoted);
    } else if (const auto text = unescape(quoted, task_.arena.room(quoted.size()))) {
      out = Cell::of(task_.arena.keep(*text));
    } else {
      out = Cell::of(sent, Kind::json);  // a lone surrogate: no UTF-8 for it, so its JSON is kept
      return has_good_escapes(quoted);
    }
    return true;
  }
  if (sent == "null") return out = Cell::null(), true;
  if (sent == "true" || sent == "false") return out = Cell::of(sent, Kind::boolean), true;
  if (number_length(sent) != sent.size()) return false;
  out = Cell::of(sent, Kind::number);
  return true;
}

bool GeneralReader::beside(Text key, od::value value) {
  const auto sent = json_of(value);
  return sent && read_beside(task_, key, *sent);
}

bool GeneralReader::row(od::document& document) {
  od::object members;
  if (document.get_object().get(members) != simdjson::SUCCESS || !row(members, document))
    return false;
  const char* rest = nullptr;
  return document.current_location().get(rest) != simdjson::SUCCESS;
}

}  // namespace callrail
