#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// What a line may hold.
inline constexpr std::size_t columns = 100;

/// One `.name = value` of an initializer. `literal` is a text that may be long: it becomes a string
/// literal, broken over lines where it has to be.
struct Part {
  std::string text;
  std::string literal{};
  bool is_literal = false;

  static Part of(std::string_view name, std::string_view value) {
    return {"." + std::string{name} + " = " + std::string{value}};
  }
  static Part quoted(std::string_view name, std::string_view text) {
    return {"." + std::string{name} + " = ", std::string{text}, true};
  }
};

/// A member of a struct and what to say about it.
struct Member {
  std::string declaration;
  std::string doc;
};

/// Text in the making, line by line, in the layout clang-format would give it: two spaces a level,
/// `columns` wide. There is nothing to fill in later, so nothing can stay unfilled.
class TextBlock {
 public:
  TextBlock& line(std::string_view text = "");
  TextBlock& indent(std::size_t spaces = 2);
  TextBlock& dedent(std::size_t spaces = 2);

  /// `marker` before each line, wrapped between words.
  TextBlock& comment(std::string_view marker, std::string_view text);

  /// Declarations with their trailing `///<` aligned; what does not fit there stands above.
  TextBlock& members(const std::vector<Member>& members);

  /// `head{.a = 1, .b = 2}tail` on one line, or one part per line. `head` ends in the brace.
  TextBlock& initializer(std::string_view head, const std::vector<Part>& parts,
                         std::string_view tail);

  /// `head` items `};` on one line, or one item per line with a comma behind each. `head` ends in
  /// the brace.
  TextBlock& list(std::string_view head, const std::vector<std::string>& items);
  /// The same for string literals; long ones are broken over lines.
  TextBlock& list_of_texts(std::string_view head, const std::vector<std::string>& texts);
  /// `enum class E : std::uint8_t { a, b };`
  TextBlock& enumeration(std::string_view head, const std::vector<std::string>& enumerators);

  std::string take() { return std::move(text_); }

 private:
  std::size_t room() const { return columns - indent_; }
  bool one_line(std::string_view head, const std::vector<std::string>& items,
                std::string_view tail);
  void part(std::string_view before, const Part& part, std::string_view after);

  std::string text_;
  std::size_t indent_ = 0;
};

/// `text` in lines of at most `width`, cut between words.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Columns a text takes: code points, as clang-format counts.
std::size_t width_of(std::string_view text);

}  // namespace callrail::codegen
