#include "first_mistake.hpp"
#include "value_check.hpp"

#include <callrail/key_hash.hpp>
#include <callrail/page.hpp>
#include <callrail/unescape.hpp>

#include <simdjson.h>

#include <charconv>

namespace callrail {

namespace od = simdjson::ondemand;

namespace {

/// Unescaped and compacted text of a page, in blocks that never move.
class Arena {
 public:
  explicit Arena(std::vector<std::unique_ptr<char[]>>& blocks) : blocks_{blocks} {}

  /// Room for `size` bytes; what of it is used is said with `keep`.
  char* room(std::size_t size) {
    if (size > left_) {
      left_ = size > block ? size : block;
      at_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(left_)).get();
    }
    return at_;
  }
  Text keep(Text text) {
    at_ += text.size();
    left_ -= text.size();
    return text;
  }

 private:
  static constexpr std::size_t block = 65536;
  std::vector<std::unique_ptr<char[]>>& blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

/// Without what JSON takes for blanks behind it: a NUL there is a mistake.
Text trimmed(Text text) { return text.substr(0, text.find_last_not_of(" \n\t\r") + 1); }

std::optional<std::int64_t> integer(Text token) {
  if (token.size() > 1 && token.front() == '"') token = token.substr(1, token.size() - 2);
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc{} || at != token.data() + token.size()) return std::nullopt;
  return value;
}

/// Decodes one page. Everything returns false on the first mistake, which `mistake` then describes.
class Decoding {
 public:
  Decoding(const Endpoint& endpoint, const PagingFacts& paging, const Selection& wanted,
           const Selection& asked, Drift& drift, std::vector<Cell>& cells,
           std::vector<std::unique_ptr<char[]>>& blocks)
      : endpoint_{endpoint},
        paging_{paging},
        wanted_{wanted},
        drift_{drift},
        cells_{cells},
        arena_{blocks} {
    for (std::size_t i = 0; i < endpoint.fields.size(); ++i) {
      const Field& field = endpoint.fields[i];
      expected_.push_back((field.sent == Sent::always && !field.may_be_absent) || asked.has(i));
    }
  }

  std::string mistake;
  const char* mistake_at = nullptr;

  bool page(od::document& document, Envelope& envelope) {
    od::object members;
    if (document.get_object().get(members) != simdjson::SUCCESS)
      return wrong("the answer is not a JSON object", document);
    bool found = false;
    for (auto member : members) {
      od::field field;
      if (std::move(member).get(field) != simdjson::SUCCESS)
        return wrong("the JSON breaks off or is malformed", document);
      const auto key = key_of(field);
      if (!key) return wrong("a key is malformed", document);
      if (*key == endpoint_.rows) {
        if (found) return wrong("the rows come twice", document);
        found = true;
        if (!rows(field.value(), document)) return false;
      } else if (!beside(*key, field.value(), envelope)) {
        return wrong("a value beside the rows is malformed", document);
      }
    }
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS)
      return wrong("something follows the JSON object", document);
    // An error page is an object too. Taking it for an empty page would lose rows without a word.
    if (!found)
      return wrong("no member \"" + std::string{endpoint_.rows} + "\" in the answer", document);
    return true;
  }

 private:
  bool wrong(std::string what, od::document& document) {
    if (mistake.empty()) {
      mistake = std::move(what);
      if (document.current_location().get(mistake_at) != simdjson::SUCCESS) mistake_at = nullptr;
    }
    return false;
  }

