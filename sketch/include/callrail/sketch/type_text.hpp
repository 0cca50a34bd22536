#pragma once

#include <callrail/sketch/sketch.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What a sketch says about the type of the values.
namespace callrail::sketch {

/// What the notation wants a name for; the sketch knows none.
struct TypeNames {
  std::string shape = {};        ///< empty: `map` where objects look like one, else `object …`
  bool map = false;              ///< objects are maps
  std::string enumeration = {};  ///< empty: words are text
  bool id = false;               ///< texts and integers are one `id`
};

/// The type in the notation of schema/README.md: `integer or text or null`, `list<object …>`. The
/// alternatives stand by how often they came; `null` alone if nothing else was seen, and empty for
/// a sketch that saw nothing.
std::string type_text(const Sketch&, const TypeNames& = {});

/// The format all texts have (those of a list's elements, if they are lists), if one has any.
/// `name` decides where texts alone do not: `US` is a country below `customer_country` only.
std::optional<Format> format_of(const Sketch&, std::string_view name);

/// Few words in the spelling of a program, each seen again and again, and nothing else.
bool enum_candidate(const Sketch&);

/// The names of the members are data: ids, dotted names, other ones in each object.
bool looks_like_map(const Sketch&);

/// Every text is an instant.
bool all_instants(const Sketch&);

}  // namespace callrail::sketch
