# The script of Embed.cmake: FILE as bytes in OUT. Numbers rather than a literal: compilers may refuse long ones, and nothing in
# the text can end an array. Each line of the text is one here.
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}")
file(WRITE ${OUT}
"#include <${HEADER}>

namespace {
constexpr char text[] = {
${bytes}};
}  // namespace

std::string_view ${FUNCTION}() { return {text, sizeof text}; }
")
