#pragma once

#include "side.hpp"

#include <string>
#include <vector>

namespace callrail::bench {

/// Seconds of the processor: this thread's, and those of the server's process for the connection.
/// `wall`: by the clock.
struct Cost {
  double processor = 0, wall = 0;
};

/// One work, done by the warehouse and by hand; the best of all rounds.
struct Compared {
  std::string name;  ///< "sqlite/new"
  std::size_t rows = 0, bytes = 0;
  Cost ours, by_hand;
  std::uint64_t answer = 0;  ///< a hash of what was there afterwards, or of what was answered
  /// How many times as long it takes by hand: 0.8 says that ours needs a quarter more.
  double times() const { return by_hand.processor / ours.processor; }
};

/// Rows that are new, unchanged (the same ones once more) and updated (a note and a tag), then
/// questions to the view. In each round both do all of it, one work after the other, in databases
/// of their own, which have to hold the same when they are done: else it is an error.
Result<std::vector<Compared>> compare(const Calls&, Place& ours, Place& by_hand, int rounds);

/// One of these works once, behind what has to be there before it; by the warehouse or by hand. An
/// error if the answer is another.
Result<Cost> once(const Calls&, Place&, bool is_ours, const std::vector<Compared>& all,
                  std::size_t work);

}  // namespace callrail::bench
