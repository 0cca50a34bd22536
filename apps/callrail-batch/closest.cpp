#include "closest.hpp"

#include <algorithm>

namespace callrail::cli {
namespace {

constexpr std::size_t near_enough = 2;

std::string lowered(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

/// Distance, with words that contain the other one in front of those that only look alike.
std::size_t rank(std::string_view word, std::string_view known) {
  const std::size_t distance = typing_distance(word, known);
  const bool inside = word.size() >= 3 && known.find(word) != known.npos;
  return inside ? std::min<std::size_t>(distance, 1) : distance;
}

}  // namespace

std::size_t typing_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

std::string_view closest(std::string_view word, std::span<const std::string_view> known) {
  if (known.empty()) return {};
  const std::string typed = lowered(word.substr(0, 64));
  return *std::ranges::min_element(
      known, {}, [&](std::string_view name) { return rank(typed, lowered(name)); });
}

std::string near_suggestion(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view best = closest(word, known);
  if (best.empty() || rank(lowered(word.substr(0, 64)), lowered(best)) > near_enough) return {};
  return "did you mean \"" + std::string{best} + "\"?";
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (known.empty()) return {};
  std::string near = near_suggestion(word, known);
  if (!near.empty()) return near;
  return "the closest known one is \"" + std::string{closest(word, known)} + "\".";
}

}  // namespace callrail::cli
