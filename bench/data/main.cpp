#include "figures.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

/// bench-pages: says what the input of the benchmarks consists of, and writes it as files.
int main(int argc, char** argv) {
  using namespace callrail::bench;
  PageOptions options;
  double megabytes = 20;
  std::string variant = "full", folder;
  CLI::App app{"Makes the pages the benchmarks read, and says what they consist of"};
  app.add_option("--variant", variant)
      ->check(CLI::IsMember(std::vector<std::string>{variant_names.begin(), variant_names.end()}));
  app.add_option("--megabytes", megabytes)->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed);
  app.add_option("--write", folder, "also write them there, a file for each page");
  CLI11_PARSE(app, argc, argv);
  options.variant = *variant_of(variant);
  options.bytes = static_cast<std::size_t>(megabytes * 1e6);
  const Pages pages = make_pages(options);
  fmt::print("{}: {}", variant, to_text(figures_of(pages)));
  if (folder.empty()) return 0;
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const callrail::Body& body : pages.bodies) {
    std::ofstream file{fmt::format("{}/page{:05}.json", folder, ++number), std::ios::binary};
    file << body.text();
    if (!file.flush()) {
      fmt::print(stderr, "bench-pages: {}: cannot be written\n", folder);
      return 1;
    }
  }
}
