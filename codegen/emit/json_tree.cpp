#include "json_tree.hpp"

#include "../model/json_text.hpp"
#include "text_block.hpp"

namespace callrail::codegen {

JsonTree JsonTree::raw(std::string json) {
  JsonTree out;
  out.raw_ = std::move(json);
  return out;
}

JsonTree JsonTree::text(std::string_view text) { return raw(json_quoted(text)); }

JsonTree JsonTree::object() {
  JsonTree out;
  out.kind_ = Kind::object;
  return out;
}

JsonTree JsonTree::array() {
  JsonTree out;
  out.kind_ = Kind::array;
  return out;
}

JsonTree& JsonTree::add(std::string_view key, JsonTree value) {
  members_.emplace_back(json_quoted(key) + ": ", std::move(value));
  return *this;
}

JsonTree& JsonTree::add(std::string_view key, std::string_view text) {
  return add(key, JsonTree::text(text));
}

JsonTree& JsonTree::push(JsonTree value) {
  members_.emplace_back("", std::move(value));
  return *this;
}

std::string JsonTree::one_line() const {
  if (kind_ == Kind::raw) return raw_;
  std::string inside;
  for (const auto& [key, value] : members_)
    inside += (inside.empty() ? "" : ", ") + key + value.one_line();
  if (kind_ == Kind::array) return "[" + inside + "]";
  return inside.empty() ? "{}" : "{ " + inside + " }";
}

std::string JsonTree::print(std::size_t indent, std::size_t before) const {
  const std::string flat = one_line();
  if (kind_ == Kind::raw || indent + before + width_of(flat) + 1 <= columns) return flat;
  const bool is_array = kind_ == Kind::array;
  std::string out{is_array ? "[" : "{"};
  for (const auto& [key, value] : members_) {
    out += out.size() == 1 ? "\n" : ",\n";
    out += std::string(indent + 2, ' ') + key + value.print(indent + 2, key.size());
  }
  return out + "\n" + std::string(indent, ' ') + (is_array ? "]" : "}");
}

}  // namespace callrail::codegen
