#include "speller.hpp"

#include "json_text.hpp"

#include <array>

namespace callrail {

void JsonKeys::add(Text name) {
  text_.resize(at_.back());
  text_ += ',';
  append_json_string(name, text_);
  text_ += ':';
  at_.push_back(text_.size());
  text_.append(slack, '\0');
}

std::size_t size_of(std::span<const Cell> cells) {
  std::size_t size = 0;
  for (const Cell& cell : cells) size += cell.size;
  return size;
}

std::size_t json_room(std::span<const Cell> cells, const JsonKeys& keys) {
  constexpr std::array<std::size_t, 6> times{0, 0, 1, 1, 6, 1};
  static_assert(static_cast<std::size_t>(Kind::text) == 4);
  std::size_t size = 2 + keys.bytes() + 4 * cells.size() + speller_slack;
  for (const Cell& cell : cells) size += cell.size * times[static_cast<std::size_t>(cell.kind)];
  return size;
}

const Speller& best_speller() {
  static const Speller& best = [&]() -> const Speller& {
    for (const Speller* const speller : {avx512_speller(), avx2_speller()})
      if (speller != nullptr) return *speller;
    return plain_speller();
  }();
  return best;
}

}  // namespace callrail
