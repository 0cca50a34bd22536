#pragma once

#include <callrail/fake/marks.hpp>
#include <callrail/fake/world.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace callrail::fake {

/// Which rows of an endpoint a request is after.
struct Wanted {
  const EndpointPlan* plan = nullptr;
  std::uint32_t account = 0;
  Pairs filters;  ///< name and value; those the fake cannot apply are ignored, as the API does
  std::optional<Instant> from, to;
  std::size_t order_by = Endpoint::npos;  ///< a field; none: by instant
  bool newest_first = false;              ///< or the largest first
  std::optional<Row> parent;              ///< of lists below rows: which one
};

/// The longest list that is sorted by anything but its instants.
inline constexpr std::uint64_t most_sorted = 20'000;

/// Answers "how many" and "which on this page" without walking through the rows before the page.
class Listing {
 public:
  explicit Listing(const World& world) : world_{world} {}

  struct Slice {
    std::uint64_t total = 0;
    std::vector<Row> rows;
  };
  /// Rows `first` … `first + count - 1` of what is wanted. The caller is `reading()`.
  Slice slice(const Wanted&, std::uint64_t first, std::uint64_t count) const;

 private:
  /// The rows that some filters let through.
  struct View {
    std::string name;
    Wanted wanted;  ///< without dates and order
    Marks marks{0};
    std::size_t seen = 0;  ///< changes already taken in
    std::uint64_t generation = 0;
  };

  std::shared_ptr<const View> view(const Wanted&) const;
  bool lets_through(const Wanted&, const Row&) const;
  bool matches(const Row&, Text filter, Text value) const;
  bool matches_group(const Row&, Text value) const;
  Slice below(const Wanted&, std::uint64_t first, std::uint64_t count) const;
  Slice sorted(const Wanted&, std::vector<Row> all, std::uint64_t first, std::uint64_t count) const;

  const World& world_;
  mutable std::mutex mutex_;
  mutable std::deque<std::shared_ptr<View>> views_;  ///< the last used one first
};

/// Whether the fake can apply a filter of this name to the endpoint.
bool can_filter(const Model&, const EndpointPlan&, Text filter);

}  // namespace callrail::fake
