#include "seed.hpp"

#include <callrail/key_hash.hpp>

namespace callrail::codegen {

std::uint32_t find_seed(const std::vector<std::string>& names) {
  const std::size_t slots = key_slots(names.size());
  std::vector<std::uint32_t> taken_by(slots, 0);
  for (std::uint32_t seed = 0;; ++seed) {
    bool free = true;
    for (const auto& name : names) {
      auto& slot = taken_by[key_hash(name, seed) % slots];
      free = slot != seed + 1;
      if (!free) break;
      slot = seed + 1;
    }
    if (free) return seed;
  }
}

std::string inseparable(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      bool apart = false;
      for (std::uint32_t seed = 0; seed < 4 && !apart; ++seed)
        apart = key_hash(names[i], seed) != key_hash(names[j], seed);
      if (!apart) return names[i] + " and " + names[j];
    }
  return {};
}

}  // namespace callrail::codegen
