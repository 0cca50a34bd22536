#pragma once

#include "rows_in_tests.hpp"

#include <cstdint>
#include <random>
#include <string>

namespace callrail::test {

/// Text made to break writers and readers; the same for the same seed.
class NastyText {
 public:
  explicit NastyText(std::uint64_t seed, bool with_nul = true) : random_{seed}, nul_{with_nul} {}

  std::uint64_t number() { return random_(); }

  std::string text() {
    static const std::string pieces[] = {",",          "\"",
                                         "\"\"",       "\r",
                                         "\n",         "\r\n",
                                         "\t",         " ",
                                         "'",          ";",
                                         "\\",         "\\n",
                                         "\\\"",       "=",
                                         "+",          "-",
                                         "@",          "&",
                                         "&amp;",      "<",
                                         ">",          "]]>",
                                         "<![CDATA[",  "</row>",
                                         "{",          "}",
                                         "[",          "]",
                                         "null",       "a",
                                         "Zoë",        "日本",
                                         "🎉",          "\x01",
                                         "\x08",       "\x0b",
                                         "\x0c",       "\x1b[2J",
                                         "\x1f",       "\x7f",
                                         "\u0085",     "\u2028",
                                         "\u2029",     "\ufeff",
                                         "\ufffd",     "\ufffe",
                                         "\uffff",     "\uf000",
                                         "\U0010ffff", "+15550100123",
                                         "0",          std::string(1, '\0')};
    constexpr std::size_t all = std::size(pieces);
    std::string out;
    for (std::uint64_t n = random_() % (random_() % 50 == 0 ? 4000 : 8); n > 0; --n)
      out += pieces[random_() % (nul_ ? all : all - 1)];
    return out;
  }

 private:
  std::mt19937_64 random_;
  bool nul_;
};

/// A cell of any kind. `quote` spells text as JSON.
template <class Quote>
Cell nasty_cell(NastyText& nasty, OwnedRows& rows, Quote quote) {
  switch (nasty.number() % 10) {
    case 0: return absent();
    case 1: return null();
    case 2: return boolean(nasty.number() % 2 == 0 ? "true" : "false");
    case 3: return number(rows.keep(std::to_string(nasty.number())));
    case 4: return number("-1250.00");
    case 5:
      return json(
          rows.keep("{" + quote(nasty.text()) + ":[" + quote(nasty.text()) + ",1.50,null]}"));
    default: return text(rows.keep(nasty.text()));
  }
}

}  // namespace callrail::test
