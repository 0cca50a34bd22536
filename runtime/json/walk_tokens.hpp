// No #pragma once and no includes: a part of walk.hpp. Values that end in the block they begin in,
// which are most.

inline bool is_null(const char* in) { return begins(in, "null"); }

/// null, a boolean or a number without sign and exponent, in front of a comma or a brace.
struct Scalar {
  bool good;
  Kind kind;
  std::size_t size;
};

[[gnu::always_inline]] inline Scalar scalar_token(const char* in, std::uint8_t accepts,
                                                  bool integer) {
  const auto block = Vector::load(in);
  const std::size_t size = first_of(Vector::is(block, ',') | Vector::is(block, '}'));
  const Bits there = low_bits(size), digits = Vector::digits(block) & there;
  const Bits point = Vector::is(block, '.') & there;
  // One point at most, digits around it, and no zero in front of a digit.
  const bool number = ((digits | point) == there) & ((point & (point - 1)) == 0) &
                      ((digits & 1) != 0) & ((point & ~(digits >> 1)) == 0) &
                      ((*in != '0') | ((digits & 2) == 0)) & ((point == 0) | !integer);
  const bool says_null = begins(in, "null"), says_true = begins(in, "true");
  const bool says_false = begins(in, "false"), null = says_null & (size == 4);
  const bool boolean = (says_true & (size == 4)) | (says_false & (size == 5));
  static_assert(accept_null == 1 && accept_boolean == 2 && accept_number == 4);
  static_assert(int(Kind::null) == 1 && int(Kind::boolean) == 2 && int(Kind::number) == 3);
  const unsigned kind = unsigned{null} | unsigned{boolean} << 1 | unsigned{number} << 2;
  return {(kind & accepts) != 0, static_cast<Kind>(kind - (kind >> 2)), size};
}
