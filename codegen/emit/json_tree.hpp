#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail::codegen {

/// A JSON value to be printed; members keep their order.
class JsonTree {
 public:
  static JsonTree raw(std::string json);  ///< a value that is JSON text already
  static JsonTree text(std::string_view text);
  static JsonTree object();
  static JsonTree array();

  JsonTree& add(std::string_view key, JsonTree value);
  JsonTree& add(std::string_view key, std::string_view text);
  JsonTree& push(JsonTree value);
  bool empty() const { return members_.empty(); }

  /// Two spaces a level; what fits into a line stands in one.
  std::string print(std::size_t indent = 0, std::size_t before = 0) const;

 private:
  enum class Kind { raw, object, array };
  std::string one_line() const;

  Kind kind_ = Kind::raw;
  std::string raw_;
  std::vector<std::pair<std::string, JsonTree>> members_;  ///< keys are empty in an array
};

}  // namespace callrail::codegen
