// Secrets in any surroundings: no piece of them survives. Byte 0 chooses how the secret stands
// there.
#include "fuzz.hpp"

#include <callrail/bad_pages.hpp>
#include <callrail/redact.hpp>

using namespace callrail;
using fuzz::require;

namespace {

const std::string key = "zqkx7f0e1d2c3b4a5canary6978w9vjh";
constexpr std::string_view secret = "S3cret~of#the+data";

/// As a string of JSON, without its quotes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += "\\u00" + std::string{"0123456789abcdef"[static_cast<unsigned char>(c) >> 4],
                                   "0123456789abcdef"[c & 15]};
    else
      out += c;
  }
  return out;
}

void check_key(std::string_view text, std::string_view promise) {
  for (const std::string_view piece : {std::string_view{key}, std::string_view{key}.substr(0, 5),
                                       std::string_view{key}.substr(key.size() - 5)})
    require(text.find(piece) == std::string_view::npos, promise, text);
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text : {"",
                                 "plain",
                                 "+14045550110",
                                 "a@example.com",
                                 "token",
                                 "\"",
                                 "\\",
                                 "\\\"",
                                 "{\"a\":",
                                 "https://x:y@z/?key=",
                                 "Authorization: ",
                                 "password=",
                                 "é",
                                 "\xff",
                                 "[key]",
                                 "zqkx",
                                 "9vjh",
                                 "\n",
                                 "{\"signing_key\":\"",
                                 "2026-03-10T12:00:00Z"})
    for (char kind = 0; kind < 10; ++kind)
      out.push_back(std::string{kind, static_cast<char>(text.size())} + text +
                    static_cast<char>(text.size()) + text + text);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const std::uint8_t kind = in.byte();
  const std::string before{in.text(120)}, after{in.text(120)}, rest{in.rest()};
  const Redaction redaction{
      .key = key, .secret_names = {"signing_key", "config"}, .mask_people = (kind & 64) != 0};

  // The key, whole and in pieces, anywhere.
  for (const std::string& piece : {key, key.substr(0, 5), key.substr(0, 9),
                                   key.substr(key.size() - 5), key.substr(8, 12), key + key}) {
    const std::string text = before + piece + after + rest;
    check_key(redact(text, redaction), "no piece of the key survives");
    const std::string masked = mask_page(text, redaction);
    require(masked.size() == text.size(), "a masked page keeps its bytes in place", masked);
    check_key(masked, "no piece of the key survives in a page");
  }

  // A fuzzer learns the secret soon, and writes it where nobody could know it for one.
  if ((before + after + rest).find(secret) != std::string::npos) return 0;

  // The value of a secret member, between others that hold anything.
  std::string value = '"' + std::string{secret} + '"';
  if (kind % 3 == 1) value = "[" + value + ",{\"x\":" + value + "}]";
  if (kind % 3 == 2)
    value = "{\"any\":" + value + ",\"" + escaped(after) + "\":null,\"more\":{\"deep\":[" + value +
            "]}}";
  std::string page = "{\"a\":\"" + escaped(before) + "\",\"" + escaped(after) +
                     "\":1, \"signing_key\" : " + value + ",\"b\":\"" + escaped(rest) + "\"}";
  std::string masked = mask_page(page, redaction);
  require(masked.size() == page.size() && masked.find(secret) == std::string::npos,
          "no secret survives in a page", masked);
  if (kind % 3 == 0) {
    require(redact(page, redaction).find(secret) == std::string::npos,
            "no secret survives in a message", redact(page, redaction));
    // As text inside a string.
    page = "{\"body\":\"" +
           escaped("{\"x\":1,\"signing_key\":\"" + std::string{secret} + "\",\"y\":2}") + "\"}";
    require(redact(page, redaction).find(secret) == std::string::npos,
            "no secret survives in quoted JSON", redact(page, redaction));
    masked = mask_page(page, redaction);
    require(masked.size() == page.size() && masked.find(secret) == std::string::npos,
            "no secret survives in a page with quoted JSON", masked);
  }
  // Cut anywhere behind the value's beginning.
  page = "{\"a\":\"" + escaped(before) + "\",\"signing_key\":\"" + std::string{secret};
  require(mask_page(page, redaction).find(secret) == std::string::npos,
          "no secret survives in a page that breaks off", page);
  return 0;
}
