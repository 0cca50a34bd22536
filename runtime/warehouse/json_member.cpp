#include "json_member.hpp"

#include <callrail/unescape.hpp>

namespace callrail {

Cell cell_from_json(Text value, ByteStore& store) {
  switch (value.empty() ? '\0' : value.front()) {
    case '"': {
      const Text inner = value.substr(1, value.size() - 2);
      if (inner.find('\\') == Text::npos) return Cell::of(inner);
      const auto text = unescape(inner, store.room(inner.size()));
      if (!text) return Cell::of(value, Kind::json);  // it has no UTF-8 form
      store.use(text->size());
      return Cell::of(*text);
    }
    case '{':
    case '[': return Cell::of(value, Kind::json);
    case 'n': return Cell::null();
    case 't':
    case 'f': return Cell::of(value, Kind::boolean);
    default: return Cell::of(value, Kind::number);
  }
}

Text compact_json(Text json, ByteStore& store) {
  char* const out = store.room(json.size());
  char* at = out;
  bool in_text = false, escaped = false;
  for (const char c : json) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (in_text || !is_blank) *at++ = c;
    if (c == '"' && !escaped) in_text = !in_text;
    escaped = in_text && c == '\\' && !escaped;
  }
  const auto size = static_cast<std::size_t>(at - out);
  store.use(size);
  return {out, size};
}

Cell member_of(const Cell& object, Text name, ByteStore& store) {
  if (object.kind != Kind::json) return {};
  JsonScan scan{object.text()};
  if (!scan.take('{') || scan.sees('}')) return {};
  do {
    const auto key = scan.string();
    if (!key || !scan.take(':')) return {};
    const auto value = scan.value();
    if (!value) return {};
    // Names of the schema need no escape; a key that has one is another's.
    if (key->substr(1, key->size() - 2) == name) return cell_from_json(*value, store);
  } while (scan.take(','));
  return {};
}

}  // namespace callrail
