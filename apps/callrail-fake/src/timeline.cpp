#include <callrail/fake/random.hpp>
#include <callrail/fake/timeline.hpp>

#include <algorithm>

namespace callrail::fake {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

Timeline::Timeline(Instant from, Instant to, std::uint64_t rows, std::uint64_t seed,
                   const Zone& zone)
    : from_{from},
      span_{std::max<std::int64_t>((to - from).count(), 1)},
      rows_{rows},
      seed_{seed},
      slot_length_{rows == 0 ? span_ : span_ / static_cast<std::int64_t>(rows)},
      zone_{&zone} {
  // Dense rows lie on both sides of a change anyway.
  if (slot_length_ < std::chrono::milliseconds{hours{1}}.count()) return;
  for (const Zone::Change& change : zone.changes()) {
    if (change.from <= from || change.from >= to || placed_count_ + 2 > placed_.size()) continue;
    const auto since = (change.from - from).count();
    auto row = static_cast<std::uint64_t>(since / slot_length_);
    while (row > 0 && slot(row) > change.from) --row;
    while (row + 1 < rows_ && slot(row + 1) <= change.from) ++row;
    if (row + 2 >= rows_) continue;
    if (placed_count_ > 0 && placed_[placed_count_ - 1].row + 1 >= row) continue;
    placed_[placed_count_++] = {row, std::max(slot(row), change.from - minutes{20})};
    placed_[placed_count_++] = {row + 1, change.from + minutes{20}};
  }
}

Instant Timeline::slot(std::uint64_t row) const {
  // span * row / rows without an overflow
  const auto n = static_cast<std::int64_t>(rows_);
  const auto i = static_cast<std::int64_t>(row);
  return from_ + milliseconds{span_ / n * i + span_ % n * i / n};
}

Instant Timeline::at(std::uint64_t row) const {
  for (std::size_t p = 0; p < placed_count_; ++p)
    if (placed_[p].row == row) return placed_[p].at;
  Dice dice{join(seed_, row)};
  if (row % 2 == 1 && slot_length_ >= 4000 && dice.one_in(12)) {
    const Instant before = at(row - 1);
    return dice.one_in(3) ? before : before + milliseconds{dice.below(900)};
  }
  const Instant begin = slot(row);
  const auto length = std::max<std::int64_t>((slot(row + 1) - begin).count(), 1);
  const Instant at = begin + milliseconds{dice.below(static_cast<std::uint64_t>(length))};
  if (!dice.one_in(24)) return at;
  const Instant midnight = zone_->earliest(std::chrono::floor<std::chrono::days>(zone_->local(at)));
  const Instant edge = midnight - milliseconds{dice.one_in(2) ? 0 : dice.one_in(2) ? 1 : 1000};
  return edge >= begin ? edge : at;
}

template <class Before>
std::uint64_t Timeline::partition(Before before) const {
  std::uint64_t low = 0, high = rows_;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (before(at(middle)))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::uint64_t Timeline::first_from(Instant instant) const {
  return partition([&](Instant at) { return at < instant; });
}

std::uint64_t Timeline::first_after(Instant instant) const {
  return partition([&](Instant at) { return at <= instant; });
}

}  // namespace callrail::fake
