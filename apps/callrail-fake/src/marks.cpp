#include <callrail/fake/marks.hpp>

#include <algorithm>
#include <bit>

namespace callrail::fake {

Marks::Marks(std::uint64_t size) : size_{size}, words_(size / 64 + 1) { count(); }

void Marks::set(std::uint64_t i, bool on) {
  const std::uint64_t bit = std::uint64_t{1} << (i % 64);
  if (on)
    words_[i / 64] |= bit;
  else
    words_[i / 64] &= ~bit;
}

void Marks::count() {
  before_.clear();
  std::uint64_t total = 0;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    if (w % words_in_block == 0) before_.push_back(total);
    total += static_cast<std::uint64_t>(std::popcount(words_[w]));
  }
}

std::uint64_t Marks::rank(std::uint64_t i) const {
  i = std::min(i, size_);
  const std::uint64_t word = i / 64;
  std::uint64_t total = before_[word / words_in_block];
  for (std::uint64_t w = word / words_in_block * words_in_block; w < word; ++w)
    total += static_cast<std::uint64_t>(std::popcount(words_[w]));
  const std::uint64_t below = (std::uint64_t{1} << (i % 64)) - 1;
  return total + static_cast<std::uint64_t>(std::popcount(words_[word] & below));
}

std::uint64_t Marks::select(std::uint64_t n) const {
  const auto block = std::upper_bound(before_.begin(), before_.end(), n) - before_.begin() - 1;
  n -= before_[static_cast<std::size_t>(block)];
  for (auto w = static_cast<std::size_t>(block) * words_in_block; w < words_.size(); ++w) {
    const auto here = static_cast<std::uint64_t>(std::popcount(words_[w]));
    if (n >= here) {
      n -= here;
      continue;
    }
    std::uint64_t word = words_[w];
    for (; n > 0; --n) word &= word - 1;
    return w * 64 + static_cast<std::uint64_t>(std::countr_zero(word));
  }
  return size_;
}

std::uint64_t Marks::next(std::uint64_t i) const {
  if (i >= size_) return size_;
  std::uint64_t w = i / 64;
  std::uint64_t word = words_[w] & (~std::uint64_t{0} << (i % 64));
  while (word == 0) {
    if (++w == words_.size()) return size_;
    word = words_[w];
  }
  return std::min(size_, w * 64 + static_cast<std::uint64_t>(std::countr_zero(word)));
}

}  // namespace callrail::fake
