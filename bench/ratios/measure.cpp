#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <limits>

namespace callrail::bench {

namespace {

double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Runner {
  const Entry* entry;
  Answer checked;
  std::unique_ptr<Contender> contender;
  double best = std::numeric_limits<double>::max();
};

/// "csv/all" of "csv/all/ours"
Text task_name(Text name) { return name.substr(0, name.rfind('/')); }
Text who(Text name) { return name.substr(name.rfind('/') + 1); }

void compare(std::vector<Measured>& all) {
  const auto seconds_of = [&](Text name) -> std::optional<double> {
    const auto at = std::ranges::find(all, name, &Measured::name);
    return at == all.end() ? std::nullopt : std::optional{at->seconds};
  };
  for (Measured& one : all) {
    const auto times = [&](std::optional<double> other) {
      return other ? std::optional{*other / one.seconds} : std::nullopt;
    };
    const std::string task{task_name(one.name)};
    one.touch = times(seconds_of("touch/all/simdjson"));
    one.stage1 = times(seconds_of("stage1/all/simdjson"));
    one.general = times(seconds_of(task + "/general"));
    std::optional<double> best;
    for (const Measured& other : all)
      if (task_name(other.name) == task && who(other.name).starts_with("simdjson"))
        best = std::min(best.value_or(other.seconds), other.seconds);
    one.simdjson = times(best);
  }
}

std::string text_of(std::optional<double> ratio) {
  return ratio ? fmt::format("{:.2f}", *ratio) : std::string{"-"};
}
std::string json_of(std::optional<double> ratio) {
  return ratio ? fmt::format("{:.4f}", *ratio) : std::string{"null"};
}

}  // namespace

Result<std::vector<Measured>> measure(const std::vector<Entry>& chosen, Judge& judge, int rounds) {
  std::vector<Runner> runners;
  for (const Entry& entry : chosen) {
    auto checked = judge.check(entry);
    if (!checked) return std::unexpected(std::move(checked).error());
    runners.push_back({&entry, std::move(*checked), entry.make(judge.task(entry))});
  }
  for (int round = 0; round < rounds; ++round)
    for (Runner& runner : runners) {
      const double begin = now();
      if (Status ran = judge.run(*runner.contender, runner.checked); !ran)
        return std::unexpected(std::move(ran).error().in(runner.entry->name));
      runner.best = std::min(runner.best, now() - begin);
    }
  std::vector<Measured> all;
  for (const Runner& runner : runners) {
    Measured& one = all.emplace_back();
    one.name = runner.entry->name;
    one.seconds = runner.best;
  }
  compare(all);
  return all;
}

std::string to_table(const std::vector<Measured>& all, const Pages& pages) {
  std::string out =
      fmt::format("{:<30} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>9}\n", "", "MB/s", "rows/s",
                  "ns/row", "x touch", "x stage1", "x general", "x simdjson");
  for (const Measured& one : all)
    out += fmt::format("{:<30} {:>8.0f} {:>9.0f} {:>8.0f} {:>8} {:>8} {:>9} {:>10}\n", one.name,
                       static_cast<double>(pages.bytes) / one.seconds / 1e6,
                       static_cast<double>(pages.rows) / one.seconds,
                       one.seconds / static_cast<double>(pages.rows) * 1e9, text_of(one.touch),
                       text_of(one.stage1), text_of(one.general), text_of(one.simdjson));
  return out;
}

std::string to_json(const std::vector<Measured>& all, const Pages& pages, Variant variant,
                    int rounds) {
  std::string out =
      fmt::format(R"({{"variant":"{}","bytes":{},"rows":{},"rounds":{},"contenders":[)",
                  name_of(variant), pages.bytes, pages.rows, rounds);
  for (const Measured& one : all) {
    if (&one != &all.front()) out += ',';
    out += fmt::format(
        "\n{{\"name\":\"{}\",\"seconds\":{:.6f},\"bytes_per_second\":{:.0f},\"rows_per_second\":{:."
        "0f},"
        "\"times\":{{\"touch\":{},\"stage1\":{},\"general\":{},\"simdjson\":{}}}}}",
        one.name, one.seconds, static_cast<double>(pages.bytes) / one.seconds,
        static_cast<double>(pages.rows) / one.seconds, json_of(one.touch), json_of(one.stage1),
        json_of(one.general), json_of(one.simdjson));
  }
  return out + "\n]}\n";
}

}  // namespace callrail::bench
