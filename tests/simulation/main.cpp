#include "figures.hpp"
#include "simulate.hpp"

#include <callrail/api.hpp>

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace callrail;

constexpr const char* usage =
    "simulate [--seeds N] [--first S] [--seed X] [--threads T] [-v]\n"
    "Runs whole extractions against callrail-fake in virtual time, one a seed, and judges them.\n"
    "  --seed X   one seed, with its trace\n"
    "  -v         the trace of every seed that went wrong\n";

struct Asked {
  std::uint64_t first = 1, seeds = 200, threads = std::thread::hardware_concurrency();
  bool verbose = false, one = false;
};

std::optional<Asked> read(int argc, char** argv) {
  Asked asked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word == "-v") {
      asked.verbose = true;
      continue;
    }
    std::uint64_t number = 0;
    if (i + 1 == argc) return std::nullopt;
    const std::string_view value{argv[++i]};
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
    if (word == "--seeds") {
      asked.seeds = number;
    } else if (word == "--first") {
      asked.first = number;
    } else if (word == "--threads") {
      asked.threads = number;
    } else if (word == "--seed") {
      asked.first = number;
      asked.seeds = 1;
      asked.one = true;
    } else {
      return std::nullopt;
    }
  }
  return asked;
}

}  // namespace

int main(int argc, char** argv) {
  const auto asked = read(argc, argv);
  if (!asked) {
    std::fputs(usage, stderr);
    return 2;
  }
  const Api& api = api::description();
  const auto begin = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> next = asked->first;
  std::mutex mutex;
  sim::Verdict sum;
  std::map<sim::Wrong, std::vector<std::uint64_t>> wrong;
  const auto work = [&] {
    for (std::uint64_t seed = next++; seed < asked->first + asked->seeds; seed = next++) {
      const sim::Verdict verdict = simulate(api, sim::plan_of(api, seed));
      const std::lock_guard lock{mutex};
      sum.requests += verdict.requests;
      sum.rows += verdict.rows;
      sum.changes += verdict.changes;
      sum.faults += verdict.faults;
      sum.deaths += verdict.deaths;
      sum.claimed += verdict.claimed;
      sum.admitted += verdict.admitted;
      for (const sim::Finding& finding : verdict.findings) {
        auto& seeds = wrong[finding.wrong];
        if (seeds.empty() || seeds.back() != seed) seeds.push_back(seed);
        if (seeds.size() <= 5 || asked->verbose)
          fmt::print("seed {}: {}: {}\n", seed, sim::name_of(finding.wrong), finding.what);
      }
      if (asked->one || (asked->verbose && !verdict.findings.empty()))
        fmt::print("{}", verdict.trace);
    }
  };
  std::vector<std::thread> threads;
  for (std::uint64_t i = 1; i < asked->threads; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();

  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print(
      "{} seeds in {:.1f} s ({:.0f} a second): {} requests, {} rows judged, {} changes, {} faults, "
      "{} "
      "processes ended early; {} endpoints said to be complete, {} not\n",
      asked->seeds, took.count(), static_cast<double>(asked->seeds) / took.count(), sum.requests,
      sum.rows, sum.changes, sum.faults, sum.deaths, sum.claimed, sum.admitted);
  for (const auto& [what, seeds] : wrong) {
    fmt::print("{}: {} seeds:", sim::name_of(what), seeds.size());
    for (std::size_t i = 0; i < std::min<std::size_t>(seeds.size(), 10); ++i)
      fmt::print(" {}", seeds[i]);
    fmt::print("\n");
  }
  if (wrong.empty()) fmt::print("nothing went wrong unsaid\n");
  if (asked->seeds > 1) {
    test::note_figure("simulation seeds", asked->seeds);
    test::note_figure("simulation undetected losses", wrong[sim::Wrong::loss].size());
    test::note_figure("simulation doubles", wrong[sim::Wrong::twice].size());
    test::note_figure("simulation rows judged", sum.rows);
    test::note_figure("simulation processes ended early", sum.deaths);
    std::erase_if(wrong, [](const auto& entry) { return entry.second.empty(); });
  }
  return wrong.empty() ? 0 : 1;
}
