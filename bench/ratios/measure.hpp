#pragma once

#include <contenders/judge.hpp>
#include <optional>

namespace callrail::bench {

/// One contender's best time over all pages, and how it stands to others: 2.5 means that the other
/// one takes 2.5 times as long.
struct Measured {
  std::string name;
  double seconds = 0;
  std::optional<double> touch;     ///< touch/all/simdjson
  std::optional<double> stage1;    ///< stage1/all/simdjson
  std::optional<double> general;   ///< the general path, same task
  std::optional<double> simdjson;  ///< the fastest pipeline on simdjson, same task
};

/// Every contender reads all pages once a round, one after the other, so that a busy neighbour
/// slows all of them; the smallest time of each counts, in seconds of the processor. Everybody's
/// answer is checked first.
Result<std::vector<Measured>> measure(const std::vector<Entry>& chosen, Judge&, int rounds);

std::string to_table(const std::vector<Measured>&, const Pages&);
std::string to_json(const std::vector<Measured>&, const Pages&, Variant, int rounds);

}  // namespace callrail::bench
