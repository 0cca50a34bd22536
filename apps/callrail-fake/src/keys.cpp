#include <callrail/fake/keys.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/random.hpp>
#include <callrail/fake/spelling.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

constexpr std::uint64_t account_stride = 100'000'000;
constexpr std::uint64_t first_large = 9'007'199'254'740'993;  // 2^53 + 1
constexpr std::uint64_t large_every = 97, large_at = 13;
constexpr Text alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
// Odd and no multiple of three, so it has an inverse modulo any power of 36.
constexpr std::uint64_t stride = 22'695'479;
static_assert(stride % 2 != 0 && stride % 3 != 0);

bool all_of(Text text, Text allowed) { return text.find_first_not_of(allowed) == Text::npos; }

void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> shift) & 15];
}

std::uint64_t inverse(std::uint64_t value, std::uint64_t modulus) {
  std::int64_t a = static_cast<std::int64_t>(value % modulus);
  std::int64_t m = static_cast<std::int64_t>(modulus), x = 1, y = 0;
  while (a > 1) {
    const std::int64_t q = a / m;
    std::int64_t rest = a % m;
    a = std::exchange(m, rest);
    rest = x - q * y;
    x = std::exchange(y, rest);
  }
  return static_cast<std::uint64_t>(x < 0 ? x + static_cast<std::int64_t>(modulus) : x);
}

}  // namespace

bool is_hex_key(Text text) {
  return text.size() == 35 && all_of(text.substr(0, 3), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
         all_of(text.substr(3), "0123456789abcdef");
}

Keys::Keys(std::span<const Text> examples, Text record, std::uint64_t seed, bool timed)
    : seed_{seed}, timed_{timed} {
  Text example = examples.empty() ? Text{} : examples.front();
  const bool quoted = example.starts_with('"');
  if (quoted && example.size() >= 2) example = example.substr(1, example.size() - 2);
  if (is_hex_key(example)) {
    prefix_ = example.substr(0, 3);
  } else if (!example.empty() && all_of(example, "0123456789")) {
    form_ = quoted ? Form::digits : Form::number;
    base_ = whole_number(example).value_or(1);
  } else if (!example.empty() && example.size() <= 12 && all_of(example, alphabet)) {
    form_ = Form::compact;
    length_ = std::max<std::size_t>(example.size(), 3);
  } else {
    for (const char c : record.substr(0, 3))
      prefix_ += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  }
}

void Keys::expect(std::uint32_t accounts, std::uint64_t rows) {
  accounts_ = std::max(accounts, 1U);
  // Room for a million rows that appear later.
  while (modulus() / accounts_ < rows + 1'000'000 && length_ < 6) ++length_;
}

std::uint64_t Keys::modulus() const {
  std::uint64_t n = 1;
  for (std::size_t i = 0; i < length_; ++i) n *= alphabet.size();
  return n;
}

std::uint64_t Keys::number(Place place) const {
  const std::uint64_t from =
      large_ && place.row % large_every == large_at ? first_large - large_at : base_;
  return from + place.account * account_stride + place.row;
}

void Keys::append(std::string& out, Place place, Instant at) const {
  switch (form_) {
    case Form::hex: {
      const std::uint64_t both = std::uint64_t{place.account} << 40 | place.row;
      const std::uint64_t noise = join(seed_, both);
      out += prefix_;
      if (timed_) {
        append_hex(out, static_cast<std::uint64_t>(at.time_since_epoch().count()), 12);
        out += '7';
        append_hex(out, noise, 3);
      } else {
        append_hex(out, noise, 16);
      }
      append_hex(out, mix(both ^ seed_), 16);
      return;
    }
    case Form::number:
    case Form::digits: append_number(out, static_cast<std::int64_t>(number(place))); return;
    case Form::compact: {
      const std::uint64_t n = modulus();
      std::uint64_t value = (place.row * accounts_ + place.account) % n * stride % n;
      value = (value + seed_ % n) % n;
      std::string digits(length_, '0');
      for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        *it = alphabet[value % alphabet.size()];
        value /= alphabet.size();
      }
      out += digits;
      return;
    }
  }
}

std::optional<Place> Keys::find(Text key) const {
  switch (form_) {
    case Form::hex: {
      if (!is_hex_key(key) || !key.starts_with(prefix_)) return std::nullopt;
      const std::uint64_t both = unmix(whole_number(key.substr(19), 16).value_or(0)) ^ seed_;
      return Place{static_cast<std::uint32_t>(both >> 40), both & ((std::uint64_t{1} << 40) - 1)};
    }
    case Form::number:
    case Form::digits: {
      const auto value = whole_number(key);
      if (!value) return std::nullopt;
      const std::uint64_t from = *value >= first_large ? first_large - large_at : base_;
      if (*value < from) return std::nullopt;
      return Place{static_cast<std::uint32_t>((*value - from) / account_stride),
                   (*value - from) % account_stride};
    }
    case Form::compact: {
      if (key.size() != length_ || !all_of(key, alphabet)) return std::nullopt;
      std::uint64_t value = 0;
      for (const char c : key) value = value * alphabet.size() + alphabet.find(c);
      const std::uint64_t n = modulus();
      value = (value + n - seed_ % n) % n;
      const std::uint64_t both = value * inverse(stride, n) % n;
      return Place{static_cast<std::uint32_t>(both % accounts_), both / accounts_};
    }
  }
  return std::nullopt;
}

}  // namespace callrail::fake
