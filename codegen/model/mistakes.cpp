#include "mistakes.hpp"

#include <algorithm>
#include <numeric>

namespace callrail::codegen {
namespace {

/// Letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

void Mistakes::add(Place place, std::string_view where, std::string_view what) {
  std::string all{where};
  if (!all.empty()) all += ": ";
  all += what;
  std::string text;  // in one line, whatever it quotes
  for (const char c : all) {
    if (c == '\n')
      text += "\\n";
    else
      text += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  found_.push_back({place, std::move(text)});
}

std::vector<std::string> Mistakes::lines(std::string_view file) const {
  auto sorted = found_;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<std::string> out;
  for (const auto& [place, text] : sorted)
    out.push_back(std::string{file} + ":" + std::to_string(place.line) + ":" +
                  std::to_string(place.column) + ": " + text);
  return out;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = &candidate;
    }
  }
  return nearest ? "; did you mean \"" + *nearest + "\"?" : "";
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    out.emplace_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

std::string join(std::span<const std::string> words, std::string_view between) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

}  // namespace callrail::codegen
