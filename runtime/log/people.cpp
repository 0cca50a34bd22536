#include "hiding.hpp"

#include <array>
#include <optional>

namespace callrail::hiding {
namespace {

// Country code and number, E.164; shorter runs behind a plus are offsets and differences.
constexpr std::size_t fewest_digits = 8, surely_whole = 10, most_digits = 15;
constexpr std::size_t digits_kept = 2;

/// A phone number in the text: where it ends.
using Match = std::optional<std::size_t>;

bool part_of_word(std::string_view text, std::size_t i) {
  return i < text.size() && (is_word(text[i]) || static_cast<unsigned char>(text[i]) >= 0x80);
}

constexpr bool is_gap(char c) {
  return std::string_view{" -.()/"}.find(c) != std::string_view::npos;
}

/// "09:15:27 +1000" and "09:22:21.049+0500": the plus belongs to a time.
bool is_zone_offset(std::string_view text, std::size_t plus) {
  for (std::size_t k = plus + 1; k < plus + 5; ++k)
    if (k >= text.size() || !is_digit(text[k])) return false;
  if (plus + 5 < text.size() && is_digit(text[plus + 5])) return false;
  std::size_t i = plus;
  if (i != 0 && text[i - 1] == ' ') --i;
  while (i != 0 && (is_digit(text[i - 1]) || text[i - 1] == '.')) --i;
  return i >= 2 && text[i - 1] == ':' && is_digit(text[i - 2]);
}

/// "+14045550110", "+1 (404) 555-0110", "+44 20 7946 0110", "%2B14045550110"
Match international(std::string_view text, std::size_t i) {
  const std::size_t start = i;
  if (text[i] == '+') {
    ++i;
  } else if (text.substr(i).starts_with("%2B") || text.substr(i).starts_with("%2b")) {
    i += 3;
  } else {
    return std::nullopt;
  }
  if (i >= text.size() || text[i] < '1' || text[i] > '9') return std::nullopt;
  if (is_zone_offset(text, start)) return std::nullopt;
  // Groups of digits, until the number is surely whole: what follows may be a count.
  std::size_t digits = 0, end = i;
  while (digits < surely_whole) {
    std::size_t group = 0;
    while (i + group < text.size() && is_digit(text[i + group])) ++group;
    const bool too_long = digits >= fewest_digits ? group > 4 : digits + group > most_digits;
    if (group == 0 || too_long) break;
    digits += group;
    end = i += group;
    for (int gap = 0; gap < 2 && i < text.size() && is_gap(text[i]); ++gap) ++i;
  }
  if (digits < fewest_digits) return std::nullopt;
  return end;
}

/// North American numbers: area code and exchange begin with 2 to 9.
class Shape {
 public:
  explicit Shape(std::string_view text, std::size_t i) : text_{text}, i_{i} {}
  bool digits(std::size_t n) {
    for (std::size_t k = 0; k < n; ++k, ++i_)
      if (i_ >= text_.size() || !is_digit(text_[i_])) return false;
    return true;
  }
  bool code() { return i_ < text_.size() && text_[i_] >= '2' && text_[i_] <= '9' && digits(3); }
  bool is(char c) { return i_ < text_.size() && text_[i_] == c && ++i_ != 0; }
  char separator() {
    return i_ < text_.size() && (text_[i_] == '-' || text_[i_] == '.') ? text_[i_++] : '\0';
  }
  std::size_t at() const { return i_; }
  bool ends() const {
    if (part_of_word(text_, i_)) return false;
    // "404-555-0110-22" is something else; a full stop ends a sentence.
    return !(i_ + 1 < text_.size() && (text_[i_] == '-' || text_[i_] == '.') &&
             is_word(text_[i_ + 1]));
  }

