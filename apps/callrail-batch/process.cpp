#include "process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace callrail::cli {
namespace {

volatile std::sig_atomic_t asked = 0;
bool output_was_closed = false;

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

void give_large_memory_back() {
#ifdef __GLIBC__
  // Set once, it no longer grows by itself up to 32 MB.
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
#endif
}

void fill_closed_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (fd == STDOUT_FILENO) output_was_closed = true;
    // open takes the lowest free number, which is this one.
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

bool standard_output_was_closed() { return output_was_closed; }

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  // Without SA_RESTART: a wait ends early, and the run looks at the flag.
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // nohup has it ignored, and means it.
  struct sigaction hangup {};
  if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
    ::sigaction(SIGHUP, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
  ::sigaction(SIGXFSZ, &action, nullptr);
}

std::optional<int> stop_signal() {
  if (asked == 0) return std::nullopt;
  return static_cast<int>(asked);
}

}  // namespace callrail::cli
