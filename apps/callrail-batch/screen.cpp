#include "screen.hpp"

#include "texts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

// A terminal that knows it shows the frame at once, without flicker; others ignore it.
constexpr std::string_view frame_begins = "\x1b[?2026h", frame_ends = "\x1b[?2026l";

std::string_view cut(std::string_view text, std::size_t most) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (n++ == most) return text.substr(0, i);
  }
  return text;
}

}  // namespace

/// Moves to where the lines began. The window may be narrower than when they were drawn, and then
/// each takes several rows.
std::string Screen::erased() {
  if (on_screen_.empty()) return {};
  const std::size_t width = std::max<std::size_t>(terminal_.width(), 1);
  std::size_t rows = 0;
  for (const std::size_t length : on_screen_)
    rows += std::max<std::size_t>((length + width - 1) / width, 1);
  on_screen_.clear();
  return fmt::format("\x1b[{}A\r\x1b[J", rows);
}

std::string Screen::drawn() {
  const std::size_t most = std::max<std::size_t>(terminal_.width(), 2) - 1;
  std::string out;
  for (const std::string& line : lines_) {
    out.append(cut(line, most)).append("\n");
    on_screen_.push_back(std::min(columns(line), most));
  }
  return out;
}

void Screen::print(std::string_view line) {
  if (lines_.empty()) {
    terminal_.write(std::string{line} + "\n");
    return;
  }
  std::string frame{frame_begins};
  frame += erased();
  frame.append(line).append("\n");
  frame.append(drawn()).append(frame_ends);
  terminal_.write(frame);
}

void Screen::show(std::vector<std::string> lines) {
  if (!terminal_.live || (lines.empty() && lines_.empty())) return;
  std::string frame{frame_begins};
  frame += erased();
  lines_ = std::move(lines);
  frame.append(drawn()).append(frame_ends);
  terminal_.write(frame);
}

void Screen::clear() { show({}); }

}  // namespace callrail::cli
