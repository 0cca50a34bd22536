#pragma once

#include <callrail/types.hpp>

#include <optional>
#include <string>

namespace callrail {

/// Steps through compact JSON. The decoder has validated it, so this looks no closer than it must
/// to find where a value ends; on anything else it returns false and stays inside the text.
class JsonScan {
 public:
  explicit JsonScan(Text json) : at_{json.data()}, end_{json.data() + json.size()} {}

  const char* at() const { return at_; }
  bool done() const { return at_ == end_; }
  bool sees(char c) const { return at_ != end_ && *at_ == c; }
  bool take(char c) { return sees(c) && (++at_, true); }
  Text rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  void skip(std::size_t bytes) { at_ += bytes; }  ///< of `rest`

  /// A string with its quotes; nothing if none begins or ends here.
  std::optional<Text> string();
  /// A value of any kind, as sent.
  std::optional<Text> value();

 private:
  bool skip_string();
  bool skip_nested();

  const char* at_;
  const char* end_;
};

/// Appends what a JSON string (without its quotes) stands for, which is never longer. False, with
/// `out` unchanged, if it has no UTF-8 form: half of a surrogate pair alone, or a broken escape.
bool append_unescaped(Text in, std::string& out);

/// The cell of a JSON value. Strings with escapes are written to `scratch`, which must have the
/// room already: the cell points into it. A string without a UTF-8 form stays JSON.
Cell cell_of_json(Text value, std::string& scratch);

}  // namespace callrail
