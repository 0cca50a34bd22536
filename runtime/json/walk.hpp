// No #pragma once and no includes: a kernel includes this inside its own namespace, behind a
// `Vector`, where the compiler may use that vector's instructions.

enum class Out : std::uint8_t { cells, csv, jsonl };
/// How a nested value is copied while it is walked.
enum class Spell : std::uint8_t { nothing, raw, doubled };

/// Where reading and writing stand. Nothing to read: a surprise.
struct At {
  const char* in;
  char* out;
};
inline constexpr At surprise{nullptr, nullptr};

using Bits = Vector::Bits;
inline constexpr Bits no_bits = 0, all_bits = ~no_bits;

/// The bits below the lowest one; all, if there is none.
inline Bits below_first(Bits bits) { return bits == 0 ? all_bits : (bits - 1) & ~bits; }
inline std::size_t first_of(Bits bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }

template <std::size_t n>
inline bool begins(const char* at, const char (&word)[n]) {
  return std::memcmp(at, word, n - 1) == 0;
}

// ---- tests of values

constexpr Vector::Pattern pattern_of(const char* text) {
  Vector::Pattern p{};
  std::size_t size = 0;
  for (; text[size] != 0; ++size) {
    const auto c = static_cast<unsigned char>(text[size]);
    p.least[size] = c == 'd' ? '0' : c == '+' ? '+' : c;
    p.span[size] = c == 'd' ? 9 : c == '+' ? 2 : 0;
  }
  for (; size < 32; ++size) p.span[size] = 255;
  for (std::size_t i = 0; i < 16; ++i) {
    p.pairs[2 * i] = p.pairs[2 * i + 1] = 0x80;
    p.high[i] = 0xffff;
  }
  // Two digits as a number of sixteen bits, the first one higher: "07" <= "12" as 0x3037 <= 0x3132.
  const auto pair = [&](std::size_t lane, std::size_t at, const char* low, const char* high) {
    p.pairs[2 * lane] = static_cast<unsigned char>((at + 1) % 16);
    p.pairs[2 * lane + 1] = static_cast<unsigned char>(at % 16);
    p.low[lane] = static_cast<std::uint16_t>(low[0] << 8 | low[1]);
    p.high[lane] = static_cast<std::uint16_t>(high[0] << 8 | high[1]);
  };
  pair(0, 5, "01", "12");
  pair(1, 8, "01", "28");  // later days are looked at by the general way: months differ
  pair(2, 11, "00", "23");
  pair(3, 14, "00", "59");  // at 14 and 15: still in the lower half
  pair(8, 17, "00", "59");
  for (std::size_t i = 19; text[i] != 0; ++i) {
    if (text[i] != '+') continue;
    pair(9, i + 1, "00", "23");
    pair(10, i + 4, "00", "59");
  }
  return p;
}

inline constexpr Vector::Pattern instant_29 = pattern_of("dddd-dd-ddTdd:dd:dd.ddd+dd:dd");
inline constexpr Vector::Pattern instant_25 = pattern_of("dddd-dd-ddTdd:dd:dd+dd:dd");
inline constexpr Vector::Pattern instant_24 = pattern_of("dddd-dd-ddTdd:dd:dd.dddZ");
inline constexpr Vector::Pattern instant_20 = pattern_of("dddd-dd-ddTdd:dd:ddZ");

inline bool is_instant(const char* text, std::size_t size) {
  switch (size) {
    case 29:
      if (Vector::fits(text, instant_29) && text[23] != ',') return true;
      break;
    case 25:
      if (Vector::fits(text, instant_25) && text[19] != ',') return true;
      break;
    case 24:
      if (Vector::fits(text, instant_24)) return true;
      break;
    case 20:
      if (Vector::fits(text, instant_20)) return true;
      break;
    default: break;
  }
  return parse_timestamp({text, size}).has_value();
}

/// The lowest `size` bits; `size` is at most the vector's width.
inline Bits low_bits(std::size_t size) {
  return size == Vector::width ? all_bits : (Bits{1} << size) - 1;
}

inline bool has_blank(const char* text, std::size_t size) {
  for (; size > Vector::width; text += Vector::width, size -= Vector::width)
    if (Vector::is(Vector::load(text), ' ') != 0) return true;
  return (Vector::is(Vector::load(text), ' ') & low_bits(size)) != 0;
}

