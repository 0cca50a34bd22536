#include "speller.hpp"

#include "json_text.hpp"

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

const Speller& best_speller() {
  static const Speller& best = [&]() -> const Speller& {
    for (const Speller* const speller : {avx512_speller(), avx2_speller()})
      if (speller != nullptr) return *speller;
    return plain_speller();
  }();
  return best;
}

}  // namespace callrail
