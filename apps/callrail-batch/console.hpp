#pragma once

#include "screen.hpp"

#include <callrail/redact.hpp>

#include <string>
#include <string_view>

namespace callrail::cli {

/// Everything that is told to a person on standard error. Each line is redacted and escaped here,
/// whoever wrote it.
class Console {
 public:
  Console(Screen& screen, Redaction redaction, bool quiet)
      : screen_{screen}, redaction_{std::move(redaction)}, quiet_{quiet} {}

  void line(std::string_view text) {
    if (!quiet_) screen_.print(clean(text));
  }
  void warning(std::string_view text) {
    if (!quiet_) screen_.print(marked("warning:", "33", text));
  }
  void error(std::string_view text) { screen_.print(marked("error:", "31", text)); }
  /// A line of the log, which is clean already, and asked for.
  void log_line(std::string_view text) { screen_.print(text); }
  void show(std::vector<std::string> lines) {
    if (quiet_) return;
    for (std::string& text : lines) text = clean(text);
    screen_.show(std::move(lines));
  }
  void clear() { screen_.clear(); }

  bool live() const { return screen_.live(); }
  bool quiet() const { return quiet_; }
  std::string clean(std::string_view text) const {
    return escape_controls(redact(text, redaction_));
  }

 private:
  std::string marked(std::string_view mark, std::string_view color, std::string_view text) const {
    std::string out{mark};
    if (screen_.color()) out = "\x1b[" + std::string{color} + "m" + out + "\x1b[0m";
    return out + " " + clean(text);
  }

  Screen& screen_;
  Redaction redaction_;
  bool quiet_;
};

}  // namespace callrail::cli
