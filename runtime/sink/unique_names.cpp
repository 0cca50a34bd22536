#include "unique_names.hpp"

namespace callrail {

std::string UniqueNames::add(const std::string& wanted) {
  std::string name = wanted;
  for (int n = 2; !taken_.insert(name).second; ++n) name = wanted + "_" + std::to_string(n);
  return name;
}

}  // namespace callrail
