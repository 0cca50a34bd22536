#pragma once

#include <callrail/fake/dates.hpp>
#include <callrail/fake/listing.hpp>

#include <string>
#include <vector>

namespace callrail::fake {

/// Which rows are summed up, and how they are told apart.
struct Summing {
  const EndpointPlan* plan = nullptr;
  std::uint32_t account = 0;
  Pairs words;    ///< for the parameters that have a list for each of their words
  Pairs filters;  ///< of the rows counted
  Window window;
};

/// How many points a series of these days has; 0 for sums that are no series.
std::uint64_t points(const Summing&);

/// The rows of one answer, each as an object of these fields: counted from the rows the fake lists.
/// A field called like a boolean of those rows counts the true ones, one called average_… is the
/// mean of that number, and the first one is how many there are; what else is counted is some part
/// of them. The first row is patched. The caller is `reading()`.
std::vector<std::string> sum_up(const World&, const Listing&, const Summing&,
                                std::span<const std::size_t> fields,
                                const World::Patch& patch = {});

/// The sums of a whole dump: each of the schema's words once.
std::vector<Pairs> all_words(const Endpoint&);

}  // namespace callrail::fake
