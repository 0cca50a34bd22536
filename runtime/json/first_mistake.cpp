#include "first_mistake.hpp"

#include "value_check.hpp"

#include <callrail/utf8.hpp>

#include <array>

namespace callrail {

namespace {

/// Reads a text once, from left to right; `at_` stands where the mistake is.
class Proof {
 public:
  explicit Proof(Text text) : text_{text} {}

  std::optional<JsonMistake> run() {
    // What has to come next: a value, or what may follow one.
    bool value_due = true;
    for (;;) {
      skip_blanks();
      if (value_due) {
        if (!begin_value(value_due)) break;
      } else if (depth_ == 0) {
        if (at_ == text_.size()) return std::nullopt;
        what_ = "something follows the JSON";
        break;
      } else if (!after_value(value_due)) {
        break;
      }
    }
    if (at_ == text_.size()) what_ = "the JSON breaks off";
    return JsonMistake{at_, what_};
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (see() == ' ' || see() == '\n' || see() == '\t' || see() == '\r'))
      ++at_;
  }
  char see() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool wrong(Text what) { return what_ = what, false; }

  bool begin_value(bool& value_due) {
    value_due = false;
    switch (see()) {
      case '{':
      case '[': {
        if (depth_ == deepest) return wrong("the JSON is nested too deeply");
        const char closing = see() == '{' ? '}' : ']';
        open_[static_cast<std::size_t>(depth_++)] = closing;
        ++at_;
        skip_blanks();
        if (take(closing)) return --depth_, true;
        value_due = true;
        return closing == ']' || key();
      }
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: break;
    }
    const std::size_t length = number_length(text_.substr(at_));
    if (length == 0) return wrong("no JSON value begins here");
    at_ += length;
    return true;
  }

  bool after_value(bool& value_due) {
    const char closing = open_[static_cast<std::size_t>(depth_ - 1)];
    if (take(closing)) return --depth_, true;
    if (!take(',')) return wrong("a comma or a closing bracket is missing");
    value_due = true;
    if (closing == ']') return true;
    skip_blanks();
    return key();
  }

  bool key() {
    if (see() != '"') return wrong("the name of a member is missing");
    if (!string()) return false;
    skip_blanks();
    return take(':') || wrong("a colon is missing");
  }

  bool word(Text expected) {
    for (const char c : expected)
      if (!take(c)) return wrong("no JSON value begins here");
    return true;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') return ++at_, true;
      if (c < 0x20) return wrong("a control character stands in a string");
      if (c == '\\') {
        if (!escape()) return false;
        continue;
      }
      const Utf8 character = first_character(text_.substr(at_));
      if (character.broken) return wrong("bytes that are no UTF-8");
      at_ += character.size;
    }
    return false;
  }

  bool escape() {
    ++at_;
    if (!take('u')) {
      if (at_ == text_.size() || Text{"\"\\/bfnrt"}.find(see()) == Text::npos)
        return wrong("no such escape");
      ++at_;
      return true;
    }
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = see();
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
        return wrong("four hex digits are missing");
    }
    return true;
  }

  Text text_;
  Text what_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::array<char, deepest> open_{};  ///< what closes each object and list around
};

}  // namespace

std::optional<JsonMistake> first_mistake(Text text) { return Proof{text}.run(); }

}  // namespace callrail
