#pragma once

#include "model/yaml_tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// Bytes of a text that are replaced by others; none are removed to insert.
struct Edit {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string text{};
};

/// The text with all edits done. They do not overlap; those at one place stand in their order.
std::string edited(std::string_view text, const std::vector<Edit>& edits);

/// A YAML file as text and as a tree: finds where in the text a value of the tree begins and ends.
class Source {
 public:
  explicit Source(std::string_view text);

  const yaml::Value& root() const { return root_; }
  std::string_view text() const { return text_; }

  std::size_t begin(const yaml::Value&) const;
  /// Behind its last byte; nothing for block scalars and what is spelled in some other rare way.
  std::optional<std::size_t> end(const yaml::Value&) const;
  bool in_braces(const yaml::Value&) const;  ///< `{ … }` or `[ … ]`

  std::size_t line_begin(std::size_t at) const;
  std::size_t line_end(std::size_t at) const;  ///< behind the line's end
  /// The blanks in front of the first word of the line.
  std::string indent(std::size_t at) const;
  /// Blanks behind a comma at `at` that padded a column, at most `most`, one is left.
  std::size_t padding(std::size_t at, std::size_t most) const;

 private:
  std::optional<std::size_t> end_of_text(const yaml::Value&) const;
  std::optional<std::size_t> end_of_quoted(std::size_t at) const;
  std::optional<std::size_t> closing(std::size_t at, char bracket) const;

  std::string_view text_;
  std::vector<std::size_t> starts_{0};
  yaml::Value root_;
};

const yaml::Value* find_member(const yaml::Value& map, std::string_view key);

}  // namespace callrail::codegen
