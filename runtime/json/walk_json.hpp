// No #pragma once and no includes: a part of walk.hpp. JSON that is stepped over, or copied as it
// is, while it is looked at.

template <Spell spell>
inline void put(At& at, char c) {
  if constexpr (spell != Spell::nothing) *at.out++ = c;
}
template <Spell spell>
inline void put_quote(At& at) {
  put<spell>(at, '"');
  if constexpr (spell == Spell::doubled) *at.out++ = '"';
}

/// Copies an escape; false if it is none.
template <Spell spell>
inline bool copy_escape(At& at) {
  const char kind = at.in[1];
  std::size_t size = 2;
  if (begins(at.in, "\\u0026")) {  // how the API spells &
    size = 6;
  } else if (kind == 'u') {
    for (std::size_t i = 2; i < 6; ++i)
      if (!is_hex(at.in[i])) return false;
    size = 6;
  } else if (simple_escape(kind) == 0) {
    return false;
  }
  if constexpr (spell != Spell::nothing) std::memcpy(at.out, at.in, 6), at.out += size;
  if constexpr (spell == Spell::doubled)
    if (kind == '"') *at.out++ = '"';
  at.in += size;
  return true;
}

/// Looks at the bytes beyond ASCII of a text, block by block. Few of them are looked at one by one,
/// which is cheaper than to begin with a vector; of many the whole text is.
struct Utf8Watch {
  const char* from;
  const char* good;  ///< up to here
  bool all = false;

  /// `beyond`: those of the block at `in`. False if they are no UTF-8.
  [[gnu::always_inline]] bool look(const char* in, Bits beyond) {
    return beyond == 0 || few(in, beyond);
  }
  bool end(const char* to) const {
    return !all || is_utf8({from, static_cast<std::size_t>(to - from)});
  }

 private:
  [[gnu::noinline]] bool few(const char* in, Bits beyond) {
    if (all || std::popcount(beyond) > 12) return all = true;
    while (beyond != 0) {
      const char* const at = in + first_of(beyond);
      if (at >= good) {
        const std::size_t size = character(reinterpret_cast<const unsigned char*>(at));
        if (size == 0) return false;
        good = at + size;
      }
      beyond &= beyond - 1;
    }
    return true;
  }

  /// Bytes of the character beyond ASCII that begins here; 0: there is none.
  static std::size_t character(const unsigned char* at) {
    const auto follows = [&](std::size_t i) { return (at[i] & 0xc0U) == 0x80; };
    const unsigned lead = at[0], next = at[1];
    if (lead < 0xe0) return lead >= 0xc2 && follows(1) ? 2 : 0;
    if (lead < 0xf0) {
      // No longer spelling than it takes, and no half of a surrogate pair.
      const bool good = lead == 0xe0 ? next >= 0xa0 : lead != 0xed || next < 0xa0;
      return good && follows(1) && follows(2) ? 3 : 0;
    }
    const bool good = lead == 0xf0 ? next >= 0x90 : lead < 0xf4 || (lead == 0xf4 && next < 0x90);
    return good && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
};

/// From behind the opening quote to behind the closing one. `escapes`: there were some.
template <Spell spell>
[[gnu::noinline]] At marked_string(At at, bool& escapes) {
  Utf8Watch watch{at.in, at.in};
  escapes = false;
  while (true) {
    const auto block = Vector::load(at.in);
    if constexpr (spell != Spell::nothing) Vector::store(at.out, block);
    const Bits stop = Vector::stops(block);
    const std::size_t n = stop == 0 ? Vector::width : first_of(stop);
    if (!watch.look(at.in, Vector::no_ascii(block) & below_first(stop))) return surprise;
    at.in += n;
    if constexpr (spell != Spell::nothing) at.out += n;
    if (stop == 0) continue;
    if (*at.in == '\\') {
      escapes = true;
      if (!copy_escape<spell>(at)) return surprise;
      continue;
    }
    if (*at.in != '"') return surprise;
    if (!watch.end(at.in)) return surprise;
    put_quote<spell>(at);
    ++at.in;
    return at;
  }
}

/// A string that is plain text, from behind its opening quote; false if it is not: then `at` stays.
template <bool copy, bool commas = false>
[[gnu::always_inline]] inline bool plain_text(At& at, const char*& closing) {
  const char* in = at.in;
  char* out = at.out;
  while (true) {
    const auto block = Vector::load(in);
    if constexpr (copy) Vector::store(out, block);
    const Bits quote = Vector::is(block, '"');
    const Bits marks = commas ? Vector::marks_or_commas(block) : Vector::marks(block);
    if ((marks & (quote ^ (quote - 1))) != 0) return false;
    if (quote != 0) {
      const std::size_t n = first_of(quote);
      closing = in + n;
      at = {closing + 1, copy ? out + n : out};
      return true;
    }
    in += Vector::width;
    if constexpr (copy) out += Vector::width;
  }
}

template <Spell spell>
[[gnu::always_inline]] inline At json_string(At at) {
  put_quote<spell>(at);
  const char* closing;
  if (plain_text<spell != Spell::nothing>(at, closing)) {
    put_quote<spell>(at);
    return at;
  }
  bool escapes;
  return marked_string<spell>(at, escapes);
}

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
template <Spell spell>
inline At scalar(At at, std::uint8_t& kind, bool& fraction) {
  const char* end = nullptr;
  fraction = false;
  if (begins(at.in, "null")) {
    kind = accept_null, end = at.in + 4;
  } else if (begins(at.in, "true")) {
    kind = accept_boolean, end = at.in + 4;
  } else if (begins(at.in, "false")) {
    kind = accept_boolean, end = at.in + 5;
  } else {
    kind = accept_number, end = number_end(at.in, fraction);
    if (end == nullptr) return surprise;
  }
  if constexpr (spell != Spell::nothing)
    for (; at.in != end; ++at.in) *at.out++ = *at.in;
  at.in = end;
  return at;
}

template <Spell spell>
At any_value(At at, int level);

/// Behind the opening bracket or brace of a value nobody described.
template <Spell spell>
At any_list(At at, int level) {
  if (*at.in == ']') {
    put<spell>(at, *at.in++);
    return at;
  }
  while (true) {
    at = any_value<spell>(at, level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != ']') return surprise;
    put<spell>(at, c);
    if (c == ']') return at;
  }
}

template <Spell spell>
At any_object(At at, int level) {
  if (*at.in == '}') {
    put<spell>(at, *at.in++);
    return at;
  }
  while (true) {
    if (*at.in != '"') return surprise;
    ++at.in;
    at = json_string<spell>(at);
    if (at.in == nullptr || *at.in != ':') return surprise;
    put<spell>(at, *at.in++);
    at = any_value<spell>(at, level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != '}') return surprise;
    put<spell>(at, c);
    if (c == '}') return at;
  }
}

template <Spell spell>
[[gnu::noinline]] At any_value(At at, int level) {
  if (level > deepest) return surprise;
  const char c = *at.in;
  if (c == '"') {
    ++at.in;
    return json_string<spell>(at);
  }
  if (c == '{' || c == '[') {
    put<spell>(at, c);
    ++at.in;
    return c == '{' ? any_object<spell>(at, level) : any_list<spell>(at, level);
  }
  std::uint8_t kind;
  bool fraction;
  return scalar<spell>(at, kind, fraction);
}
