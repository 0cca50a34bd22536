#include "measure.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>

/// bench-warehouse: rows into SQLite and PostgreSQL, and the view, against the same by hand.
namespace {

using namespace callrail;
using namespace callrail::bench;

std::string to_table(const std::vector<Compared>& all) {
  std::string out = fmt::format("{:<32} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "", "rows/s", "µs/row",
                                "by hand", "× by hand", "by clock");
  for (const Compared& one : all) {
    const auto rows = static_cast<double>(one.rows);
    out += fmt::format("{:<32} {:>9.0f} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f}\n", one.name,
                       rows / one.ours.processor, one.ours.processor / rows * 1e6,
                       one.by_hand.processor / rows * 1e6, one.times(),
                       one.by_hand.wall / one.ours.wall);
  }
  return out;
}

std::string to_json(const std::vector<Compared>& all, const std::string& absent) {
  std::string out = R"({"variant":"warehouse","contenders":[)";
  for (const Compared& one : all)
    out += fmt::format(
        "{}\n{{\"name\":\"{}\",\"rows\":{},\"rows_per_second\":{:.0f},\"bytes_per_second\":{:.0f},"
        "\"times\":{{\"by hand\":{:.4f}}}}}",
        &one == &all.front() ? "" : ",", one.name, one.rows,
        static_cast<double>(one.rows) / one.ours.processor,
        static_cast<double>(one.bytes) / one.ours.processor, one.times());
  return out + "\n],\"absent\":{" + absent + "}}\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t rows = 4000;
  int rounds = 7;
  std::string json;
  std::vector<std::string> where{"sqlite", "postgresql"};

  CLI::App app{
      "Times the warehouse against hand-written loops with SQLite's and PostgreSQL's libraries; "
      "the times are minima of interleaved runs"};
  app.add_option("databases", where, "sqlite, postgresql (both)")
      ->check(CLI::IsMember({"sqlite", "postgresql"}));
  app.add_option("--rows", rows, "calls of every field (4000)")->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "of each (7)")->check(CLI::PositiveNumber);
  app.add_option("--json", json, "also write the figures there");
  CLI11_PARSE(app, argc, argv);

  const Calls calls{rows};
  fmt::print("{} calls, {} bytes each\n\n", calls.rows(), calls.bytes() / calls.rows());
  std::vector<Compared> all;
  std::string absent;
  for (const std::string& name : where) {
    const Dialect dialect = name == "sqlite" ? Dialect::sqlite : Dialect::postgresql;
    std::string why;
    const auto ours = Place::make(dialect, why), by_hand = Place::make(dialect, why);
    if (!ours) {
      fmt::print("{}: not measured, {}\n\n", name, why);
      absent = fmt::format("\"warehouse/{}/\":\"{}\"", name, why);
      continue;
    }
    const auto compared = compare(calls, *ours, *by_hand, rounds);
    if (!compared) {
      fmt::print(stderr, "bench-warehouse: {}\n", compared.error().what);
      return 1;
    }
    all.insert(all.end(), compared->begin(), compared->end());
  }
  fmt::print("{}", to_table(all));
  if (json.empty()) return 0;
  std::ofstream file{json};
  file << to_json(all, absent);
  if (file.flush()) return 0;
  fmt::print(stderr, "bench-warehouse: {}: cannot be written\n", json);
  return 1;
}
