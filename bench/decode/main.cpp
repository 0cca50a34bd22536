#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <contenders/judge.hpp>
#include <cstdlib>
#include <data/figures.hpp>
#include <memory>

/// bench-decode: every contender as a benchmark, "csv/all/ours". One iteration reads all pages.
/// CALLRAIL_BENCH_MB (20) and CALLRAIL_BENCH_VARIANT (full) say of what.
namespace {

using namespace callrail;
using namespace callrail::bench;

bool failed = false;

void run(benchmark::State& state, const Entry& entry, Judge& judge, Pages& pages) {
  const auto stop = [&](const Error& error) {
    failed = true;
    state.SkipWithError(error.what.c_str());
  };
  const auto checked = judge.check(entry);
  if (!checked) return stop(checked.error());
  const auto contender = entry.make(judge.task(entry));
  for (auto _ : state)
    if (const Status ran = judge.run(*contender, *checked); !ran) return stop(ran.error());
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(pages.bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(pages.rows));
}

Text environment(const char* name, Text otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? Text{value} : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  PageOptions options;
  const auto variant = variant_of(environment("CALLRAIL_BENCH_VARIANT", "full"));
  const double megabytes = std::strtod(environment("CALLRAIL_BENCH_MB", "20").data(), nullptr);
  if (!variant || !(megabytes > 0 && megabytes < 1e5)) {
    fmt::print(stderr,
               "bench-decode: CALLRAIL_BENCH_VARIANT is one of {}, CALLRAIL_BENCH_MB a number\n",
               fmt::join(variant_names, ", "));
    return 2;
  }
  options.variant = *variant;
  options.bytes = static_cast<std::size_t>(megabytes * 1e6);
  Pages pages = make_pages(options);
  Judge judge{all_contenders(), options.variant, pages};
  benchmark::AddCustomContext("pages", to_text(figures_of(pages)));
  benchmark::AddCustomContext("variant", std::string{name_of(options.variant)});
  benchmark::AddCustomContext("simdjson", simdjson_kernel());
  for (const Entry& entry : judge.entries())
    benchmark::RegisterBenchmark(entry.name.c_str(), [&](benchmark::State& state) {
      run(state, entry, judge, pages);
    })->Unit(benchmark::kMillisecond);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return failed ? 1 : 0;
}
