// The pieces of the decoder, against another reader of JSON. Byte 0 chooses the field a nested
// value is compared with.
#include "first_mistake.hpp"
#include "fuzz.hpp"
#include "value_check.hpp"

#include <callrail/api.hpp>
#include <callrail/unescape.hpp>

#include <nlohmann/json.hpp>

using namespace callrail;
using fuzz::require;

namespace {

using nlohmann::json;

/// The other reader takes a NUL for the end, a byte order mark for nothing, and refuses numbers no
/// double can hold and half a surrogate pair.
bool differs(Text text) {
  return text.find('\0') != Text::npos || text.find("\\u") != Text::npos ||
         text.find_first_of("eE") != Text::npos || text.starts_with("\xef\xbb\xbf");
}

const Field& field_of(std::uint8_t choice) {
  static const std::vector<const Field*> nested = [] {
    std::vector<const Field*> found;
    for (const Endpoint* endpoint : api::description().endpoints)
      for (const Field& field : endpoint->fields)
        if ((field.accepts & (accept_object | accept_array)) != 0) found.push_back(&field);
    return found;
  }();
  return *nested[choice % nested.size()];
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text : {"[]",
                                 "{}",
                                 "null",
                                 "true",
                                 "false",
                                 "\"\"",
                                 "0",
                                 "-0.5e+10",
                                 "[1,\"a\",{\"b\":[true,null]}]",
                                 "{\"a\":1,\"a\":{\"b\":{}}}",
                                 "\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\"",
                                 "\"\\ud83d\"",
                                 "[1,]",
                                 "{\"a\" 1}",
                                 "[1 2]",
                                 " [ 1 , 2 ] ",
                                 "01",
                                 "1.",
                                 "\"\x01\"",
                                 "\"é日🎉\"",
                                 "\"\xc0\x80\"",
                                 "\"\xed\xa0\x80\"",
                                 "[[[[[[[[]]]]]]]]",
                                 "{\"\":\"\"}",
                                 "\"\\\\\\\"\"",
                                 "[1]]",
                                 "1e999",
                                 "{\"name\":\"Ada\",\"status\":\"x\"} , "})
    for (const char choice : {'\0', '\3', '\7'}) out.push_back(choice + text);
  out.push_back('\1' + std::string(64, '[') + std::string(64, ']'));
  out.push_back('\1' + std::string(65, '[') + std::string(65, ']'));
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const Field& field = field_of(in.byte());
  const Text text = in.rest();

  const auto mistake = first_mistake(text);
  if (mistake)
    require(mistake->byte <= text.size() && !mistake->what.empty(), "a mistake has a place");
  const bool too_deep = mistake && mistake->what.find("deep") != Text::npos;
  if (!differs(text) && !too_deep)
    require(json::accept(text) == !mistake, "both readers agree", text);
  if (json::accept(text) && text.find('\0') == Text::npos && !text.starts_with("\xef\xbb\xbf") &&
      !too_deep)
    require(!mistake, "what the other reader takes, we take", text);

  std::string room(text.size(), '\0');
  if (const auto plain = unescape(text, room.data())) {
    require(plain->size() <= text.size(), "an escape is no shorter than what it stands for");
    require(has_good_escapes(text), "only good escapes are replaced", text);
    if (fuzz::as_utf8(text) == text)
      require(fuzz::as_utf8(*plain) == *plain, "what escapes stand for is UTF-8", text);
  }
  const std::size_t digits = number_length(text);
  require(digits <= text.size() && (digits == 0 || !first_mistake(text.substr(0, digits))),
          "a number is JSON", text);

  // As in the decoder, stage one has seen the page: strings are closed, UTF-8 and without control
  // characters.
  if (mistake && mistake->what != "something follows the JSON") return 0;
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return 0;
  Drift drift;
  const auto seen = check_nested(text, field, Place{nullptr, field.name}, drift);
  if (!seen) {
    require(first_mistake("[[[" + std::string{text} + "]]]").has_value(),
            "a value is refused for a reason", text);
    return 0;
  }
  require(!first_mistake(seen->text), "a nested value is JSON", seen->text);
  std::string smaller(seen->text.size(), '\0');
  const Text made = compact(seen->text, smaller.data());
  require(!first_mistake(made), "without its blanks it still is", made);
  require(!seen->compact || made == seen->text, "compact text has no blanks", made);
  if (!differs(text))
    require(json::parse(made) == json::parse(seen->text), "blanks mean nothing", made);
  Drift again;
  const auto compacted = check_nested(made, field, Place{nullptr, field.name}, again);
  require(compacted && compacted->compact && compacted->text == made, "compact text stays as it is",
          made);
  require(again.unknown_fields.size() == drift.unknown_fields.size() &&
              again.changed_types.size() == drift.changed_types.size(),
          "blanks are no drift", made);
  return 0;
}
