#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace callrail::cli {

/// Writes one JSON value, indented; the caller says where objects and lists begin and end. The
/// text must be UTF-8 without control characters, as `escape_controls` leaves it.
class JsonWriter {
 public:
  JsonWriter& key(std::string_view name) {
    separate();
    quote(name);
    out_ += ": ";
    behind_key_ = true;
    return *this;
  }
  void text(std::string_view value) {
    separate();
    quote(value);
  }
  void text_or_null(std::string_view value) { value.empty() ? raw("null") : text(value); }
  void number(std::uint64_t value) { raw(std::to_string(value)); }
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  void open(char bracket) {
    separate();
    out_ += bracket;
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) line();
    out_ += bracket;
    first_ = false;
  }
  std::string take() && { return std::move(out_) + "\n"; }

 private:
  void separate() {
    if (behind_key_) {
      behind_key_ = false;
      return;
    }
    if (depth_ == 0) return;
    if (!first_) out_ += ',';
    first_ = false;
    line();
  }
  void line() { out_.append("\n").append(static_cast<std::size_t>(depth_) * 2, ' '); }
  void quote(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }

  std::string out_;
  int depth_ = 0;
  bool first_ = true;
  bool behind_key_ = false;
};

}  // namespace callrail::cli
