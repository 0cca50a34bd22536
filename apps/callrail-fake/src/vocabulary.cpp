#include <callrail/fake/vocabulary.hpp>

namespace callrail::fake {
namespace vocabulary {
namespace {

constexpr Text first[] = {"Ada",   "Dana", "José",  "Pat",     "Kim",   "Zoë",    "Björn",
                          "Maria", "Sam",  "Aïcha", "Robin",   "Lee",   "Nguyễn", "Olga",
                          "Wei",   "Ines", "Omar",  "Siobhán", "Tariq", "Uma"};
constexpr Text last[] = {"Example", "Sample",        "O'Example",       "Ñandú",
                         "Testar",  "Doe",           "Mustermann",      "Rossi",
                         "Dupont",  "Éxample-Smith", "Van Der Example", "Sample, Jr."};
constexpr Text place[] = {"Atlanta", "Springfield",   "San José", "St. Example",   "New York",
                          "Denver",  "Coeur d'Alene", "Portland", "Winston-Salem", "Seattle"};
constexpr Text word[] = {"alpha", "bravo",  "implants", "plumbing", "roof",  "garden",
                         "north", "spring", "autumn",   "midtown",  "pool",  "desk",
                         "lead",  "search", "partner",  "signage",  "radio", "mailer"};
constexpr Text sentence[] = {
    "Asked for an appointment on Tuesday.",
    "Wants a.m., no Mondays",
    "Said: \\\"call me back, please\\\"\\nSecond line, with comma\\tand tab — ☎️",
    "Agent: Example Dental, this is Kim.\\nCaller: Hi — I \\\"need\\\" an appointment, please.",
    "Called twice; left a message. Price list sent to front.desk@example.com.",
    "Insurance: none. Budget ~ $1,250.00 (maybe more).",
    "¿Hablan español? Sí — pregunten por José.",
    "Wrong number.",
    "Follow up next week\\r\\nand bring the estimate.",
    "Number is 404-555-0123, best after 5 p.m.",
};
constexpr Text area[] = {"404", "770", "212", "213", "312", "415", "617", "720", "206", "305"};
constexpr Text zone[] = {"America/New_York", "America/Chicago",     "America/Denver",
                         "America/Phoenix",  "America/Los_Angeles", "America/Anchorage"};
constexpr Text odd[] = {
    "say \\\"hi\\\", then \\\"bye\\\"",
    "one,two;three|four",
    "line one\\r\\nline two",
    "line one\\nline two\\n",
    "old line end\\rhere",
    "tab\\there",
    "=1+2",
    "+SUM(A1)",
    "-2+3",
    "@at first",
    "trailing blanks   ",
    "  leading blanks",
    "",
    " ",
    "שלום עולם",
    "מחיר \\u200f100\\u200e USD",
    "\\u0001\\u0008\\u000b\\u001f\\u007f control",
    "Smith \\u0026 Sons \\u003cb\\u003e",
    "\\ud83e\\uddb7 by escape",
    "🦷 ☎️ 👩‍⚕️ 🇺🇸",
    "back\\\\slash \\/ slash",
    "\\u2028 line \\u2029 paragraph",
    "e\\u0301 and é",
    "null",
    "NULL",
    "true",
    "0012",
    "1e5",
    "9007199254740993",
    "2026-02-30",
    "''",
    "'; DROP TABLE rows; --",
    "{\\\"a\\\": [1, 2]}",
    "%s %d %n {0} ${HOME}",
    "\\ufeffbyte order mark",
};
constexpr Text odd_names[] = {
    "a.b[0]", "your-message", "ünïcode key", "with \\\"quotes\\\"", "tab\\tname", "", "電話",
    "UPPER",  "$ref",         "a,b"};

}  // namespace

std::span<const Text> first_names() { return first; }
std::span<const Text> last_names() { return last; }
std::span<const Text> places() { return place; }
std::span<const Text> words() { return word; }
std::span<const Text> sentences() { return sentence; }
std::span<const Text> area_codes() { return area; }
std::span<const Text> zones() { return zone; }
std::span<const Text> nasty() { return odd; }
std::span<const Text> nasty_names() { return odd_names; }

Text long_note() {
  static const std::string note = [] {
    std::string text;
    for (int i = 0; text.size() < 24 * 1024; ++i) {
      text += sentence[static_cast<std::size_t>(i) % std::size(sentence)];
      text += i % 7 == 0 ? "\\n\\n" : " ";
    }
    return text;
  }();
  return note;
}

}  // namespace vocabulary

std::string json_string(Text utf8) {
  static constexpr Text digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : utf8) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == '&' || c == '<' || c == '>') {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(c) >> 4];
          out += digits[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  return out += '"';
}

}  // namespace callrail::fake
