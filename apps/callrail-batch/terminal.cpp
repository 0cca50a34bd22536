#include "terminal.hpp"

#include <cerrno>
#include <sys/ioctl.h>
#include <unistd.h>

namespace callrail::cli {
namespace {

bool is_set(const Environment& environment, const char* name) {
  const auto value = environment(name);
  return value && !value->empty();
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    // Nobody to tell if standard error is gone.
    if (n < 0 && errno != EINTR) return;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::size_t window_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

bool is_live(ProgressMode mode, bool is_terminal, const Environment& environment) {
  if (mode != ProgressMode::automatic) return mode == ProgressMode::always;
  return is_terminal && !is_set(environment, "CI") && environment("TERM").value_or("") != "dumb";
}

bool has_color(bool is_terminal, const Environment& environment) {
  return is_terminal && !is_set(environment, "NO_COLOR") && !is_set(environment, "CI") &&
         environment("TERM").value_or("") != "dumb";
}

Terminal standard_error(ProgressMode mode, const Environment& environment) {
  const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  return {.write = [](std::string_view text) { write_all(STDERR_FILENO, text); },
          .width = [] { return window_width(STDERR_FILENO); },
          .live = is_live(mode, is_terminal, environment),
          .color = has_color(is_terminal, environment)};
}

}  // namespace callrail::cli