  /// The JSON of a member's value as sent; nested ones are stepped over, not looked into.
  static std::optional<Text> json_of(od::value& value) {
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

  /// The key without escapes; as sent, if half of a surrogate pair stands alone in it: then it is
  /// no key of ours. Nothing if an escape is wrong.
  std::optional<Text> key_of(od::field& field) {
    const char* const raw = field.key().raw();
    const Text expected = hint_ < endpoint_.fields.size() ? endpoint_.fields[hint_].name : Text{};
    if (!expected.empty() && std::strncmp(raw, expected.data(), expected.size()) == 0 &&
        raw[expected.size()] == '"')
      return Text{raw, expected.size()};
    std::size_t n = 0;
    bool escaped = false;
    for (; raw[n] != '"'; ++n)  // the parser has seen the closing quote
      if (raw[n] == '\\') escaped = true, ++n;
    const Text sent{raw, n};
    if (!escaped) return sent;
    if (const auto key = unescape(sent, arena_.room(n))) return arena_.keep(*key);
    if (has_good_escapes(sent)) return sent;
    return std::nullopt;
  }

  bool beside(Text key, od::value value, Envelope& envelope) {
    const auto sent = json_of(value);
    if (!sent || !is_value(*sent, level_beside_rows)) return false;
    const Text token = *sent;
    if (key == paging_.page) {
      envelope.page = integer(token);
    } else if (key == paging_.pages) {
      envelope.pages = integer(token);
    } else if (key == paging_.total) {
      envelope.total = integer(token);
    } else if (key == paging_.more) {
      if (token == "true" || token == "false") envelope.more = token == "true";
    } else if (key == paging_.next && token.starts_with('"')) {
      char* const room = arena_.room(token.size());
      const auto next = unescape(token.substr(1, token.size() - 2), room);
      if (!next) return false;
      envelope.next = std::string{*next};
    }
    return true;
  }

  bool rows(od::value value, od::document& document) {
    od::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
      return wrong("\"" + std::string{endpoint_.rows} + "\" is not a list", document);
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

  bool row(od::object members, od::document& document) {
    const std::size_t width = endpoint_.fields.size();
    cells_.resize(cells_.size() + width);
    Cell* const cells = cells_.data() + cells_.size() - width;
    seen_.assign(width, false);
    hint_ = 0;
    for (auto member : members) {
      od::field field;
      if (std::move(member).get(field) != simdjson::SUCCESS) return malformed(document);
      const auto key = key_of(field);
      if (!key) return malformed(document);
      const std::size_t i = find(*key);
      if (i == Endpoint::npos) {
        od::value value = field.value();
        const auto sent = json_of(value);
        if (!sent || !is_value(*sent, level_in_row)) return malformed(document);
        Drift::note(drift_.unknown_fields, *key, sounds_secret(*key) ? Text{} : *sent);
        continue;
      }
      hint_ = i + 1;
      if (seen_[i]) Drift::note(drift_.repeated_fields, *key, {});
      seen_[i] = true;
      od::value value = field.value();
      if (wanted_.has(i) ? !cell(endpoint_.fields[i], value, cells[i]) : !unwanted(value))
        return malformed(document);
    }
    for (std::size_t i = 0; i < width; ++i)
      if (!seen_[i] && expected_[i])
        Drift::note(drift_.missing_fields, endpoint_.fields[i].name, {});
    return true;
  }

  bool malformed(od::document& document) {
    return wrong("row " + std::to_string(count_ + 1) + " is malformed", document);
  }

  /// The field of this key. Rows repeat their order, so the next one is nearly always it.
  std::size_t find(Text key) const {
    if (hint_ < endpoint_.fields.size() && endpoint_.fields[hint_].name == key) return hint_;
    const auto& table = endpoint_.key_table;
    const std::uint8_t i = table[key_hash(key, endpoint_.key_seed) % table.size()];
    return i < endpoint_.fields.size() && endpoint_.fields[i].name == key ? i : Endpoint::npos;
  }

  static bool unwanted(od::value& value) {
    const auto sent = json_of(value);
    return sent && is_value(*sent, level_in_row);
  }

  bool cell(const Field& field, od::value& value, Cell& out) {
    const Place place{nullptr, field.name};
    const auto sent = json_of(value);
    if (!sent) return false;
    if (sent->front() == '{' || sent->front() == '[') {
      const auto checked = check_nested(*sent, field, place, drift_);
      if (!checked) return false;
      const Text json = checked->text;
      out = Cell::of(checked->compact ? json : arena_.keep(compact(json, arena_.room(json.size()))),
                     Kind::json);
      return true;
    }
    if (!scalar(*sent, out)) return false;
    if (out.kind == Kind::json)
      Drift::note(drift_.broken_formats, field.name, field.secret ? Text{} : *sent);
    else
      check_value(field, out, place, *sent, drift_);
    return true;
  }

  bool scalar(Text sent, Cell& out) {
    if (sent.front() == '"') {
      const Text quoted = sent.substr(1, sent.size() - 2);
      if (sent.size() < 2 || sent.back() != '"') return false;
      if (quoted.find('\\') == Text::npos) {
        out = Cell::of(quoted);
      } else if (const auto text = unescape(quoted, arena_.room(quoted.size()))) {
        out = Cell::of(arena_.keep(*text));
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

  const Endpoint& endpoint_;
  const PagingFacts& paging_;
  const Selection& wanted_;
  Drift& drift_;
  std::vector<Cell>& cells_;
  Arena arena_;
  std::vector<bool> expected_, seen_;
  std::size_t hint_ = Endpoint::npos;
  std::size_t count_ = 0;
};

/// "row 2 is malformed: a colon is missing (byte 27 of 33)"
std::unexpected<Error> refusal(Text page, std::string what, const char* at) {
  std::size_t byte = page.size();
  if (const auto mistake = first_mistake(page); mistake && !trimmed(page).empty()) {
    what.append(": ").append(mistake->what);
    byte = mistake->byte;
  } else if (at != nullptr && at >= page.data() && at <= page.data() + page.size()) {
    byte = static_cast<std::size_t>(at - page.data());
  }
  what += " (byte " + std::to_string(byte) + " of " + std::to_string(page.size()) + ")";
  return fail(Code::bad_answer, std::move(what));
}

}  // namespace

struct PageDecoder::Parser {
  od::parser parser;
};

PageDecoder::PageDecoder() : parser_{std::make_unique<Parser>()} {}
PageDecoder::~PageDecoder() = default;
PageDecoder::PageDecoder(PageDecoder&&) noexcept = default;

Result<Page> PageDecoder::decode(const Endpoint& endpoint, const PagingFacts& paging, Body&& body,
                                 const Selection& wanted, const Selection& asked, Drift& drift) {
  static_assert(Body::padding >= simdjson::SIMDJSON_PADDING);
  Page page;
  page.body_ = std::move(body);
  page.width_ = endpoint.fields.size();
  const Text text = page.body_.text();
  const auto refuse = [&](std::string what, const char* at) {
    auto error = refusal(text, std::move(what), at);
    body = std::move(page.body_);
    return error;
  };
  if (trimmed(text).empty()) return refuse("the answer is empty", nullptr);
  od::document document;
  const auto error =
      parser_->parser.iterate(text.data(), text.size(), text.size() + Body::padding).get(document);
  if (error != simdjson::SUCCESS) return refuse("the answer is not JSON", nullptr);
  Decoding decoding{endpoint, paging, wanted, asked, drift, page.cells_, page.unescaped_};
  if (!decoding.page(document, page.envelope)) return refuse(decoding.mistake, decoding.mistake_at);
  return page;
}

}  // namespace callrail
