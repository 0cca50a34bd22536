#include "cpp_text.hpp"

#include "text_block.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace callrail::codegen {
namespace {

const std::set<std::string, std::less<>> reserved{
    // keywords and alternative operators
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "char8_t", "char16_t", "char32_t", "class", "co_await", "co_return",
    "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
    "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
    "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
    "requires", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
    "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
    "while", "xor", "xor_eq",
    // macros that standard headers may define
    "assert", "errno", "linux", "major", "minor", "stderr", "stdin", "stdout", "unix", "BUFSIZ",
    "EDOM", "EILSEQ", "EOF", "ERANGE", "HUGE_VAL", "I", "INFINITY", "NAN", "NDEBUG", "NULL",
    "RAND_MAX", "SEEK_CUR", "SEEK_END", "SEEK_SET", "SIGABRT", "SIGFPE", "SIGILL", "SIGINT",
    "SIGSEGV", "SIGTERM", "TMP_MAX"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The escape of one byte inside a literal. `before` is the byte in front of it.
std::string escaped(char c, char before) {
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\t': return "\\t";
    case '\r': return "\\r";
    case '?': return before == '?' ? "\\?" : "?";  // no trigraphs
    default: break;
  }
  if (byte >= 0x20 && byte != 0x7F) return {c};
  // Three octal digits end by themselves; a hexadecimal escape would take the digits behind it.
  return {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + (byte >> 3 & 7)),
          static_cast<char>('0' + (byte & 7))};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) out += escaped(text[i], i == 0 ? ' ' : text[i - 1]);
  return out;
}

}  // namespace

std::string cpp_name(std::string_view name) {
  return std::string{name} + (reserved.contains(name) ? "_" : "");
}

std::vector<std::string> cpp_enumerators(const Enum& e) {
  std::vector<std::string> out{"unknown"};
  for (const auto& value : e.values) {
    std::string name;
    for (const char c : value.text) {
      const bool good = is_letter(c) || is_digit(c);
      if (good || !name.ends_with('_')) name += good ? c : '_';
    }
    if (name.empty()) name = "empty";
    if (is_digit(name.front())) name.insert(0, "_");
    name = cpp_name(name);
    while (std::find(out.begin(), out.end(), name) != out.end()) name += '_';
    out.push_back(std::move(name));
  }
  out.erase(out.begin());
  return out;
}

std::string cpp_string(std::string_view text) { return "\"" + escaped(text) + "\""; }

std::vector<std::string> cpp_string_pieces(std::string_view text, std::size_t width,
                                           std::size_t reserve) {
  std::vector<std::string> pieces;
  std::string piece;
  const auto fits = [&](std::string_view more, std::size_t spare) {
    return width_of(piece) + width_of(escaped(more)) + 2 + spare <= width;
  };
  while (!text.empty()) {
    const auto cut = text.find_first_of(" ,");
    auto word = text.substr(0, cut == std::string_view::npos ? cut : cut + 1);
    if (width_of(escaped(word)) + 2 > width)  // an address: cut it at its last slash that fits
      if (const auto slash = word.substr(0, width - 8).rfind('/'); slash != std::string_view::npos)
        word = word.substr(0, slash + 1);
    const bool last = word.size() == text.size();
    if (!piece.empty() && !fits(word, last ? reserve : 0)) {
      pieces.push_back("\"" + piece + "\"");
      piece.clear();
    }
    piece += escaped(word);
    text.remove_prefix(word.size());
  }
  pieces.push_back("\"" + piece + "\"");
  return pieces;
}

std::string snake_case(std::string_view type_name) {
  std::string out;
  for (const char c : type_name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !out.empty()) out += '_';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return cpp_name(out);
}

std::string cpp_accepts(const Accepts& accepts) {
  if (accepts == Accepts::any()) return "accept_any";
  std::string out;
  const std::pair<bool, const char*> bits[] = {
      {accepts.null, "null"}, {accepts.boolean, "boolean"}, {accepts.number, "number"},
      {accepts.text, "text"}, {accepts.object, "object"},   {accepts.array, "array"}};
  for (const auto& [set, word] : bits)
    if (set) out += (out.empty() ? "accept_" : " | accept_") + std::string{word};
  return out;
}

std::string cpp_type_word(Base base) {
  switch (base) {
    case Base::id: return "id";
    case Base::text: return "text";
    case Base::integer: return "integer";
    case Base::number: return "number";
    case Base::boolean: return "boolean";
    case Base::timestamp: return "timestamp";
    case Base::enumeration: return "enumeration";
    case Base::object: return "object";
    case Base::map: return "map";
    case Base::list: return "list";
    case Base::any:
    case Base::null: return "any";
  }
  return {};
}

std::string cpp_value_type(const FieldType& type) {
  bool composite = false, scalar = false;
  for (const auto& a : type.alternatives) {
    if (a.base == Base::any) return "Any";
    if (a.base == Base::null) continue;
    const bool is_composite = a.base == Base::object || a.base == Base::map || a.base == Base::list;
    (is_composite ? composite : scalar) = true;
  }
  if (composite) return scalar ? "Any" : "Json";
  switch (type.main().base) {
    case Base::id: return "Id";
    case Base::integer: return "std::int64_t";
    case Base::number: return "double";
    case Base::boolean: return "bool";
    case Base::timestamp: return "Timestamp";
    case Base::enumeration: return "Open<" + type.main().name + ">";
    default: return "Text";
  }
}

}  // namespace callrail::codegen