/// Whether `check_value` would note nothing about this text, which may be read 64 bytes beyond.
/// What is unclear here `fits` decides.
[[gnu::noinline]] bool passes(const Shape& shape, const char* text, std::size_t size) {
  switch (shape.test) {
    case Shape::Test::none: return true;
    case Shape::Test::instant: return is_instant(text, size);
    case Shape::Test::values:
      for (const Shape::Word& word : shape.words)
        if (word.size == size && Vector::same(text, word.text.data(), word.mask)) return true;
      break;
    case Shape::Test::e164: {
      if (size < 5 || size > 16 || text[0] != '+' || text[1] == '0') break;
      const Bits mask = low_bits(size) - 1;
      return (Vector::digits(Vector::load(text)) & mask) == mask;
    }
    case Shape::Test::address:
      if ((begins(text, "https://") || begins(text, "http://")) && !has_blank(text, size))
        return true;
      break;
    case Shape::Test::mail:
      if (size > Vector::width || size == 0) break;
      if (const Bits at = Vector::is(Vector::load(text), '@') & low_bits(size);
          at > 1 && static_cast<std::size_t>(std::bit_width(at)) < size && !has_blank(text, size))
        return true;
      break;
    case Shape::Test::zone:
      if (size > Vector::width || size == 0) break;
      if ((Vector::is(Vector::load(text), '/') & low_bits(size)) != 0 && !has_blank(text, size))
        return true;
      break;
    case Shape::Test::uuid: {
      constexpr Bits dashes = 1U << 8 | 1U << 13 | 1U << 18 | 1U << 23;
      constexpr Bits digits = 0xffffffffU & ~dashes;
      if (size != 36) break;
      const auto block = Vector::load(text);
      if ((Vector::hex(block) & digits) == digits && (Vector::is(block, '-') & dashes) == dashes &&
          (Vector::hex(Vector::load(text + 32)) & 15) == 15)
        return true;
      break;
    }
    case Shape::Test::format: break;
    case Shape::Test::several: return false;
  }
  return passes_slowly(*shape.field, {text, size});
}

// ---- JSON, copied as it is

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

// ---- nested values with a shape

template <Spell spell>
At shaped_value(At at, const Shape& shape, int level);

template <Spell spell>
At shaped_list(At at, const Shape& shape, int level) {
  if (shape.element == nullptr) return any_list<spell>(at, level);
  if (*at.in == ']') {
    put<spell>(at, *at.in++);
    return at;
  }
  while (true) {
    at = shaped_value<spell>(at, *shape.element, level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != ']') return surprise;
    put<spell>(at, c);
    if (c == ']') return at;
  }
}

/// The key at `in`, which is at its opening quote, is this member's.
[[gnu::always_inline]] inline bool is_key(const char* in, const Foreseen& member) {
  return Vector::same(in, member.key.data() + 1, member.mask >> 1);
}

[[gnu::always_inline]] inline void copy_key(char* out, const char* key, std::size_t size) {
  Vector::store(out, Vector::load(key));
  if (size > Vector::width) Vector::store(out + Vector::width, Vector::load(key + Vector::width));
}

template <Spell spell>
[[gnu::always_inline]] inline void put_key(At& at, const Foreseen& member) {
  if constexpr (spell == Spell::raw) {
    copy_key(at.out, member.key.data() + 1, member.size);
    at.out += member.size - 1;
  } else if constexpr (spell == Spell::doubled) {
    copy_key(at.out, member.quoted.data(), member.quoted_size);
    at.out += member.quoted_size;
  }
}

/// The value of a member: texts and null here, the rest elsewhere.
template <Spell spell>
[[gnu::always_inline]] inline At member_value(At at, const Foreseen& member, int level) {
  if (*at.in == '"') {
    if ((member.accepts & accept_text) == 0) return surprise;
    const char* const text = ++at.in;
    at = json_string<spell>(at);
    if (member.test == Shape::Test::none || at.in == nullptr) return at;
    return passes(*member.shape, text, static_cast<std::size_t>(at.in - 1 - text)) ? at : surprise;
  }
  if (begins(at.in, "null") && (member.accepts & accept_null) != 0) {
    if constexpr (spell != Spell::nothing) std::memcpy(at.out, "null", 4), at.out += 4;
    at.in += 4;
    return at;
  }
  if (begins(at.in, "{}") && (member.accepts & accept_object) != 0 && member.shape->required == 0) {
    if constexpr (spell != Spell::nothing) std::memcpy(at.out, "{}", 2), at.out += 2;
    at.in += 2;
    return at;
  }
  return shaped_value<spell>(at, *member.shape, level);
}

