#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// What standard error is connected to.
struct Terminal {
  std::function<void(std::string_view)> write;
  std::function<std::size_t()> width;  ///< columns now; it may change
  bool live = false;                   ///< a terminal that can be redrawn
  bool color = false;
};

/// Lines that scroll, above a few that are redrawn.
class Screen {
 public:
  explicit Screen(Terminal terminal) : terminal_{std::move(terminal)} {}
  ~Screen() { clear(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  bool live() const { return terminal_.live; }
  bool color() const { return terminal_.color; }

  /// A line that stays; what `show` drew moves down.
  void print(std::string_view line);
  /// Lines at the bottom, in place of those drawn before. Nothing if the screen is not live.
  void show(std::vector<std::string> lines);
  void clear();

 private:
  std::string erased();
  std::string drawn();

  Terminal terminal_;
  std::vector<std::string> lines_;
  std::vector<std::size_t> on_screen_;  ///< columns of each line as drawn
};

}  // namespace callrail::cli
