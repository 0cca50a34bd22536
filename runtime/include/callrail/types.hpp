#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace callrail {

/// Text borrowed from the page it arrived in. Copy it to keep it longer than the page.
using Text = std::string_view;

/// What stood in the JSON. Absent and null are two different answers of the API and stay apart
/// down to the file.
enum class Kind : std::uint8_t {
  absent,   ///< The member was not sent.
  null,     ///< `null`
  boolean,  ///< `true` or `false`, as that text
  number,   ///< The digits as sent: 9007199254740993 and 1250.00 keep their spelling.
  text,     ///< A string, unescaped.
  json,     ///< An object or array, as compact JSON.
};

/// One value of one row, 16 bytes, whatever its type. A record is a row of these, so decoders and
/// sinks need one loop instead of one function per field.
struct Cell {
  const char* data = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::absent;

  static constexpr Cell null() { return {nullptr, 0, Kind::null}; }
  static constexpr Cell of(Text text, Kind kind = Kind::text) {
    return {text.data(), static_cast<std::uint32_t>(text.size()), kind};
  }

  constexpr Text text() const { return {data, size}; }
  constexpr bool is_absent() const { return kind == Kind::absent; }
  constexpr bool is_null() const { return kind == Kind::null; }
  constexpr bool has_value() const { return kind > Kind::null; }

  friend constexpr bool operator==(const Cell& a, const Cell& b) {
    return a.kind == b.kind && a.text() == b.text();
  }
};
static_assert(sizeof(Cell) == 16);

/// An identifier as sent: a number in one account, "COM8154…" in another.
struct Id {
  Text text;
  friend constexpr bool operator==(Id, Id) = default;
};

/// An object or array as compact JSON.
struct Json {
  Text text;
  friend constexpr bool operator==(Json, Json) = default;
};

/// A value the API sends in several shapes; `kind` tells which one this is.
struct Any {
  Text text;
  Kind kind = Kind::absent;
  friend constexpr bool operator==(Any, Any) = default;
};

/// An instant, with the spelling it arrived in. The API uses half a dozen spellings.
struct Timestamp {
  std::chrono::sys_time<std::chrono::milliseconds> utc{};
  std::chrono::minutes offset{};  ///< of the zone it was written in
  Text text;
  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

/// An enum the API may extend at any time: `value` is `unknown` for a word the schema does not
/// list, and `text` still has that word.
template <class E>
struct Open {
  E value{};
  Text text;
  friend constexpr bool operator==(const Open& a, E b) { return a.value == b; }
  friend constexpr bool operator==(const Open&, const Open&) = default;
};

/// Each reads a cell as its type, or says that the cell holds something else. `integer or text`
/// fields also arrive as "61", so the number readers take digits in quotes too.
bool read(const Cell&, Text&);
bool read(const Cell&, Id&);
bool read(const Cell&, Json&);
bool read(const Cell&, Any&);
bool read(const Cell&, bool&);
bool read(const Cell&, std::int64_t&);
bool read(const Cell&, double&);
bool read(const Cell&, Timestamp&);
template <class E>
bool read(const Cell& cell, Open<E>& out);  // reflect.hpp

/// A field of a record: its value, or null, or absent, or something the schema did not foresee.
template <class T>
struct Maybe : Cell {
  /// The value; nothing if it is null, absent, or of an unforeseen type.
  std::optional<T> value() const {
    T out{};
    if (read(static_cast<const Cell&>(*this), out)) return out;
    return std::nullopt;
  }
  explicit operator bool() const { return value().has_value(); }
  T operator*() const { return *value(); }
  T value_or(T other) const { return value().value_or(other); }
  /// Not null, not absent, and still not a `T`: `text()` has what came instead.
  bool is_surprise() const { return has_value() && !value(); }
};

}  // namespace callrail
