#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/key_hash.hpp>

#include <array>
#include <concepts>
#include <type_traits>

namespace callrail {

/// Specialised by every generated record and enum.
template <class T>
struct Reflect;

/// A generated struct whose members are all `Maybe<…>`, hence a row of cells.
template <class R>
concept Record = requires {
  Reflect<R>::fields;
  Reflect<R>::key_seed;
}
&&std::is_standard_layout_v<R> && sizeof(R) % sizeof(Cell) == 0;

template <Record R>
inline constexpr std::size_t field_count = Reflect<R>::fields.size();

/// Finds a field by its JSON key: one hash, one comparison. The generator searches for the seed;
/// that no two fields share a slot is proved here, while the header compiles.
template <Record R>
class KeyIndex {
  static_assert(field_count<R> * sizeof(Cell) == sizeof(R),
                "fields and members differ: regenerate");
  static_assert(field_count<R> < 255, "the key table holds one byte per slot");
  static constexpr std::size_t slots = key_slots(field_count<R>);

 public:
  static constexpr std::uint8_t none = 255;

  static constexpr std::array<std::uint8_t, slots> table = [] {
    std::array<std::uint8_t, slots> t{};
    t.fill(none);
    for (std::size_t i = 0; i < field_count<R>; ++i) {
      auto& slot = t[key_hash(Reflect<R>::fields[i].name, Reflect<R>::key_seed) % slots];
      if (slot != none) throw "two fields share a slot: regenerate to get a new seed";
      slot = static_cast<std::uint8_t>(i);
    }
    return t;
  }();

  static constexpr std::size_t npos = Endpoint::npos;
  static constexpr std::size_t find(Text key) {
    const std::uint8_t i = table[key_hash(key, Reflect<R>::key_seed) % slots];
    return i != none && Reflect<R>::fields[i].name == key ? i : npos;
  }
};

/// Index of a field named in the source; an unknown name does not compile.
template <Record R>
consteval std::size_t field_index(Text name) {
  const std::size_t i = KeyIndex<R>::find(name);
  if (i == KeyIndex<R>::npos) throw "the record has no field of this name";
  return i;
}

/// The value named by `text`, or `unknown`. Enums are small: a scan beats a table.
template <class E>
constexpr Open<E> parse_enum(Text text) {
  const auto& names = Reflect<E>::names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return {static_cast<E>(i + 1), text};
  return {E::unknown, text};
}

template <class E>
bool read(const Cell& cell, Open<E>& out) {
  if (cell.kind != Kind::text) return false;
  out = parse_enum<E>(cell.text());
  return true;
}

}  // namespace callrail
