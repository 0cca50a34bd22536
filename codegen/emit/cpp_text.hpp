#pragma once

#include "../model/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Pieces of C++ text.
namespace callrail::codegen {

/// A name of the schema as a C++ identifier: keywords, and macros of the standard headers, get a
/// trailing `_`.
std::string cpp_name(std::string_view name);

/// The enumerators of an enum, in its order: words that are no identifiers become some, and no two
/// are the same, nor `unknown`.
std::vector<std::string> cpp_enumerators(const Enum&);

/// `"text"`, escaped.
std::string cpp_string(std::string_view text);

/// `cpp_string` as literals that stand below each other, each at most `width` wide, the last one
/// with `reserve` columns to spare.
std::vector<std::string> cpp_string_pieces(std::string_view text, std::size_t width,
                                           std::size_t reserve);

/// TagMark → tag_mark
std::string snake_case(std::string_view type_name);

/// `accept_number | accept_text`
std::string cpp_accepts(const Accepts&);

/// The enumerator of the runtime's `Type`: "enumeration".
std::string cpp_type_word(Base);

/// `Open<TagLevel>`: what a member of the type is a `Maybe` of.
std::string cpp_value_type(const FieldType&);

}  // namespace callrail::codegen
