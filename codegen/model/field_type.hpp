#pragma once

#include "mistakes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

enum class Base {
  id,
  text,
  integer,
  number,
  boolean,
  timestamp,
  map,
  any,
  null,
  enumeration,
  object,
  list,
};

/// One alternative of a type: `integer`, `enum Name`, `object Name`, `list<…>`.
struct Alternative {
  Base base = Base::any;
  std::string name{};                ///< of the enum or the shape
  std::vector<Alternative> items{};  ///< of a list
};

/// The JSON kinds a type admits, in the order of the runtime's `Accept`.
struct Accepts {
  bool null = false, boolean = false, number = false, text = false, object = false, array = false;
  static Accepts any() { return {true, true, true, true, true, true}; }
  friend bool operator==(const Accepts&, const Accepts&) = default;
};

/// `integer or text or null`, parsed.
struct FieldType {
  std::string text;  ///< as written
  Place place;
  std::vector<Alternative> alternatives;
  bool understood = true;  ///< else it has been reported, and checks of its meaning are noise

  /// The first alternative that is not null: it gives the type its character.
  const Alternative& main() const;
  const Alternative* find(Base) const;
  bool nullable() const { return accepts().null; }
  Accepts accepts() const;
  Accepts item_accepts() const;    ///< any without a list
  std::string enum_name() const;   ///< of an alternative or of a list's items; empty: none
  std::string shape_name() const;  ///< same
};

Accepts accepts_of(const std::vector<Alternative>&);

/// Reads the notation of types. What is wrong goes to `mistakes`; names are checked later, when all
/// enums and shapes are known.
FieldType parse_type(std::string_view text, Place, std::string_view where, Mistakes&);

}  // namespace callrail::codegen
