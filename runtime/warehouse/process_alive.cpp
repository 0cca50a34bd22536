#include "process_alive.hpp"

#include <array>
#include <cerrno>
#include <signal.h>
#include <unistd.h>

namespace callrail {

bool process_is_alive(std::int64_t pid) {
  return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "this machine";
  return name.data();
}

}  // namespace callrail
