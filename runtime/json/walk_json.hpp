// No #pragma once and no includes: a part of walk.hpp. JSON that is looked at whatever it is, and
// JSON that is stepped over. All of these return what is behind the value; nothing: a surprise.

/// Behind the number; nothing if there is none. `fraction`: it has a point or an exponent.
inline const char* number_end(const char* at, bool& fraction) {
  const auto digit = [](char c) { return static_cast<unsigned char>(c - '0') <= 9; };
  fraction = false;
  if (*at == '-') ++at;
  if (*at == '0') {
    ++at;
  } else {
    if (!digit(*at)) return nullptr;
    while (digit(*at)) ++at;
  }
  if (*at == '.') {
    fraction = true;
    if (!digit(*++at)) return nullptr;
    while (digit(*at)) ++at;
  }
  if (*at == 'e' || *at == 'E') {
    fraction = true;
    ++at;
    if (*at == '+' || *at == '-') ++at;
    if (!digit(*at)) return nullptr;
    while (digit(*at)) ++at;
  }
  return at;
}

/// null, true, false or a number.
inline const char* scalar_end(const char* at, std::uint8_t& kind, bool& fraction) {
  fraction = false;
  kind = accept_null;
  if (begins(at, "null")) return at + 4;
  kind = accept_boolean;
  if (begins(at, "true")) return at + 4;
  if (begins(at, "false")) return at + 5;
  kind = accept_number;
  return number_end(at, fraction);
}

const char* any_value(const char* at, int level);

/// Behind the opening bracket or brace of a value nobody described.
inline const char* any_list(const char* at, int level) {
  if (*at == ']') return at + 1;
  while (true) {
    at = any_value(at, level + 1);
    if (at == nullptr) return nullptr;
    const char c = *at++;
    if (c == ']') return at;
    if (c != ',') return nullptr;
  }
}

inline const char* any_object(const char* at, int level) {
  if (*at == '}') return at + 1;
  while (true) {
    if (*at != '"') return nullptr;
    at = json_string(at + 1);
    if (at == nullptr || *at != ':') return nullptr;
    at = any_value(at + 1, level + 1);
    if (at == nullptr) return nullptr;
    const char c = *at++;
    if (c == '}') return at;
    if (c != ',') return nullptr;
  }
}

[[gnu::noinline]] const char* any_value(const char* at, int level) {
  if (level > deepest) return nullptr;
  const char c = *at;
  if (c == '"') return json_string(at + 1);
  if (c == '{') return any_object(at + 1, level);
  if (c == '[') return any_list(at + 1, level);
  std::uint8_t kind;
  bool fraction;
  return scalar_end(at, kind, fraction);
}

/// The bytes that a backslash escapes. `carried`: the first one is, by what came before; then
/// whether what comes next is.
inline Wide::Bits escaped_by(Wide::Bits slashes, bool& carried) {
  constexpr Wide::Bits even = static_cast<Wide::Bits>(~Wide::Bits{0}) / 3;  // 0101…
  slashes &= ~Wide::Bits{carried};
  const Wide::Bits behind = slashes << 1 | Wide::Bits{carried};
  // To add where a run begins in an odd place carries through it: what is behind its end comes out
  // the other way round than behind a run that begins in an even one.
  const Wide::Bits odd = slashes & ~even & ~behind;
  Wide::Bits ends = 0;
  carried = __builtin_add_overflow(odd, slashes, &ends);
  return (even ^ ends << 1) & behind;
}

/// Behind a string that nobody wants, from behind its opening quote. What its escapes are is not
/// looked at.
[[gnu::noinline]] inline const char* over_string(const char* in) {
  bool carried = false;
  for (;; in += Wide::width) {
    fetch_ahead(in);
    const auto block = Wide::load(in);
    const Wide::Bits slashes = Wide::is(block, '\\');
    Wide::Bits quotes = Wide::is(block, '"');
    if (slashes != 0 || carried) quotes &= ~escaped_by(slashes, carried);
    const Wide::Bits here = (quotes - 1) & ~quotes;
    if ((Wide::controls(block) & here) != 0 ||
        !is_utf8_up_to<Wide>(in, here, Wide::no_ascii(block)))
      return nullptr;
    if (quotes != 0) return in + std::countr_zero(quotes) + 1;
  }
}

