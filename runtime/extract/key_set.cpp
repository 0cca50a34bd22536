#include "key_set.hpp"

#include <functional>

namespace callrail {

KeySet::Print KeySet::print_of(std::string_view key) {
  std::uint64_t fnv = 0xcbf29ce484222325u;
  for (const char c : key) fnv = (fnv ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  const Print print{std::hash<std::string_view>{}(key), fnv};
  return print == Print{} ? Print{1, 1} : print;
}

std::size_t KeySet::slot_of(Print print) const {
  std::size_t i = print.first & (slots_.size() - 1);
  while (slots_[i] != Print{} && slots_[i] != print) i = (i + 1) & (slots_.size() - 1);
  return i;
}

void KeySet::grow() {
  std::vector<Print> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  for (const Print& print : old)
    if (print != Print{}) slots_[slot_of(print)] = print;
}

bool KeySet::insert(std::string_view key) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
  const Print print = print_of(key);
  Print& slot = slots_[slot_of(print)];
  if (slot == print) return false;
  slot = print;
  ++size_;
  return true;
}

bool KeySet::contains(std::string_view key) const {
  if (slots_.empty()) return false;
  const Print print = print_of(key);
  return slots_[slot_of(print)] == print;
}

}  // namespace callrail
