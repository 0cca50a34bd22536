#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/table.hpp>
#include <callrail/types.hpp>

#include <cstdint>
#include <optional>

namespace callrail {

/// What a column of a Parquet file holds.
enum class ParquetType : std::uint8_t {
  text,
  integer,  ///< 64 bits
  decimal,  ///< 38 digits, 18 of them behind the point
  boolean,
  instant,  ///< microseconds since 1970 in UTC
  json,     ///< text: objects, lists, and what may come in several shapes
};

/// By the first type the schema names; JSON where objects or lists may come.
ParquetType parquet_type(const Column&);

__extension__ using Int128 = __int128;
inline constexpr int decimal_digits = 38, decimal_places = 18;

/// Units of 10^-18. Nothing: it is no number, or has more digits than there is room for.
std::optional<Int128> decimal_of(Text number);

/// Nothing: it is no integer, too large, or text that is spelled otherwise than the number would
/// be, as "007".
std::optional<std::int64_t> integer_of(const Cell&);

/// Nothing: it is no instant, or finer than a microsecond.
std::optional<std::int64_t> microseconds_of(const Cell&);

}  // namespace callrail
