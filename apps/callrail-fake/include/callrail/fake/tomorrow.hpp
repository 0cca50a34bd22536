#pragma once

#include <callrail/fake/world_row.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace callrail::fake {

/// An endpoint as the API may send it tomorrow: two new fields, one with a few words and one that
/// is an object, one field gone, an enum with a word more, an id that is text instead of a number
/// or the other way round, and a field of another type. Which fields, its facts decide: the first
/// that will do. Only what is sent changes; filters and sorting know the rows as they were.
struct Tomorrow {
  explicit Tomorrow(const EndpointPlan&);

  std::size_t gone = Endpoint::npos;  ///< npos: the endpoint has no such field
  std::size_t other_word = Endpoint::npos;
  std::size_t other_id = Endpoint::npos;
  std::size_t other_type = Endpoint::npos;
  std::string new_text, new_object;  ///< names of the new fields

  static constexpr Text word = "on_hold";

  /// Changes the value that stands in `out` from `begin` on.
  void respell(std::string& out, std::size_t begin, std::size_t field, const Row&) const;
  /// Appends `"name":value` of both new fields.
  void append_new(std::string& out, const Row&) const;
};

}  // namespace callrail::fake