/// The members of an object from the one at `next` on, in whatever order.
template <Spell spell>
[[gnu::noinline]] At shuffled_members(At at, const Shape& shape, std::size_t next, int level) {
  const auto& members = shape.members;
  std::uint64_t seen = (std::uint64_t{1} << next) - 1;
  while (true) {
    if (*at.in != '"') return surprise;
    std::size_t i = next;
    if (i >= members.size() || !is_key(at.in, members[i]))
      for (i = 0; i < members.size() && !is_key(at.in, members[i]);) ++i;
    if (i < members.size()) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((seen & bit) != 0) return surprise;
      seen |= bit;
      next = i + 1;
      put_key<spell>(at, members[i]);
      at.in += members[i].size - 1;
      at = member_value<spell>(at, members[i], level + 1);
    } else {
      // A key that is one of ours behind an escape is not recognised, so it must not have any.
      if (shape.closed) return surprise;
      const char* const key = at.in++;
      at = json_string<spell>(at);
      if (at.in == nullptr || *at.in != ':') return surprise;
      if (std::memchr(key, '\\', static_cast<std::size_t>(at.in - key)) != nullptr) return surprise;
      put<spell>(at, *at.in++);
      at = any_value<spell>(at, level + 1);
    }
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    if (c != ',' && c != '}') return surprise;
    put<spell>(at, c);
    if (c == '}') return (shape.required & ~seen) == 0 ? at : surprise;
  }
}

template <Spell spell>
At shaped_object(At at, const Shape& shape, int level) {
  const std::size_t count = shape.members.size();
  if (count == 0) return any_object<spell>(at, level);
  if (*at.in == '}') {
    put<spell>(at, *at.in++);
    return shape.required == 0 ? at : surprise;
  }
  const Foreseen* const members = shape.members.data();
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_key(at.in, members[i])) return shuffled_members<spell>(at, shape, i, level);
    put_key<spell>(at, members[i]);
    at.in += members[i].size - 1;
    at = member_value<spell>(at, members[i], level + 1);
    if (at.in == nullptr) return surprise;
    const char c = *at.in++;
    put<spell>(at, c);
    if (c == ',') continue;
    if (c != '}') return surprise;
    const std::uint64_t seen = ~std::uint64_t{0} >> (63 - i);
    return (shape.required & ~seen) == 0 ? at : surprise;
  }
  return shuffled_members<spell>(at, shape, count, level);
}

template <Spell spell>
[[gnu::noinline]] At shaped_value(At at, const Shape& shape, int level) {
  if (level > deepest) return surprise;
  const char c = *at.in;
  if (c == '"') {
    if ((shape.accepts & accept_text) == 0) return surprise;
    const char* const text = ++at.in;
    at = json_string<spell>(at);
    if (at.in == nullptr) return surprise;
    if (shape.test != Shape::Test::none &&
        !passes(shape, text, static_cast<std::size_t>(at.in - 1 - text)))
      return surprise;
    return at;
  }
  if (c == '{' || c == '[') {
    if ((shape.accepts & (c == '{' ? accept_object : accept_array)) == 0) return surprise;
    put<spell>(at, c);
    ++at.in;
    return c == '{' ? shaped_object<spell>(at, shape, level) : shaped_list<spell>(at, shape, level);
  }
  std::uint8_t kind;
  bool fraction;
  at = scalar<spell>(at, kind, fraction);
  if (at.in == nullptr || (kind & shape.accepts) == 0 || (fraction && shape.integer))
    return surprise;
  return at;
}

// ---- rows

/// One row. Positions are handed from call to call, so that they stay in registers.
template <Out out>
class Row {
 public:
  explicit Row(RowTask& task) : task_{task}, forecast_{*task.forecast} {}

  bool read() {
    const Foreseen* const members = forecast_.members().data();
    const std::size_t count = forecast_.members().size();
    At at{task_.in, task_.out};
    task_.skipped.clear();
    std::size_t i = 0;
    while (i < count) {
      if (!is_next(at.in, members[i])) {
        const std::size_t k = skip(at.in, i);
        if (k == count) break;
        for (; i < k; ++i) task_.skipped.push_back(members[i].field);
      }
      at.in += members[i].size;
      at = value(members[i], at);
      if (at.in == nullptr) return false;
      ++i;
    }
    task_.as_expected = i != 0 && *at.in == '}';
    if (task_.as_expected) {
      for (; i < count; ++i) task_.skipped.push_back(members[i].field);
      ++at.in;
    } else {
      at = carefully(i, at);
      if (at.in == nullptr) return false;
    }
    task_.in = at.in;
    task_.out = end_line(at.out);
    return true;
  }

