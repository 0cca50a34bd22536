#pragma once

#include "compare/compare.hpp"
#include "draft.hpp"

#include <optional>
#include <set>
#include <string>

namespace callrail::test {

/// What has happened between two drafts, and what it is known to mean.
struct Mutation {
  std::string what;   ///< the rule, for messages and counts
  std::string where;  ///< as the comparison has to name it
  std::optional<codegen::Verdict> source{}, columns{}, requests{};
  bool spoken = false;  ///< a person's word made `migrate` of what breaks
  bool unseen = false;  ///< of the meaning of values: no reader of old ones notices
};

/// The two versions, and what has been changed of them, so that no thing changes twice.
struct Evolution {
  Draft old, now;
  std::set<std::string> touched{};
};

/// One random change; nothing: there was no place for the one that was drawn.
std::optional<Mutation> mutate(Evolution&, fake::Dice&);

}  // namespace callrail::test