/// How many brackets are open.
struct Open {
  int all = 1;
  int braces = 0;  ///< of them, those that are braces

  /// Where the last one closes; the width, if none does.
  std::size_t last(Wide::Bits opening, Wide::Bits closing) const {
    int closed = 0;
    for (; closing != 0; closing &= closing - 1) {
      const int opened = std::popcount(opening & ((closing & -closing) - 1));
      if (all + opened == ++closed) return static_cast<std::size_t>(std::countr_zero(closing));
    }
    return Wide::width;
  }
};

inline const char* over_any_string(const char* in) {
  const char* const end = plain_end(in);
  return end != nullptr || *in != '"' ? end : over_string(in + 1);
}

/// Whether the first value of an object or list is where it should be, without blanks. If it is
/// not, simdjson takes another bracket for the last one.
[[gnu::always_inline]] inline bool begins_well(const char* in) {
  if (*in++ == '{') {
    if (*in == '}') return true;
    in = over_any_string(in);
    if (in == nullptr || *in++ != ':') return false;
  } else if (*in == ']') {
    return true;
  }
  switch (*in) {
    case ' ':
    case ',':
    case ':':
    case '}':
    case ']': return false;
    case '"': break;
    default: return true;
  }
  in = over_any_string(in);
  return in != nullptr && *in != ':' && *in != ' ';
}

/// Behind an object or list in a row that nobody wants. Its strings end, are UTF-8 and hold no
/// control characters, nothing else is a control character, its brackets are as `is_enclosed` has
/// them, and it is far from too deep.
[[gnu::noinline]] inline const char* over_nested(const char* in) {
  const bool list = *in == '[';
  if (!begins_well(in)) return nullptr;
  Open open{1, list ? 0 : 1};
  bool carried = false;
  Wide::Bits in_string = 0;
  for (++in;; in += Wide::width) {
    fetch_ahead(in);
    const auto block = Wide::load(in);
    Wide::Bits quotes = Wide::is(block, '"');
    const Wide::Bits slashes = Wide::is(block, '\\');
    if (slashes != 0 || carried) quotes &= ~escaped_by(slashes, carried);
    const Wide::Bits strings = Wide::prefix_xor(quotes) ^ in_string;
    const Wide::Bits opening = Wide::opening(block) & ~strings;
    const Wide::Bits closing = Wide::closing(block) & ~strings;
    const Wide::Bits braces = Wide::is(block, '{') & opening, ends = Wide::is(block, '}') & closing;
    const int opened = std::popcount(opening), closed = std::popcount(closing);
    Wide::Bits here = ~Wide::Bits{0};
    std::size_t last = Wide::width;
    // Most blocks close less than is open, and then it does not matter where.
    if (open.all + opened > deepest_enclosed) return nullptr;
    if (open.all <= closed) {
      last = open.last(opening, closing);
      if (last != Wide::width) here = (Wide::Bits{1} << last) - 1;
    }
    if ((Wide::controls(block) & here) != 0 ||
        !is_utf8_up_to<Wide>(in, here, Wide::no_ascii(block)))
      return nullptr;
    if (last != Wide::width) {
      open.braces += std::popcount(braces & here) - std::popcount(ends & here);
      return open.braces == (list ? 0 : 1) && in[last] == (list ? ']' : '}') ? in + last + 1
                                                                             : nullptr;
    }
    open.all += opened - closed;
    open.braces += std::popcount(braces) - std::popcount(ends);
    // All ones, if the block ends inside of a string.
    in_string = Wide::Bits{0} - (strings >> (Wide::width - 1));
  }
}

/// Behind a value of a row that nobody wants.
[[gnu::always_inline]] inline const char* over_value(const char* in, const Foreseen& member) {
  if (*in == '"') {
    const char* const end = plain_end(in, member);
    return end != nullptr ? end : over_string(in + 1);
  }
  if (is_null(in)) return in + 4;
  if (*in == '{' || *in == '[') return over_nested(in);
  std::uint8_t kind;
  bool fraction;
  return scalar_end(in, kind, fraction);
}
