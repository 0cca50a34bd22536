#include "json_text.hpp"

#include "speller.hpp"

namespace callrail {

void append_json_escape(unsigned code, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789abcdef"[code >> shift & 15U];
}

void append_json_string(Text text, std::string& out) {
  append_within(out, json_string_room(text.size()),
                [&](char* begin) { return best_speller().json_string(text, begin); });
}

}  // namespace callrail
