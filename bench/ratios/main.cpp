#include "measure.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <data/figures.hpp>
#include <fstream>

/// bench-ratios: how much longer others take for the same work, on pages in memory, in one thread.
int main(int argc, char** argv) {
  using namespace callrail::bench;
  PageOptions options;
  double megabytes = 20;
  int rounds = 15;
  bool list = false;
  std::string variant = "full", json;
  std::vector<std::string> words{"stage1/", "touch/all/simdjson", "csv/", "ndjson/", "typed"};

  CLI::App app{
      "Times ways to read pages against each other; the times are minima of interleaved runs"};
  app.add_option("words", words,
                 "only contenders with one of these in their name; \"/\" is in all");
  app.add_option("--variant", variant, "of the pages")
      ->check(CLI::IsMember(std::vector<std::string>{variant_names.begin(), variant_names.end()}));
  app.add_option("--megabytes", megabytes, "of pages (20)")
      ->envname("CALLRAIL_BENCH_MB")
      ->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "runs of each contender (15)")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of the pages (1)");
  app.add_option("--json", json, "also write the figures there");
  app.add_flag("--list", list, "name the contenders, and end");
  CLI11_PARSE(app, argc, argv);

  const auto entries = all_contenders();
  const auto chosen = choose(entries, words);
  if (list) {
    for (const Entry& entry : entries) fmt::print("{}\n", entry.name);
    return 0;
  }
  options.variant = *variant_of(variant);
  options.bytes = static_cast<std::size_t>(megabytes * 1e6);
  Pages pages = make_pages(options);
  fmt::print("{}: {}simdjson runs as {}\n\n", variant, to_text(figures_of(pages)),
             simdjson_kernel());
  Judge judge{entries, options.variant, pages};
  const auto measured = measure(chosen, judge, rounds);
  if (!measured) {
    fmt::print(stderr, "bench-ratios: {}\n", measured.error().what);
    return 1;
  }
  fmt::print("{}", to_table(*measured, pages));
  if (json.empty()) return 0;
  std::ofstream file{json};
  file << to_json(*measured, pages, options.variant, rounds);
  if (file.flush()) return 0;
  fmt::print(stderr, "bench-ratios: {}: cannot be written\n", json);
  return 1;
}
