#pragma once

#include <callrail/types.hpp>

namespace callrail::bench {

/// Steps through compact JSON of our own making, hence without a doubt about it.
class RawJson {
 public:
  explicit RawJson(Text json) : at_{json.data()}, end_{json.data() + json.size()} {}

  const char* at() const { return at_; }
  bool take(char c) { return at_ != end_ && *at_ == c && (++at_, true); }
  /// The next value as it stands, strings with their quotes.
  Text value() {
    const char* const begin = at_;
    int depth = 0;
    do {
      const char c = *at_;
      if (c == '"') {
        for (++at_; *at_ != '"'; ++at_)
          if (*at_ == '\\') ++at_;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      } else if (depth == 0) {
        while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']') ++at_;
        break;
      }
      ++at_;
    } while (depth > 0);
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

 private:
  const char* at_;
  const char* end_;
};

/// `take(key, value)`, both as they stand.
template <class Take>
void each_member(Text object, Take take) {
  RawJson json{object};
  json.take('{');
  if (json.take('}')) return;
  do {
    const Text key = json.value();
    json.take(':');
    take(key, json.value());
  } while (json.take(','));
}

template <class Take>
void each_element(Text array, Take take) {
  RawJson json{array};
  json.take('[');
  if (json.take(']')) return;
  do take(json.value());
  while (json.take(','));
}

/// The text between the quotes of a JSON string.
inline Text unquoted(Text string) { return string.substr(1, string.size() - 2); }

}  // namespace callrail::bench
