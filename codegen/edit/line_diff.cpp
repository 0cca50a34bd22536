#include "line_diff.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

using Lines = std::vector<std::string_view>;

/// Lines `from` … `to` of one text stand for `other_from` … `other_to` of the other.
struct Change {
  std::size_t from, to, other_from, other_to;
};

/// Beyond this many changed lines the rest is one change: reading it line by line helps nobody, and
/// the memory for the search grows with the square.
constexpr std::ptrdiff_t most_changes = 2000;

/// Myers' search for the fewest changed lines; equal ends are cut off before.
class Search {
 public:
  Search(const Lines& before, const Lines& after) : before_{before}, after_{after} {
    while (head_ < before.size() && head_ < after.size() && before[head_] == after[head_]) ++head_;
    while (tail_ < before.size() - head_ && tail_ < after.size() - head_ &&
           before[before.size() - 1 - tail_] == after[after.size() - 1 - tail_])
      ++tail_;
  }

  std::vector<Change> changes() {
    const auto a = static_cast<std::ptrdiff_t>(before_.size() - head_ - tail_);
    const auto b = static_cast<std::ptrdiff_t>(after_.size() - head_ - tail_);
    if (a == 0 && b == 0) return {};
    if (a == 0 || b == 0 || !walk(a, b)) return {at(0, a, 0, b)};
    return back(a, b);
  }

 private:
  Change at(std::ptrdiff_t from, std::ptrdiff_t to, std::ptrdiff_t other_from,
            std::ptrdiff_t other_to) const {
    const auto place = [&](std::ptrdiff_t i) { return head_ + static_cast<std::size_t>(i); };
    return {place(from), place(to), place(other_from), place(other_to)};
  }
  bool same(std::ptrdiff_t x, std::ptrdiff_t y) const {
    return before_[head_ + static_cast<std::size_t>(x)] ==
           after_[head_ + static_cast<std::size_t>(y)];
  }
  /// How far the diagonal `k` was reached with one change less than `round[d]`.
  static std::ptrdiff_t reached(const std::vector<std::ptrdiff_t>& round, std::ptrdiff_t k) {
    return round[static_cast<std::size_t>(k + (static_cast<std::ptrdiff_t>(round.size()) - 1) / 2)];
  }
  static bool goes_down(const std::vector<std::ptrdiff_t>& last, std::ptrdiff_t d,
                        std::ptrdiff_t k) {
    return k == -d || (k != d && reached(last, k - 1) < reached(last, k + 1));
  }

  /// Fills `rounds_`, one for each number of changes; false if there are too many.
  bool walk(std::ptrdiff_t a, std::ptrdiff_t b) {
    for (std::ptrdiff_t d = 0; d <= most_changes; ++d) {
      // A border on both sides, so that k - 1 and k + 1 are always there.
      std::vector<std::ptrdiff_t> round(static_cast<std::size_t>(2 * (d + 1) + 1), -1);
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = 0;
        if (d > 0) {
          const auto& last = rounds_.back();
          x = goes_down(last, d, k) ? reached(last, k + 1) : reached(last, k - 1) + 1;
        }
        while (x < a && x - k < b && x - k >= 0 && same(x, x - k)) ++x;
        round[static_cast<std::size_t>(k + d + 1)] = x;
        if (x >= a && x - k >= b) {
          rounds_.push_back(std::move(round));
          return true;
        }
      }
      rounds_.push_back(std::move(round));
    }
    return false;
  }

  std::vector<Change> back(std::ptrdiff_t x, std::ptrdiff_t y) const {
    std::vector<Change> out;
    for (auto d = static_cast<std::ptrdiff_t>(rounds_.size()) - 1; d > 0; --d) {
      const auto& last = rounds_[static_cast<std::size_t>(d - 1)];
      const std::ptrdiff_t k = x - y;
      const bool down = goes_down(last, d, k);
      const std::ptrdiff_t from = reached(last, down ? k + 1 : k - 1);
      const std::ptrdiff_t from_y = from - (down ? k + 1 : k - 1);
      out.push_back(down ? at(from, from, from_y, from_y + 1) : at(from, from + 1, from_y, from_y));
      x = from;
      y = from_y;
    }
    std::reverse(out.begin(), out.end());
    std::vector<Change> joined;
    for (const Change& c : out) {
      if (!joined.empty() && joined.back().to == c.from && joined.back().other_to == c.other_from) {
        joined.back().to = c.to;
        joined.back().other_to = c.other_to;
      } else {
        joined.push_back(c);
      }
    }
    return joined;
  }

  const Lines& before_;
  const Lines& after_;
  std::size_t head_ = 0, tail_ = 0;
  std::vector<std::vector<std::ptrdiff_t>> rounds_;
};

void put_lines(std::string& out, char sign, const Lines& lines, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    out += sign;
    out += lines[i];
    if (!lines[i].ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

/// `12,3`: the first line and their number, which 1 leaves out; of none, the line before.
std::string range(std::size_t from, std::size_t count) {
  std::string out = std::to_string(count == 0 ? from : from + 1);
  if (count != 1) out += "," + std::to_string(count);
  return out;
}

}  // namespace

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

std::string unified_hunks(std::string_view before, std::string_view after, std::size_t context) {
  const Lines a = lines_with_ends(before), b = lines_with_ends(after);
  const auto changes = Search{a, b}.changes();
  std::string out;
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].from - changes[last].to <= 2 * context)
      ++last;
    const std::size_t lead = std::min(context, changes[first].from);
    const std::size_t trail = std::min(context, a.size() - changes[last].to);
    const std::size_t from = changes[first].from - lead, to = changes[last].to + trail;
    const std::size_t other_from = changes[first].other_from - lead;
    const std::size_t other_to = changes[last].other_to + trail;
    out +=
        "@@ -" + range(from, to - from) + " +" + range(other_from, other_to - other_from) + " @@\n";
    std::size_t done = from;
    for (std::size_t i = first; i <= last; ++i) {
      put_lines(out, ' ', a, done, changes[i].from);
      put_lines(out, '-', a, changes[i].from, changes[i].to);
      put_lines(out, '+', b, changes[i].other_from, changes[i].other_to);
      done = changes[i].to;
    }
    put_lines(out, ' ', a, done, to);
    first = last + 1;
  }
  return out;
}

std::string unified_diff(std::string_view file, std::string_view before, std::string_view after) {
  const std::string hunks = unified_hunks(before, after);
  if (hunks.empty()) return {};
  const std::string name{file};
  return "--- a/" + name + "\n+++ b/" + name + "\n" + hunks;
}

}  // namespace callrail::codegen
