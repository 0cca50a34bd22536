#pragma once

#include "arena.hpp"

#include <callrail/drift.hpp>

#include <string>

namespace callrail {

/// The members of a row that the schema does not know, gathered into one JSON object: spelled as
/// sent, without blanks, in their order. Whatever sounds like a credential is left out at any depth
/// and noted in `Drift::withheld`.
class ExtraMembers {
 public:
  /// `spelled`: the key as it was sent, between its quotes. `json` has been validated.
  void add(Text spelled, Text key, Text json, Drift&);
  /// The object of this row, or an absent cell; the next row begins empty.
  Cell take(Arena&);
  void clear() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace callrail
