#pragma once

#include "screen.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// As much of a terminal as the screen uses: it wraps lines, moves up, erases to the end, and
/// wraps anew when it is resized.
class VirtualTerminal {
 public:
  explicit VirtualTerminal(std::size_t width) : width_{width} {}

  Terminal terminal() {
    return {.write = [this](std::string_view text) { take(text); },
            .width = [this] { return width_; },
            .live = true};
  }

  void resize(std::size_t width) {
    std::vector<std::string> wrapped;
    for (const std::string& row : rows_) {
      const auto cells = split(row);
      for (std::size_t i = 0; i == 0 || i < cells.size(); i += width) {
        std::string part;
        for (std::size_t k = i; k < std::min(i + width, cells.size()); ++k) part += cells[k];
        wrapped.push_back(part);
      }
    }
    rows_ = wrapped;
    width_ = width;
  }

  /// Without the empty row of the cursor at the end.
  std::vector<std::string> lines() const {
    auto out = rows_;
    while (!out.empty() && out.back().empty()) out.pop_back();
    return out;
  }
  std::string text() const {
    std::string out;
    for (const std::string& line : lines()) out += line + "\n";
    return out;
  }

 private:
  static std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> cells;
    for (const char c : text) {
      if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) cells.emplace_back();
      cells.back() += c;
    }
    return cells;
  }

  void take(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
        const std::size_t end = text.find_first_of("AJhlm", i + 2);
        command(text[end], text.substr(i + 2, end - i - 2));
        i = end;
      } else if (text[i] == '\n') {
        rows_.emplace_back();
      } else if (text[i] != '\r') {
        rows_.back() += text[i];
      }
    }
  }

  void command(char letter, std::string_view argument) {
    // The screen moves up only to erase from there, so both can be done at once.
    if (letter != 'A') return;
    const auto up = static_cast<std::size_t>(std::stoul(std::string{argument}));
    rows_.resize(rows_.size() > up ? rows_.size() - up : 1);
    rows_.back().clear();
  }

  std::size_t width_;
  std::vector<std::string> rows_{""};
};

}  // namespace callrail::cli