 private:
  static constexpr std::size_t most_skipped = 3;  ///< members one after the other

  /// The member with what stands before it.
  [[gnu::always_inline]] static bool is_next(const char* in, const Foreseen& member) {
    return Vector::same(in, member.key.data(), member.mask);
  }

  /// Some members come with some rows only. Index of the one that is here, the number of all if it
  /// is none of the next.
  [[gnu::noinline]] std::size_t skip(const char* in, std::size_t i) const {
    const auto& members = forecast_.members();
    const std::size_t last = std::min(members.size(), i + 1 + most_skipped);
    for (std::size_t k = i + 1; k < last && i != 0; ++k)
      if (is_next(in, members[k])) return k;
    return members.size();
  }

  /// The members from `i` on, in whatever order.
  [[gnu::noinline]] At carefully(std::size_t i, At at) {
    const auto& members = forecast_.members();
    task_.order.clear();
    task_.seen = {};
    for (std::size_t k = 0; k < i; ++k)
      if (std::ranges::find(task_.skipped, members[k].field) == task_.skipped.end())
        note(members[k].field);
    bool first = i == 0;
    if (first && at.in[0] == '{' && at.in[1] == '}') return {at.in + 2, at.out};
    while (true) {
      if (*at.in == '}' && !first) return {at.in + 1, at.out};
      if (*at.in != (first ? '{' : ',') || at.in[1] != '"') return surprise;
      first = false;
      ++at.in;
      const std::size_t last = std::min(members.size(), i + 1 + most_skipped);
      std::size_t k = i;
      while (k < last && !is_key(at.in, members[k])) ++k;
      const Foreseen* member = k < last ? &members[k] : nullptr;
      if (member != nullptr) {
        at.in += member->size - 1;
      } else {
        const char* const key = at.in + 1;
        const At behind = json_string<Spell::nothing>({key, nullptr});
        if (behind.in == nullptr || *behind.in != ':') return surprise;
        const Text name{key, static_cast<std::size_t>(behind.in - 1 - key)};
        if (name.find('\\') != Text::npos) return surprise;
        at.in = behind.in + 1;
        const std::size_t field = forecast_.endpoint().find_key(name);
        if (field == Endpoint::npos) {
          at.in = stranger(name, at.in);
          if (at.in == nullptr) return surprise;
          continue;
        }
        member = &forecast_.of(field);
        k = forecast_.place_of(field);
      }
      if (has_seen(member->field)) return surprise;
      note(member->field);
      if (k < members.size()) i = k + 1;
      at = value(*member, at);
      if (at.in == nullptr) return surprise;
    }
  }

  void note(std::size_t field) {
    task_.order.push_back(static_cast<std::uint8_t>(field));
    task_.seen[field / 64] |= std::uint64_t{1} << field % 64;
  }
  bool has_seen(std::size_t field) const { return (task_.seen[field / 64] >> field % 64 & 1) != 0; }

  /// The value of a member that the schema does not know.
  const char* stranger(Text name, const char* from) {
    const char* const end = any_value<Spell::nothing>({from, nullptr}, level_in_row).in;
    if (end != nullptr)
      task_.doubts.push_back(
          {Doubt::unknown, name, {}, {from, static_cast<std::size_t>(end - from)}});
    return end;
  }

  [[gnu::always_inline]] At value(const Foreseen& member, At at) {
    if constexpr (out != Out::cells)
      if (member.spelled) return spelled_value(member, at);
    if (member.kept) return kept_value(member, at);
    return unwanted_value(member, at);
  }

  /// Stepped over, and JSON all the same.
  [[gnu::always_inline]] At unwanted_value(const Foreseen& member, At at) {
    if (*at.in == '"') return json_string<Spell::nothing>({at.in + 1, at.out});
    if (begins(at.in, "null")) return {at.in + 4, at.out};
    if (*at.in == '{' || *at.in == '[') {
      // Its members are most likely where they are expected, and there they cost less.
      const At behind = shaped_value<Spell::nothing>(at, *member.shape, level_in_row);
      if (behind.in != nullptr) return behind;
    }
    return any_value<Spell::nothing>(at, level_in_row);
  }

