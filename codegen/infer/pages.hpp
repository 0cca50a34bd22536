#pragma once

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// An answer of the API that somebody kept.
struct Page {
  std::string from;  ///< the file
  std::string path;  ///< what was asked, without query; empty for a saved page
  std::vector<std::pair<std::string, std::string>> query;
  std::string json;
};

/// The answers in a file: one, if it is JSON, or those with status 200 of a recording of
/// `callrail-batch --record`. A recording that ends early is read up to there.
std::expected<std::vector<Page>, std::string> pages_in(const std::string& name,
                                                       std::string_view bytes);

/// Larger lines are those of no recording.
inline constexpr std::size_t most_unpacked = 256u << 20;

}  // namespace callrail::codegen
