#pragma once

#include "../model/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a change of the schema means for whoever relies on it. docs/schema-changes.md has the
/// rules.
namespace callrail::codegen {

enum class Verdict : std::uint8_t {
  ok,       ///< nobody has to do anything
  migrate,  ///< somebody has to, once; and it is what a person wanted, or follows from that
  breaks,   ///< what worked before does not, and nobody has said that this is meant
};

/// A difference between two schemas, and what it is for each of those it concerns; nothing: it does
/// not concern them.
struct Change {
  std::string where;                  ///< "calls.duration", "TagMark.color", "api.limits"
  std::vector<std::string> in{};      ///< where the objects of a shape are: "calls.tags[]"
  std::string what;                   ///< one sentence, without a full stop
  std::optional<Verdict> source{};    ///< programs that include the generated headers
  std::optional<Verdict> columns{};   ///< files, tables and whoever reads them
  std::optional<Verdict> requests{};  ///< what the API is asked, and by which names
  Place place{};
  bool in_old = false;  ///< `place` is in the old file: the thing is gone

  /// The worst of the three.
  Verdict verdict() const;
  /// Words for people who read the schema, such as an example.
  bool aside() const { return !source && !columns && !requests; }
};

/// Everything that is different, in the order of the schema; what is gone comes last in its list.
std::vector<Change> compare(const Schema& old, const Schema& now);

Verdict worst(const std::vector<Change>&);
const char* to_text(Verdict);

}  // namespace callrail::codegen