  /// A value that becomes a cell and nothing else.
  [[gnu::always_inline]] At kept_value(const Foreseen& member, At at) {
    const char c = *at.in;
    if (c == '"') return cell_text(member, {at.in + 1, at.out});
    if (begins(at.in, "null") && (member.accepts & accept_null) != 0) {
      task_.cells[member.cell] = Cell::null();
      return {at.in + 4, at.out};
    }
    if (c == '{' || c == '[') return nested<Spell::nothing>(member, at);
    return plain_value<Spell::nothing>(member, at);
  }

  [[gnu::always_inline]] At spelled_value(const Foreseen& member, At at) {
    if (member.column < column_) return surprise;
    if constexpr (out == Out::csv) {
      for (; column_ < member.column; ++column_) *at.out++ = ',';
    } else {
      column_ = member.column + 1U;
      copy_key(at.out, member.key.data(), member.size);
      *at.out = ',';  // also behind another one where a brace was foreseen
      at.out += member.size;
    }
    const char c = *at.in;
    if (c == '"') {
      ++at.in;
      return out == Out::csv ? csv_text(member, at) : jsonl_text(member, at);
    }
    if (begins(at.in, "null") && (member.accepts & accept_null) != 0 && !member.kept) {
      if constexpr (out == Out::jsonl) std::memcpy(at.out, "null", 4), at.out += 4;
      return {at.in + 4, at.out};
    }
    if (c == '{' || c == '[')
      return out == Out::csv ? nested<Spell::doubled>(member, at) : nested<Spell::raw>(member, at);
    return plain_value<Spell::raw>(member, at);
  }

  /// null, a boolean or a number.
  template <Spell spell>
  [[gnu::noinline]] At plain_value(const Foreseen& member, At at) {
    const char* const from = at.in;
    std::uint8_t kind;
    bool fraction;
    at = scalar<spell>(at, kind, fraction);
    if (at.in == nullptr) return surprise;
    if (out == Out::csv && spell != Spell::nothing && kind == accept_null) at.out -= 4;
    const bool odd = (kind & member.shape->accepts) == 0 || (fraction && member.shape->integer);
    if (member.kept || odd) {
      const Text sent{from, static_cast<std::size_t>(at.in - from)};
      const Cell cell = kind == accept_null
                            ? Cell::null()
                            : Cell::of(sent, kind == accept_boolean ? Kind::boolean : Kind::number);
      if (member.kept) task_.cells[member.cell] = cell;
      if (odd) task_.doubts.push_back({member.field, {}, cell, sent});
    }
    return at;
  }

  template <Spell spell>
  [[gnu::noinline]] At nested(const Foreseen& member, At at) {
    const char* const from = at.in;
    put<spell == Spell::doubled ? Spell::raw : Spell::nothing>(at, '"');
    at = shaped_value<spell>(at, *member.shape, level_in_row);
    if (at.in == nullptr) return surprise;
    put<spell == Spell::doubled ? Spell::raw : Spell::nothing>(at, '"');
    if (member.kept)
      task_.cells[member.cell] =
          Cell::of({from, static_cast<std::size_t>(at.in - from)}, Kind::json);
    return at;
  }

  /// What is left to do for a text: `text` is it without escapes, `from` begins behind its quote.
  [[gnu::always_inline]] At judged(const Foreseen& member, Text text, const char* from, At at) {
    if (member.kept) task_.cells[member.cell] = Cell::of(text);
    if ((member.accepts & accept_text) == 0 ||
        (member.test != Shape::Test::none && !passes(*member.shape, text.data(), text.size())))
      doubt(member, text, from, at);
    return at;
  }

  [[gnu::noinline, gnu::cold]] void doubt(const Foreseen& member, Text text, const char* from,
                                          At at) {
    task_.doubts.push_back(
        {member.field, {}, Cell::of(text), {from - 1, static_cast<std::size_t>(at.in - from + 1)}});
  }

  /// All of these begin behind the opening quote, and hand what is not plain text to the next one.
  [[gnu::always_inline]] At cell_text(const Foreseen& member, At at) {
    const char* const from = at.in;
    const char* closing;
    if (!plain_text<false>(at, closing)) return marked_cell(member, at);
    return judged(member, {from, static_cast<std::size_t>(closing - from)}, from, at);
  }

