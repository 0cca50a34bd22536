#pragma once

#include <set>
#include <string>

namespace callrail {

/// Gives every name once: the second `a` becomes `a_2`, the third `a_3`.
class UniqueNames {
 public:
  std::string add(const std::string& wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace callrail
