// What an error answer says, and what is shown of it. Bytes 0 and 1 say how long it may be.
#include "fuzz.hpp"

#include <callrail/error_message.hpp>
#include <callrail/redact.hpp>

using namespace callrail;
using fuzz::require;

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> bodies = files("tests/data/errors", ".json");
  for (const std::string text : {"<html><head><title>502 Bad Gateway</title></head></html>",
                                 "<script>alert(1)</script>text",
                                 "<title>",
                                 "<!-- --><b>x",
                                 "plain text",
                                 "{\"error\":\"\\u001b[2J\\u202e\"}",
                                 "{\"errors\":{\"a\":[\"b\",{\"c\":\"d\"}]}}",
                                 "{\"errors\":[[[[[[[[[[\"deep\"]]]]]]]]]]}",
                                 "\xef\xbb\xbf{\"error\":\"bom\"}",
                                 "{\"message\":null,\"detail\":1e999}",
                                 "&lt;b&gt;&amp;nbsp;&#39;",
                                 "<STYLE>x</STYLE ><p>y",
                                 "\x1b]0;x\x07",
                                 "\xe2\x80",
                                 "\u2028\u2029\u0085",
                                 "<title>\xff\xfe</title>",
                                 "{\"error\":\"unfinished",
                                 "<",
                                 "</title><title>",
                                 "<title></title>rest"})
    bodies.push_back(text);
  std::vector<std::string> out;
  for (const std::string& body : bodies)
    for (const char most : {'\xc8', '\4', '\0'}) out.push_back(std::string{'\0', most} + body);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const auto most = static_cast<std::size_t>(in.number(2) % 4097);
  for (const std::string& line : {error_message(in.rest(), most), one_line(in.rest(), most)}) {
    require(line.size() <= most, "a message is not longer than it may be", line);
    require(fuzz::is_harmless_line(line), "a message is one harmless line", line);
    require(one_line(line, most) == line, "a clean line stays as it is", line);
    require(escape_controls(line) == line, "and has nothing to escape", line);
  }
  require(fuzz::is_harmless_line(escape_controls(in.rest())),
          "an escaped text is one harmless line");
  return 0;
}
