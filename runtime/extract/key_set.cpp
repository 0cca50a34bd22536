#include "key_set.hpp"

#include <algorithm>

namespace callrail {

/// Two hashes that have nothing to do with each other, and stay the same in a later build: prints
/// are kept in checkpoints.
KeySet::Print KeySet::print_of(std::string_view key) {
  std::uint64_t fnv = 0xcbf29ce484222325u, mixed = 0x9e3779b97f4a7c15u + key.size();
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    fnv = (fnv ^ byte) * 0x100000001b3u;
    mixed = (mixed ^ byte) * 0xff51afd7ed558ccdu;
    mixed ^= mixed >> 29;
  }
  mixed *= 0xc4ceb9fe1a85ec53u;
  const Print print{mixed ^ (mixed >> 32), fnv};
  return print == Print{} ? Print{1, 1} : print;
}

std::string KeySet::bytes() const {
  std::vector<Print> prints;
  prints.reserve(size_);
  for (const Print& print : slots_)
    if (print != Print{}) prints.push_back(print);
  std::ranges::sort(prints);
  std::string out;
  out.reserve(prints.size() * 16);
  for (const Print& print : prints) append(print, out);
  return out;
}

void KeySet::append(Print print, std::string& out) {
  for (const std::uint64_t part : {print.first, print.second})
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(part >> shift);
}

std::string KeySet::bytes_of(std::string_view key) {
  std::string out;
  append(print_of(key), out);
  return out;
}

void KeySet::add_bytes(std::string_view bytes) {
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    Print print;
    for (int i = 7; i >= 0; --i) {
      const auto at = static_cast<std::size_t>(i);
      print.first = print.first << 8 | static_cast<unsigned char>(bytes[at]);
      print.second = print.second << 8 | static_cast<unsigned char>(bytes[at + 8]);
    }
    insert(print);
  }
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

bool KeySet::insert(std::string_view key) { return insert(print_of(key)); }

bool KeySet::insert(Print print) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
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