  /// Unescaped into the arena while it is looked at. That of a long text is measured first.
  [[gnu::noinline]] At marked_cell(const Foreseen& member, At at) {
    constexpr std::size_t most = 4096;
    const char* const from = at.in;
    const char* in = from;
    char* const room = task_.arena->room(most);
    char* to = room;
    Utf8Watch watch{from, from};
    bool escapes = false;
    while (true) {
      if (static_cast<std::size_t>(to - room) > most - Vector::width) return long_cell(member, at);
      const auto block = Vector::load(in);
      Vector::store(to, block);
      const Bits stop = Vector::stops(block), before = below_first(stop);
      if (!watch.look(in, Vector::no_ascii(block) & before)) return surprise;
      const std::size_t n = stop == 0 ? Vector::width : first_of(stop);
      in += n, to += n;
      if (stop == 0) continue;
      if (*in == '"') break;
      if (*in != '\\') return surprise;
      escapes = true;
      if (begins(in, "\\u0026")) {
        *to++ = '&';
        in += 6;
      } else if (in[1] == 'u') {
        if (!unescape_unicode(in, to)) return surprise;
      } else if (const char plain = simple_escape(in[1]); plain != 0) {
        *to++ = plain;
        in += 2;
      } else {
        return surprise;
      }
    }
    if (!watch.end(in)) return surprise;
    at.in = in + 1;
    if (!escapes) return judged(member, {from, static_cast<std::size_t>(in - from)}, from, at);
    return judged(member, task_.arena->keep({room, static_cast<std::size_t>(to - room)}), from, at);
  }

  [[gnu::noinline]] At long_cell(const Foreseen& member, At at) {
    const char* const from = at.in;
    bool escapes;
    const At behind = marked_string<Spell::nothing>({from, nullptr}, escapes);
    if (behind.in == nullptr) return surprise;
    at.in = behind.in;
    const Text sent{from, static_cast<std::size_t>(at.in - 1 - from)};
    return escapes ? judged_in_arena(member, sent.size(), from, at)
                   : judged(member, sent, from, at);
  }

  At judged_in_arena(const Foreseen& member, std::size_t size, const char* from, At at) {
    char* const room = task_.arena->room(size);
    const char* const end = decode(from, room);
    if (end == nullptr) return surprise;
    return judged(member, task_.arena->keep({room, static_cast<std::size_t>(end - room)}), from,
                  at);
  }

  /// The text behind a quote, whose escapes are good, without them; nothing for half of a surrogate
  /// pair.
  static char* decode(const char* in, char* to) {
    while (true) {
      const auto block = Vector::load(in);
      Vector::store(to, block);
      const Bits stop = Vector::is(block, '"') | Vector::is(block, '\\');
      const std::size_t n = stop == 0 ? Vector::width : first_of(stop);
      in += n, to += n;
      if (stop == 0) continue;
      if (*in == '"') return to;
      if (begins(in, "\\u0026")) {
        *to++ = '&';
        in += 6;
      } else if (in[1] != 'u') {
        *to++ = simple_escape(in[1]);
        in += 2;
      } else if (!unescape_unicode(in, to)) {
        return nullptr;
      }
    }
  }

  [[gnu::always_inline]] At csv_text(const Foreseen& member, At at) {
    const char* const from = at.in;
    const char* closing;
    if (!plain_text<true, true>(at, closing)) return marked_csv(member, at);
    if (closing == from) {
      *at.out++ = '"';
      *at.out++ = '"';
    }
    return judged(member, {from, static_cast<std::size_t>(closing - from)}, from, at);
  }

