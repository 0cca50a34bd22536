#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/selection.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace callrail::counts {

/// Pages of one list as the API sends them, made up by the fake; the same in every run.
struct Pages {
  const Endpoint* endpoint = nullptr;
  std::vector<std::string> texts;
  std::uint64_t rows = 0;
  std::uint64_t hash = 0;

  double bytes_per_row() const;
};

/// With every field a list can send, or with those that come unasked.
enum class Width : std::uint8_t { full, by_default };
Pages make_pages(const Api&, Text endpoint, Width, int pages);

}  // namespace callrail::counts
