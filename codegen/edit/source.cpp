#include "source.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

std::string edited(std::string_view text, const std::vector<Edit>& edits) {
  // A stable sort by hand: that of libstdc++ 12 uses what clang calls deprecated.
  std::vector<const Edit*> in_order;
  for (const auto& edit : edits)
    in_order.insert(
        std::upper_bound(in_order.begin(), in_order.end(), &edit,
                         [](const Edit* one, const Edit* other) { return one->at < other->at; }),
        &edit);
  std::string out;
  std::size_t done = 0;
  for (const Edit* edit : in_order) {
    out += text.substr(done, edit->at - done);
    out += edit->text;
    done = edit->at + edit->length;
  }
  out += text.substr(done);
  return out;
}

Source::Source(std::string_view text) : text_{text} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts_.push_back(i + 1);
  Mistakes mistakes;
  root_ = yaml::parse(text, mistakes);
}

std::size_t Source::begin(const yaml::Value& value) const {
  return starts_[static_cast<std::size_t>(value.place.line - 1)] +
         static_cast<std::size_t>(value.place.column - 1);
}

bool Source::in_braces(const yaml::Value& value) const {
  const std::size_t at = begin(value);
  return value.kind != yaml::Kind::text && at < text_.size() &&
         (text_[at] == '{' || text_[at] == '[');
}

std::optional<std::size_t> Source::end(const yaml::Value& value) const {
  if (value.kind == yaml::Kind::text) return end_of_text(value);
  const yaml::Value* last = nullptr;
  if (!value.items.empty()) last = &value.items.back();
  if (!value.members.empty()) last = &value.members.back().second;
  const auto inside = last               ? end(*last)
                      : in_braces(value) ? std::optional{begin(value) + 1}
                                         : std::nullopt;
  if (!inside || !in_braces(value)) return inside;
  return closing(*inside, text_[begin(value)] == '{' ? '}' : ']');
}

/// Past blanks, comments and a last comma.
std::optional<std::size_t> Source::closing(std::size_t at, char bracket) const {
  while (at < text_.size() && (is_blank(text_[at]) || text_[at] == ',' || text_[at] == '#')) {
    if (text_[at] == '#') at = std::min(text_.find('\n', at), text_.size() - 1);
    ++at;
  }
  if (at >= text_.size() || text_[at] != bracket) return std::nullopt;
  return at + 1;
}

std::optional<std::size_t> Source::end_of_quoted(std::size_t at) const {
  const char quote = text_[at];
  for (++at; at < text_.size(); ++at) {
    if (quote == '"' && text_[at] == '\\')
      ++at;
    else if (text_[at] == quote && (quote == '"' || text_.substr(at + 1, 1) != "'"))
      return at + 1;
    else if (text_[at] == quote)
      ++at;
  }
  return std::nullopt;
}

std::optional<std::size_t> Source::end_of_text(const yaml::Value& value) const {
  std::size_t at = begin(value);
  if (at >= text_.size()) return std::nullopt;
  if (value.quoted) return text_[at] == '"' || text_[at] == '\'' ? end_of_quoted(at) : std::nullopt;
  // Where a plain text goes on in the next line, YAML puts a blank.
  for (const char c : value.text) {
    if (at < text_.size() && text_[at] == c && c != '\n') {
      ++at;
    } else if (is_blank(c)) {
      if (at >= text_.size() || !is_blank(text_[at])) return std::nullopt;
      while (at < text_.size() && is_blank(text_[at])) ++at;
    } else {
      return std::nullopt;
    }
    if (c == ' ')
      while (at < text_.size() && (text_[at] == '\n' || text_[at] == '\r')) {
        while (at < text_.size() && is_blank(text_[at])) ++at;
      }
  }
  return at;
}

std::size_t Source::line_begin(std::size_t at) const {
  return *std::prev(std::upper_bound(starts_.begin(), starts_.end(), at));
}

std::size_t Source::line_end(std::size_t at) const {
  const auto end = text_.find('\n', at);
  return end == std::string_view::npos ? text_.size() : end + 1;
}

std::string Source::indent(std::size_t at) const {
  const std::size_t from = line_begin(at);
  const std::size_t to = std::min(text_.find_first_not_of(' ', from), text_.size());
  return std::string(to - from, ' ');
}

std::size_t Source::padding(std::size_t at, std::size_t most) const {
  if (text_.substr(at, 1) != ",") return 0;
  std::size_t end = at + 1;
  while (end < text_.size() && text_[end] == ' ') ++end;
  // Blanks at the end of a line pad nothing.
  if (end == text_.size() || text_[end] == '\n' || end - at < 2) return 0;
  return std::min(most, end - at - 2);
}

const yaml::Value* find_member(const yaml::Value& map, std::string_view key) {
  for (const auto& [name, value] : map.members)
    if (name.text == key) return &value;
  return nullptr;
}

}  // namespace callrail::codegen