 private:
  std::string_view text_;
  std::size_t i_;
};

/// "(404) 555-0110", "(404)555.0110"
Match in_parentheses(std::string_view text, std::size_t i) {
  Shape s{text, i};
  if (!s.is('(') || !s.code() || !s.is(')')) return std::nullopt;
  if (!s.is(' ')) s.separator();
  if (!s.code()) return std::nullopt;
  if (!s.is(' ')) s.separator();
  if (!s.digits(4) || !s.ends()) return std::nullopt;
  return s.at();
}

/// "404-555-0110", "1.404.555.0110"
Match separated(std::string_view text, std::size_t i) {
  if (!is_digit(text[i])) return std::nullopt;
  if (i != 0 && (part_of_word(text, i - 1) || text[i - 1] == '-' || text[i - 1] == '.'))
    return std::nullopt;
  Shape s{text, i};
  if (text[i] == '1' && (!s.is('1') || s.separator() == '\0')) return std::nullopt;
  if (!s.code()) return std::nullopt;
  const char between = s.separator();
  if (between == '\0' || !s.code() || s.separator() != between || !s.digits(4) || !s.ends())
    return std::nullopt;
  return s.at();
}

/// Whether the text before `i` says that a phone number comes: `phone=`, `"…phone…": "`, `tel:`.
bool announced(std::string_view before) {
  constexpr std::array<std::string_view, 4> words{"phone", "tel", "mobile", "fax"};
  const std::size_t from = before.size() < 48 ? 0 : before.size() - 48;
  std::size_t end = before.size();
  while (end > from && std::string_view{"\"'=: \\"}.find(before[end - 1]) != before.npos) --end;
  if (end == before.size()) return false;
  std::size_t begin = end;
  while (begin > from && is_word(before[begin - 1])) --begin;
  std::string name{before.substr(begin, end - begin)};
  for (char& c : name) c = lower(c);
  for (const auto word : words)
    if (name.find(word) != name.npos) return true;
  return false;
}

/// "4045550110" without a sign of being one: only in quotes, or where the name before says so,
/// because ids, seconds and bytes look the same.
Match bare(std::string_view text, std::size_t i) {
  if (!is_digit(text[i]) || (i != 0 && part_of_word(text, i - 1))) return std::nullopt;
  Shape s{text, i};
  if (text[i] == '1') s.is('1');
  if (!s.code() || !s.code() || !s.digits(4) || !s.ends()) return std::nullopt;
  const bool quoted = i != 0 && s.at() < text.size() &&
                      (text[i - 1] == '"' || text[i - 1] == '\'') &&
                      (text[s.at()] == text[i - 1] || text[s.at()] == '\\');
  if (!quoted && !announced(text.substr(0, i))) return std::nullopt;
  return s.at();
}

Match phone_at(std::string_view text, std::size_t i) {
  if (const Match m = international(text, i)) return m;
  if (const Match m = in_parentheses(text, i)) return m;
  if (const Match m = separated(text, i)) return m;
  return bare(text, i);
}

bool is_local_part(char c) {
  return is_word(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view{".%+-'!#$&*/=?^`{|}~"}.find(c) != std::string_view::npos;
}
bool is_domain(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string mask_phones(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Match end = phone_at(text, i);
    if (!end) {
      out += text[i++];
      continue;
    }
    std::size_t digits = 0, seen = 0;
    std::size_t from = text[i] == '%' ? i + 3 : i;
    for (std::size_t k = from; k < *end; ++k) digits += is_digit(text[k]) ? 1 : 0;
    out += text.substr(i, from - i);
    for (; from < *end; ++from) {
      const bool digit = is_digit(text[from]);
      seen += digit ? 1 : 0;
      out += digit && seen + digits_kept <= digits ? '*' : text[from];
    }
    i = *end;
  }
  return out;
}

std::string mask_emails(std::string_view text) {
  constexpr std::string_view masked = "***@***";
  std::string out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text.substr(i).starts_with("%40");
    if (text[i] != '@' && !encoded) continue;
    std::size_t from = i, to = i + (encoded ? 3 : 1);
    const std::size_t domain = to;
    while (from > done && is_local_part(text[from - 1])) --from;
    // In an address of the web the name of the parameter stays.
    if (const std::size_t cut = text.substr(from, i - from).find_last_of("=&?/"); cut != text.npos)
      from += cut + 1;
    while (to < text.size() && is_domain(text[to])) ++to;
    while (to > domain && (text[to - 1] == '.' || text[to - 1] == '-')) --to;
    const std::string_view host = text.substr(domain, to - domain);
    if (from == i || host.find('.') == host.npos) continue;
    out.append(text.substr(done, from - done)).append(masked);
    done = to;
    i = to - 1;
  }
  return out.append(text.substr(done));
}

}  // namespace callrail::hiding