  /// A text that may need quotes, has escapes, or is not ASCII. It is written behind the place of
  /// its opening quote, and moved there if it needs none.
  [[gnu::noinline]] At marked_csv(const Foreseen& member, At at) {
    const char* const from = at.in;
    char* const field = at.out;
    char* to = field + 1;
    const char* in = from;
    Bits commas = 0;
    Utf8Watch watch{from, from};
    bool quotes = false, escapes = false, doubled = false;
    while (true) {
      const auto block = Vector::load(in);
      Vector::store(to, block);
      const Bits stop = Vector::stops(block), before = below_first(stop);
      if (!watch.look(in, Vector::no_ascii(block) & before)) return surprise;
      commas |= Vector::is(block, ',') & before;
      const std::size_t n = stop == 0 ? Vector::width : first_of(stop);
      in += n, to += n;
      if (stop == 0) continue;
      if (*in == '"') break;
      if (*in != '\\') return surprise;
      escapes = true;
      if (begins(in, "\\u0026")) {
        *to++ = '&';
        in += 6;
        continue;
      }
      char* const unescaped = to;
      if (in[1] == 'u') {
        if (!unescape_unicode(in, to)) return surprise;
      } else if (const char plain = simple_escape(in[1]); plain != 0) {
        *to++ = plain;
        in += 2;
      } else {
        return surprise;
      }
      const char c = *unescaped;
      quotes |= c == ',' || c == '"' || c == '\n' || c == '\r';
      if (c == '"') *to++ = '"', doubled = true;
    }
    if (!watch.end(in)) return surprise;
    quotes |= commas != 0;
    at.in = in + 1;
    const auto size = static_cast<std::size_t>(to - field - 1);
    const auto sent_size = static_cast<std::size_t>(in - from);
    if (quotes) {
      *field = '"';
      *to++ = '"';
      at.out = to;
    } else {
      std::memmove(field, field + 1, size);
      at.out = field + size;
    }
    if (!escapes) return judged(member, {from, sent_size}, from, at);
    if (doubled || member.kept) return judged_in_arena(member, sent_size, from, at);
    return judged(member, {quotes ? field + 1 : field, size}, from, at);
  }

  [[gnu::always_inline]] At jsonl_text(const Foreseen& member, At at) {
    *at.out++ = '"';
    const char* const from = at.in;
    const char* closing;
    if (!plain_text<true>(at, closing)) return marked_jsonl(member, at);
    *at.out++ = '"';
    return judged(member, {from, static_cast<std::size_t>(closing - from)}, from, at);
  }

  [[gnu::noinline]] At marked_jsonl(const Foreseen& member, At at) {
    const char* const from = at.in;
    const char* in = from;
    char* to = at.out;
    Utf8Watch watch{from, from};
    bool escapes = false;
    while (true) {
      const auto block = Vector::load(in);
      Vector::store(to, block);
      const Bits stop = Vector::stops(block), before = below_first(stop);
      if (!watch.look(in, Vector::no_ascii(block) & before)) return surprise;
      const std::size_t n = stop == 0 ? Vector::width : first_of(stop);
      in += n, to += n;
      if (stop == 0) continue;
      if (*in == '"') break;
      if (*in != '\\') return surprise;
      escapes = true;
      if (begins(in, "\\u0026")) {
        *to++ = '&';
        in += 6;
      } else if (in[1] == 'u') {
        char* const unescaped = to;
        if (!unescape_unicode(in, to)) return surprise;
        // What has to be escaped in JSON is one byte.
        const auto c = static_cast<unsigned char>(*unescaped);
        if (c < 0x20 || c == '"' || c == '\\') to = put_json_escape(c, unescaped);
      } else if (const char plain = simple_escape(in[1]); plain != 0) {
        if (plain == '/')
          *to++ = plain;
        else
          to = put_json_escape(static_cast<unsigned char>(plain), to);
        in += 2;
      } else {
        return surprise;
      }
    }
    if (!watch.end(in)) return surprise;
    *to++ = '"';
    at = {in + 1, to};
    const auto sent_size = static_cast<std::size_t>(in - from);
    if (!escapes) return judged(member, {from, sent_size}, from, at);
    if (member.test == Shape::Test::none && !member.kept && (member.accepts & accept_text) != 0)
      return at;
    return judged_in_arena(member, sent_size, from, at);
  }

  char* end_line(char* to) {
    if constexpr (out == Out::csv) {
      for (; column_ + 1 < forecast_.columns(); ++column_) *to++ = ',';
      if (to == task_.out) {  // a line without a character is no row to most readers
        *to++ = '"';
        *to++ = '"';
      }
      *to++ = '\r';
      *to++ = '\n';
    } else if constexpr (out == Out::jsonl) {
      if (to == task_.out) ++to;
      *task_.out = '{';
      *to++ = '}';
      *to++ = '\n';
    }
    return to;
  }

  RowTask& task_;
  const Forecast& forecast_;
  std::size_t column_ = 0;
};

template <Out out>
bool read_row(RowTask& task) {
  return Row<out>{task}.read();
}

inline const char* value_end(const char* at, int level) {
  return any_value<Spell::nothing>({at, nullptr}, level).in;
}
