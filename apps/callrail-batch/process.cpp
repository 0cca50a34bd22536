#include "process.hpp"

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace callrail::cli {
namespace {

volatile std::sig_atomic_t asked = 0;

void on_signal(int number) {
  if (asked != 0) ::_exit(128 + number);
  asked = number;
}

}  // namespace

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void watch_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  // Without SA_RESTART: a wait ends early, and the run looks at the flag.
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
  ::sigaction(SIGXFSZ, &action, nullptr);
}

std::optional<int> stop_signal() {
  if (asked == 0) return std::nullopt;
  return static_cast<int>(asked);
}

}  // namespace callrail::cli
