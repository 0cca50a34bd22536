#include "apply_patch.hpp"

#include "line_diff.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace callrail::codegen {
namespace {

struct Hunk {
  std::string head;
  std::size_t line = 0;  ///< of the old text, from 1; for a hunk without old lines the one before
  std::vector<std::string> before, after;
};

std::optional<std::size_t> take_number(std::string_view& rest) {
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), n);
  if (error != std::errc{}) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return n;
}

struct Range {
  std::size_t line = 0, count = 1;
};

std::optional<Range> take_range(std::string_view& rest, std::string_view sign) {
  if (!rest.starts_with(sign)) return std::nullopt;
  rest.remove_prefix(sign.size());
  Range out;
  const auto line = take_number(rest);
  if (!line) return std::nullopt;
  out.line = *line;
  if (!rest.starts_with(',')) return out;
  rest.remove_prefix(1);
  const auto count = take_number(rest);
  if (!count) return std::nullopt;
  out.count = *count;
  return out;
}

std::string one_line(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return std::string{line};
}

/// The name behind `--- ` or `+++ `, without the time some programs add.
std::string_view name_in(std::string_view line) {
  line.remove_prefix(4);
  return line.substr(0, line.find_first_of("\t\r\n"));
}

class PatchReader {
 public:
  PatchReader(std::string_view patch, std::string_view file)
      : lines_{lines_with_ends(patch)}, file_{file} {}

  /// Empty with a `trouble` if the patch is not to be understood.
  std::vector<Hunk> read() {
    std::vector<Hunk> hunks;
    while (i_ < lines_.size() && trouble.empty()) {
      const std::string_view line = lines_[i_];
      if (line.starts_with("--- ")) {
        ++i_;
        take_file();
      } else if (line.starts_with("@@")) {
        if (!named_)
          trouble = "the patch has hunks before the name of a file";
        else
          hunks.push_back(take_hunk());
      } else {
        ++i_;  // what git and people write above a patch
      }
    }
    if (trouble.empty() && hunks.empty()) trouble = "there is no hunk in it";
    if (!trouble.empty()) hunks.clear();
    return hunks;
  }

  std::string trouble;

 private:
  void take_file() {
    if (i_ == lines_.size() || !lines_[i_].starts_with("+++ ")) {
      trouble = "a line +++ is missing";
      return;
    }
    const std::string_view name = name_in(lines_[i_++]);
    if (named_)
      trouble = "it changes a second file, " + std::string{name} + "; only the schema may change";
    else if (name != file_ && !name.ends_with("/" + std::string{file_}))
      trouble = "it changes " + std::string{name} + ", not " + std::string{file_};
    named_ = true;
  }

  Hunk take_hunk() {
    Hunk out;
    out.head = one_line(lines_[i_]);
    std::string_view rest = lines_[i_++];
    const auto before = take_range(rest, "@@ -");
    const auto after = before ? take_range(rest, " +") : std::nullopt;
    if (!after || !rest.starts_with(" @@")) {
      trouble = "not a hunk: " + out.head;
      return out;
    }
    out.line = before->line;
    while (i_ < lines_.size() &&
           (out.before.size() < before->count || out.after.size() < after->count)) {
      const std::string_view line = lines_[i_];
      const char sign = line.front();
      if (sign == '\n') {  // editors cut the blank of an empty line
        out.before.emplace_back(line);
        out.after.emplace_back(line);
      } else if (sign == ' ' || sign == '-' || sign == '+') {
        if (sign != '+') out.before.emplace_back(line.substr(1));
        if (sign != '-') out.after.emplace_back(line.substr(1));
      } else {
        break;
      }
      ++i_;
      if (i_ < lines_.size() && lines_[i_].starts_with("\\")) {
        if (sign != '+') out.before.back().pop_back();
        if (sign != '-') out.after.back().pop_back();
        ++i_;
      }
    }
    if (out.before.size() != before->count || out.after.size() != after->count)
      trouble = "the hunk " + out.head + " is cut short";
    return out;
  }

  std::vector<std::string_view> lines_;
  std::string_view file_;
  std::size_t i_ = 0;
  bool named_ = false;
};

bool stand_at(const std::vector<std::string_view>& text, const std::vector<std::string>& lines,
              std::size_t at) {
  if (at + lines.size() > text.size()) return false;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (text[at + i] != lines[i]) return false;
  return true;
}

/// Where the lines stand at or after `least`: at `wanted`, or the places there are.
std::vector<std::size_t> find_lines(const std::vector<std::string_view>& text,
                                    const std::vector<std::string>& lines, std::size_t least,
                                    std::size_t wanted) {
  if (wanted >= least && stand_at(text, lines, wanted)) return {wanted};
  std::vector<std::size_t> places;
  for (std::size_t at = least; at + lines.size() <= text.size(); ++at)
    if (stand_at(text, lines, at)) places.push_back(at);
  return places;
}

}  // namespace

Applied apply_patch(std::string_view text, std::string_view patch, std::string_view file) {
  PatchReader reader{patch, file};
  const auto hunks = reader.read();
  if (!reader.trouble.empty()) return {{}, reader.trouble};
  const auto lines = lines_with_ends(text);
  std::string out;
  std::size_t done = 0;
  std::ptrdiff_t moved = 0;
  for (std::size_t n = 0; n < hunks.size(); ++n) {
    const Hunk& hunk = hunks[n];
    const std::size_t stated = hunk.before.empty() || hunk.line == 0 ? hunk.line : hunk.line - 1;
    const auto wanted = static_cast<std::ptrdiff_t>(stated) + moved;
    const std::size_t here = static_cast<std::size_t>(wanted < 0 ? 0 : wanted);
    const auto places = find_lines(lines, hunk.before, done, here);
    const auto trouble = [&](const std::string& what) {
      return Applied{{},
                     "hunk " + std::to_string(n + 1) + " of " + std::to_string(hunks.size()) +
                         ", " + hunk.head + ", " + what};
    };
    // Lines that look alike stand elsewhere too, and may be about something else.
    if ((places.empty() || places.front() != here) && stand_at(lines, hunk.after, here))
      return trouble("is applied already: its new lines stand in line " + std::to_string(here + 1));
    if (places.size() > 1)
      return trouble("fits in lines " + std::to_string(places[0] + 1) + " and " +
                     std::to_string(places[1] + 1) + ", and not where it says");
    if (places.empty()) {
      const std::string first = hunk.before.empty() ? std::string{} : one_line(hunk.before.front());
      const bool windows = text.find("\r\n") != text.npos;
      return trouble("does not fit: the lines from \"" + first +
                     "\" on are not there as it has them" +
                     (windows ? "; the file's lines end as on Windows" : ""));
    }
    const std::size_t at = places.front();
    moved = static_cast<std::ptrdiff_t>(at) - static_cast<std::ptrdiff_t>(stated);
    for (; done < at; ++done) out += lines[done];
    for (const auto& line : hunk.after) out += line;
    done += hunk.before.size();
  }
  for (; done < lines.size(); ++done) out += lines[done];
  return {out, {}};
}

}  // namespace callrail::codegen
