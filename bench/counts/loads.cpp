#include "loads.hpp"

#include "allocations.hpp"

#include <warehouse/side.hpp>

namespace callrail::counts {
namespace {

/// Of every part but the first, which makes room.
Result<std::uint64_t> load(const bench::Calls& calls, const bench::Place& place) {
  const auto ours = bench::ours(calls, place);
  if (auto begun = ours->begin(); !begun) return std::unexpected(std::move(begun).error());
  std::uint64_t before = 0;
  for (const bench::Calls::Part& part : calls.all()) {
    if (auto loaded = ours->load(part); !loaded) return std::unexpected(std::move(loaded).error());
    if (&part == &calls.all().front()) before = allocations();
  }
  const std::uint64_t taken = allocations() - before;
  if (auto ended = ours->end(); !ended) return std::unexpected(std::move(ended).error());
  return taken;
}

}  // namespace

Result<std::vector<Count>> count_loads() {
  const bench::Calls calls{2000};
  std::string why;
  const auto place = bench::Place::make(Dialect::sqlite, why);
  if (auto empty = place->empty(); !empty) return std::unexpected(std::move(empty).error());
  Hash hash;
  const auto& cells = calls.all().front().rows;
  for (std::size_t n = 0; n < cells.count * cells.width; ++n)
    if (cells.cells[n].has_value()) hash.add(cells.cells[n].text());
  const auto rows = calls.rows() - cells.count;
  std::vector<Count> out;
  for (const char* const name : {"new", "unchanged"}) {
    const auto taken = load(calls, *place);
    if (!taken) return std::unexpected(taken.error());
    out.push_back({std::string{"sqlite/"} + name + ".allocations_per_row",
                   static_cast<double>(*taken) / static_cast<double>(rows),
                   hash.value(),
                   {}});
  }
  return out;
}

}  // namespace callrail::counts
