#include "big_integers.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace callrail::codegen {
namespace {

bool is_of_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// An integer as JSON spells it that no signed one of 64 bits can be.
bool is_big_integer(std::string_view number) {
  const bool minus = number.starts_with('-');
  if (number.size() < 19 || number[minus] == '0') return false;
  std::int64_t value = 0;
  const char* const last = number.data() + number.size();
  const auto [end, error] = std::from_chars(number.data(), last, value);
  return error == std::errc::result_out_of_range && end == last;
}

}  // namespace

std::string BigIntegers::replaced(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_text = false;
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (in_text || !is_of_number(c)) {
      const std::size_t length = in_text && c == '\\' && i + 1 < json.size() ? 2 : 1;
      if (c == '"') in_text = !in_text;
      out += json.substr(i, length);
      i += length;
      continue;
    }
    const auto end =
        std::find_if_not(json.begin() + static_cast<std::ptrdiff_t>(i), json.end(), is_of_number);
    const auto number = json.substr(i, static_cast<std::size_t>(end - json.begin()) - i);
    if (is_big_integer(number)) {
      ++count_;
      out += std::to_string(stand_in(number));
    } else {
      out += number;
    }
    i += number.size();
  }
  return out;
}

/// From the largest down: those that no signed integer is, and so none of the page's own.
std::uint64_t BigIntegers::stand_in(std::string_view digits) {
  const auto next = std::numeric_limits<std::uint64_t>::max() - stand_ins_.size();
  return stand_ins_.try_emplace(std::string{digits}, next).first->second;
}

}  // namespace callrail::codegen
