// No #pragma once and no includes: a part of walk.hpp. Texts of any length, with what JSON escapes.

/// What was seen in a text.
struct Seen {
  bool escapes = false;
  bool marks = false;    ///< it needs quotes in CSV
  bool doubled = false;  ///< a quote was
};

/// A text that is as it stands in the JSON, from behind its opening quote on; false if it is not:
/// then `at` is at the block that says so.
template <bool copy, bool commas>
[[gnu::always_inline]] inline bool plain_text(At& at, const char*& closing) {
  const char* in = at.in;
  char* out = at.out;
  while (true) {
    const auto block = Vector::load(in);
    if constexpr (copy) Vector::store(out, block);
    const Bits quote = Vector::is(block, '"');
    const Bits marks = commas ? Vector::marks_or_commas(block) : Vector::marks(block);
    if ((marks & up_to_first(quote)) != 0) {
      at = {in, out};
      return false;
    }
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

/// The same from the opening quote on, where nothing is copied: what is behind the closing one;
/// nothing: it is something else.
[[gnu::always_inline]] inline const char* plain_end(const char* in) {
  At at{in + 1, nullptr};
  const char* closing;
  return *in == '"' && plain_text<false, false>(at, closing) ? at.in : nullptr;
}

/// The closing quote of a text of this member, which is what is given, but known sooner: what comes
/// behind a text waits for a vector to say where it ends, unless it is as long as the last one,
/// which is a branch to be foreseen. Of a member whose sizes differ it could not be. 12 of 95
/// fields take 5 % less time, all as cells 4 %, what is nested in CSV 1 %. Texts that are copied
/// gain nothing: they wait for the place to write to as well.
[[gnu::always_inline]] inline const char* foreseen_quote(const Foreseen& member, const char* begin,
                                                         const char* closing) {
  constexpr std::uint8_t too_often = 16;
  const char* const expected = begin + member.last_size;
  const char* sooner = expected;
  asm("" : "+r"(sooner));  // else the compiler goes on from `closing`, as they are the same
  if (closing == expected) return sooner;
  if (member.last_size != Foreseen::sizes_differ) {
    const auto size = static_cast<std::size_t>(closing - begin);
    member.last_size =
        static_cast<std::uint8_t>(std::min<std::size_t>(size, Foreseen::sizes_differ - 1));
    if (++member.changes == too_often) member.last_size = Foreseen::sizes_differ;
  }
  return closing;
}

/// Behind a plain text of this member.
[[gnu::always_inline]] inline const char* plain_end(const char* in, const Foreseen& member) {
  const char* const end = plain_end(in);
  return end == nullptr ? nullptr : foreseen_quote(member, in + 1, end - 1) + 1;
}

/// Whether these bytes of the block at `in`, and whatever began before them, are UTF-8 as far as
/// the byte behind them. `beyond`: the bytes of the block that are not ASCII.
template <class V>
[[gnu::always_inline]] inline bool is_utf8_up_to(const char* in, typename V::Bits before,
                                                 typename V::Bits beyond) {
  if ((beyond & before) == 0) return true;
  constexpr auto last = typename V::Bits{1} << (V::width - 1);
  if ((V::utf8_errors(in) & (before << 1 | 1)) != 0) return false;
  return (before & last) == 0 || (V::utf8_errors(in + 1) & last) == 0;
}

/// The escape at `in`; false if it is none, or has no UTF-8 and is to become some.
template <Into into>
[[gnu::always_inline]] inline bool escape(const char*& in, char*& out, Seen& seen) {
  char* const from = out;
  if (in[1] == 'u') {
    if constexpr (into == Into::nothing) {
      for (std::size_t i = 2; i < 6; ++i)
        if (!is_hex(in[i])) return false;
      in += 6;
      return true;
    } else if (!unescape_unicode(in, out)) {
      return false;
    }
  } else {
    const char plain = simple_escape(in[1]);
    if (plain == 0) return false;
    in += 2;
    if constexpr (into != Into::nothing) *out++ = plain;
  }
  if constexpr (into == Into::csv) {
    const char c = *from;
    seen.marks |= (c == ',') | (c == '"') | (c == '\n') | (c == '\r');
    if (c == '"') *out++ = '"', seen.doubled = true;
  } else if constexpr (into == Into::json) {
    // What has to be escaped in JSON is one byte.
    const auto c = static_cast<unsigned char>(*from);
    if (c < 0x20 || c == '"' || c == '\\') out = put_json_escape(c, from);
  }
  return true;
}

/// A text from behind its opening quote to its closing one. With nowhere to write to, half of a
/// surrogate pair may stand alone. Stops at a multiple of `last`, if there is one.
template <Into into, class V = Wide>
[[gnu::always_inline]] inline At text_body(At at, Seen& seen, const char* last = nullptr) {
  const char* in = at.in;
  char* out = at.out;
  while (last == nullptr || out <= last) {
    fetch_ahead(in);
    if constexpr (V::unescapes) {
      const auto piece = V::template piece<into>(in, out);
      if (!is_utf8_up_to<V>(in, (typename V::Bits{1} << piece.read) - 1, piece.beyond))
        return surprise;
      seen.escapes |= piece.escapes;
      if constexpr (into == Into::csv) seen.marks |= piece.marks, seen.doubled |= piece.doubled;
      in += piece.read;
      if constexpr (into != Into::nothing) out += piece.written;
      if (!piece.stopped) continue;
    } else {
      const auto block = Vector::load(in);
      if constexpr (into != Into::nothing) Vector::store(out, block);
      const Bits stop = Vector::stops(block), before = below_first(stop);
      if (!is_utf8_up_to<Vector>(in, before, Vector::no_ascii(block))) return surprise;
      if constexpr (into == Into::csv) seen.marks |= (Vector::is(block, ',') & before) != 0;
      const std::size_t n = first_of(stop);
      in += n;
      if constexpr (into != Into::nothing) out += n;
      if (stop == 0) continue;
    }
    if (*in == '"') return {in, out};
    if (*in != '\\') return surprise;
    seen.escapes = true;
    if constexpr (!V::unescapes) {
      if (begins(in, "\\u0026")) {  // how the API spells &
        in += 6;
        if constexpr (into != Into::nothing) *out++ = '&';
        continue;
      }
    }
    if (!escape<into>(in, out, seen)) return surprise;
  }
  return {in, out};
}

/// Behind the closing quote of a string, from behind the opening one.
[[gnu::noinline]] inline const char* marked_string(const char* in, bool& escapes) {
  Seen seen;
  const At closing = text_body<Into::nothing>({in, nullptr}, seen);
  escapes = seen.escapes;
  return closing.in == nullptr ? nullptr : closing.in + 1;
}

[[gnu::always_inline]] inline const char* json_string(const char* in) {
  At at{in, nullptr};
  const char* closing;
  if (plain_text<false, false>(at, closing)) return at.in;
  bool escapes;
  return marked_string(at.in, escapes);
}

/// Copies blocks, the last of them beyond the end.
inline char* copy_blocks(const char* from, const char* end, char* out) {
  const auto size = static_cast<std::size_t>(end - from);
  for (std::size_t i = 0; i < size; i += Vector::width)
    Vector::store(out + i, Vector::load(from + i));
  return out + size;
}
