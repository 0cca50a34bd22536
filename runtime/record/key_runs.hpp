#pragma once

#include <bitset>
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
    return !key_.empty() && (text.ends_with(first_) || text.ends_with(last_));
  }
  /// Whether a text that ends with this may be one of those.
  bool may_end(char c) const { return !key_.empty() && (c == first_.back() || c == last_.back()); }

 private:
  std::size_t piece_at(std::string_view text, std::size_t at) const;
  std::size_t next(std::string_view text, std::size_t from) const;

  std::string key_;  ///< empty: too short to be told from data
  std::string first_, last_;
  std::bitset<65536> pairs_;  ///< characters that stand side by side in the key
};

}  // namespace callrail
