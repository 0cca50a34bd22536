#include "key_runs.hpp"

#include "log/hiding.hpp"

namespace callrail {
namespace {

constexpr std::size_t shortest = 8, end_size = 5;

std::size_t pair_at(std::string_view text, std::size_t i) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[i])) << 8 |
         static_cast<unsigned char>(text[i + 1]);
}

constexpr bool is_of_word(char c) { return hiding::is_digit(c) || hiding::is_letter(c); }

}  // namespace

KeyRuns::KeyRuns(std::string key) {
  if (key.size() < end_size) return;
  key_ = std::move(key);
  first_ = key_.substr(0, end_size);
  last_ = key_.substr(key_.size() - end_size);
  for (std::size_t i = 0; i + 1 < key_.size(); ++i) pairs_.set(pair_at(key_, i));
}

/// Length of the piece that begins at `at`; 0: none.
std::size_t KeyRuns::piece_at(std::string_view text, std::size_t at) const {
  const std::string_view rest = text.substr(at);
  const auto common = [&](std::size_t from) {
    std::size_t n = 0;
    while (n < rest.size() && from + n < key_.size() && rest[n] == key_[from + n]) ++n;
    return n;
  };
  const std::size_t begin = common(0);
  if (begin == key_.size() || begin >= shortest) return begin;
  const auto alone = [&](std::size_t size) {
    const std::size_t end = at + size;
    return (at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]));
  };
  if (begin >= end_size && alone(begin)) return begin;
  if (rest.starts_with(last_) && alone(end_size)) return end_size;
  if (rest.size() < shortest) return 0;
  const std::size_t found = std::string_view{key_}.find(rest.substr(0, shortest));
  return found == std::string_view::npos ? 0 : common(found);
}

/// The next piece from there on, or npos.
std::size_t KeyRuns::next(std::string_view text, std::size_t from) const {
  if (key_.empty()) return text.npos;
  for (std::size_t i = from; i + end_size <= text.size(); ++i) {
    if (pairs_.test(pair_at(text, i)) && piece_at(text, i) != 0) return i;
  }
  return text.npos;
}

bool KeyRuns::in(std::string_view text) const { return next(text, 0) != text.npos; }

std::string KeyRuns::hidden(std::string_view text) const {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = next(text, 0); at != text.npos; at = next(text, done)) {
    out.append(text.substr(done, at - done));
    if (!out.ends_with("[key]")) out += "[key]";
    done = at + piece_at(text, at);
  }
  return out.append(text.substr(done));
}

}  // namespace callrail
