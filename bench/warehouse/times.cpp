#include "measure.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>

/// bench-warehouse-times: each work as a benchmark, "sqlite/new/ours" and "sqlite/new/by_hand", in
/// seconds of the processor, the server's included. CALLRAIL_BENCH_ROWS (4000) says of how many.
namespace {

using namespace callrail;
using namespace callrail::bench;

bool failed = false;

/// A database for each of the two, and what both came to.
struct Both {
  std::unique_ptr<Place> ours, by_hand;
  std::vector<Compared> works;
};

void run(benchmark::State& state, const Calls& calls, const Both& all, std::size_t work,
         bool is_ours) {
  for (auto _ : state) {
    const auto cost = once(calls, is_ours ? *all.ours : *all.by_hand, is_ours, all.works, work);
    if (!cost) {
      failed = true;
      return state.SkipWithError(cost.error().what.c_str());
    }
    state.SetIterationTime(cost->processor);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(calls.rows()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(calls.bytes()));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const char* const said = std::getenv("CALLRAIL_BENCH_ROWS");
  const long rows = std::strtol(said != nullptr && *said != '\0' ? said : "4000", nullptr, 10);
  if (rows < 1 || rows > 10'000'000) {
    fmt::print(stderr, "bench-warehouse-times: CALLRAIL_BENCH_ROWS is a number\n");
    return 2;
  }
  const Calls calls{static_cast<std::size_t>(rows)};
  benchmark::AddCustomContext("calls", std::to_string(calls.rows()));
  benchmark::AddCustomContext("bytes", std::to_string(calls.bytes()));
  std::vector<std::unique_ptr<Both>> all;
  for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) {
    std::string why;
    auto ours = Place::make(dialect, why), by_hand = Place::make(dialect, why);
    if (!ours) {
      fmt::print(stderr, "postgresql: not measured, {}\n", why);
      continue;
    }
    auto works = compare(calls, *ours, *by_hand, 1);
    if (!works) {
      fmt::print(stderr, "bench-warehouse-times: {}\n", works.error().what);
      return 1;
    }
    Both& here = *all.emplace_back(std::make_unique<Both>());
    here = {std::move(ours), std::move(by_hand), *std::move(works)};
    for (std::size_t work = 0; work < here.works.size(); ++work)
      for (const bool is_ours : {true, false})
        benchmark::RegisterBenchmark(
            (here.works[work].name + (is_ours ? "/ours" : "/by_hand")).c_str(),
            [&calls, &here, work, is_ours](benchmark::State& state) {
              run(state, calls, here, work, is_ours);
            })
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return failed ? 1 : 0;
}
