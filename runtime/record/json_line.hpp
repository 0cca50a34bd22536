#pragma once

#include "key_runs.hpp"
#include "sink/json_scan.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callrail {

/// Writes one JSON object on one line, as compact as `JsonScan` wants it. Where text happens to
/// hold the characters of the key's ends, one of them is spelled \u00..: readers get the text as it
/// was, and a search for the key in the file finds nothing.
class JsonLine {
 public:
  explicit JsonLine(const KeyRuns& key) : key_{key} {}

  JsonLine& text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
    return *this;
  }
  JsonLine& number(std::string_view name, std::integral auto value) {
    begin(name);
    out_ += std::to_string(value);
    return *this;
  }
  JsonLine& flag(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
    return *this;
  }
  /// An element of the list that `open` began.
  JsonLine& item(std::string_view value) {
    separate();
    quote(value);
    return *this;
  }
  JsonLine& open(std::string_view name, char bracket) {
    begin(name);
    out_ += bracket;
    return *this;
  }
  JsonLine& close(char bracket) {
    out_ += bracket;
    return *this;
  }
  std::string take() && { return std::move(out_) + "}\n"; }

 private:
  void separate() {
    if (out_.back() != '{' && out_.back() != '[') out_ += ',';
  }
  void begin(std::string_view name) {
    separate();
    out_.append("\"").append(name).append("\":");
  }
  void quote(std::string_view value);
  void quote(char c);  ///< one that may need it

  const KeyRuns& key_;
  std::string out_ = "{";
};

/// Calls `take(name, scan)` for each member of an object; it reads the value, and says whether it
/// could. False for anything that is no object.
template <class Take>
bool read_members(JsonScan& scan, Take take) {
  if (!scan.take('{')) return false;
  if (scan.take('}')) return true;
  do {
    const auto name = scan.string();
    if (!name || !scan.take(':') || !take(name->substr(1, name->size() - 2), scan)) return false;
  } while (scan.take(','));
  return scan.take('}');
}

std::optional<std::string> read_text(JsonScan&);
std::optional<std::int64_t> read_number(JsonScan&);
std::optional<bool> read_flag(JsonScan&);

/// Reads into `out`; false if something else stands there.
template <class T>
bool put_into(T& out, std::optional<T> value) {
  if (value) out = *std::move(value);
  return value.has_value();
}

}  // namespace callrail
