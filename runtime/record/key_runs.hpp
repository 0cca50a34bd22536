#pragma once

#include <string>
#include <string_view>

namespace callrail {

/// Finds the API key and pieces of it in text that must stay exact otherwise.
///
/// A log may lose five characters that happen to be those of the key's end; data may not: in a
/// million hexadecimal ids there are such runs. So eight characters from anywhere in the key are
/// taken for a piece of it, five of its beginning or end only where they stand as a word of their
/// own ("key zqkx7…"). Runs inside a longer word are broken up by whoever writes the text.
class KeyRuns {
 public:
  explicit KeyRuns(std::string key);

  /// Whether some piece stands in the text.
  bool in(std::string_view text) const;
  /// The text with [key] instead of each piece.
  std::string hidden(std::string_view text) const;
  /// Whether the text ends with the key's first or last five characters, in whatever word.
  bool ends(std::string_view text) const {
    if (key_.empty() || text.empty()) return false;
    // Asked for every character of every answer; nearly all of them settle it here.
    const char c = text.back();
    if (c != first_.back() && c != last_.back()) return false;
    return text.ends_with(first_) || text.ends_with(last_);
  }

 private:
  std::size_t piece_at(std::string_view text, std::size_t at) const;
  std::size_t next(std::string_view text, std::size_t from) const;

  std::string key_;  ///< empty: too short to be told from data
  std::string first_, last_;
};

}  // namespace callrail
