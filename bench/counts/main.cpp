// Numbers that are the same in every run, for bench/gate.
#include "delta.hpp"
#include "extraction.hpp"
#include "loads.hpp"
#include "work.hpp"

#include <callrail/api.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace {

using namespace callrail;

constexpr std::string_view usage =
    "counts                          all counts, as JSON\n"
    "counts --tasks                  the names of what can be run under callgrind\n"
    "counts --task NAME --rounds N   the pages of one task N times over; the difference of two "
    "such\n"
    "                                runs is what the rounds cost, without making the pages\n";

int complain(std::string_view what) {
  fmt::print(stderr, "counts: {}\n", what);
  return 1;
}

std::uint64_t fields(const Api& api) {
  std::uint64_t sum = 0;
  for (const Endpoint* e : api.endpoints) sum += e->fields.size();
  return sum;
}

int count_all(const Api& api) {
  std::vector<counts::Count> all;
  for (const counts::Task& task : counts::tasks()) {
    if (task.reference) continue;
    const auto work = counts::Work::make(task);
    auto counted = work ? (*work)->counts() : std::unexpected(work.error());
    if (!counted) return complain(fmt::format("{}: {}", task.name, counted.error().what));
    for (counts::Count& count : *counted) all.push_back(std::move(count));
  }
  auto extracted = counts::count_extraction(api);
  if (!extracted) return complain("the extraction: " + extracted.error().what);
  for (counts::Count& count : *extracted) all.push_back(std::move(count));
  auto kept_current = counts::count_delta(api);
  if (!kept_current) return complain("the delta: " + kept_current.error().what);
  for (counts::Count& count : *kept_current) all.push_back(std::move(count));
  auto loaded = counts::count_loads();
  if (!loaded) return complain("the loads: " + loaded.error().what);
  for (counts::Count& count : *loaded) all.push_back(std::move(count));

  fmt::print("{{\"facts\": {{\"fields\": {}}},\n \"counts\": [", fields(api));
  for (const counts::Count& count : all)
    fmt::print("{}\n  {{\"name\": \"{}\", \"value\": {}, \"input\": \"{:016x}\"{}}}",
               &count == &all.front() ? "" : ",", count.name, count.value, count.input,
               count.input_size ? fmt::format(", \"input_size\": {}", *count.input_size) : "");
  fmt::print("\n ]}}\n");
  return 0;
}

int run_task(std::string_view name, std::string_view rounds) {
  int n = 0;
  const auto [end, error] = std::from_chars(rounds.data(), rounds.data() + rounds.size(), n);
  if (error != std::errc{} || end != rounds.data() + rounds.size() || n < 1) {
    fmt::print(stderr, "counts: --rounds {} is no number from 1 on\n{}", rounds, usage);
    return 2;
  }
  const auto task = std::ranges::find(counts::tasks(), name, &counts::Task::name);
  if (task == counts::tasks().end()) {
    fmt::print(stderr, "counts: no task is called {}; counts --tasks names them\n", name);
    return 2;
  }
  const auto work = counts::Work::make(*task);
  if (!work) return complain(fmt::format("{}: {}", name, work.error().what));
  for (int i = 0; i < n; ++i)
    if (const auto ran = (*work)->go(); !ran)
      return complain(fmt::format("{}: {}", name, ran.error().what));
  fmt::print("{{\"rows\": {}, \"input\": \"{:016x}\", \"input_size\": {}}}\n",
             (*work)->rows() * static_cast<std::size_t>(n), (*work)->hash(),
             (*work)->bytes_per_row());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Api& api = api::description();
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  if (words.empty()) return count_all(api);
  if (words.size() == 1 && words[0] == "--tasks") {
    for (const counts::Task& task : counts::tasks()) fmt::print("{}\n", task.name);
    return 0;
  }
  if (words.size() == 4 && words[0] == "--task" && words[2] == "--rounds")
    return run_task(words[1], words[3]);
  fmt::print(stderr, "{}", usage);
  return 2;
}
