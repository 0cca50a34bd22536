// No #pragma once and no includes: a part of walk.hpp. Rows: members where they are expected, into
// cells or into a line.

/// One row. Positions are handed from call to call, so that they stay in registers.
template <Out out>
class Row {
 public:
  explicit Row(RowTask& task) : task_{task}, forecast_{*task.forecast} {}

  bool read() {
    const Foreseen* const members = forecast_.members().data();
    const std::size_t count = forecast_.members().size();
    At at{task_.in, task_.out};
    fetch_ahead(at.in);
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

  /// The machine reads ahead by itself, but not into the next of its pages, which costs a row from
  /// memory a tenth of its time.
  static void fetch_ahead(const char* in) {
    const char* page = in + 4096 - reinterpret_cast<std::uintptr_t>(in) % 4096;
    for (int i = 0; i < 3; ++i, page += 4096)
      for (int k = 0; k < 8; ++k) __builtin_prefetch(page + 64 * k, 0, 3);
  }

  /// The member with what stands before it.
  [[gnu::always_inline]] static bool is_next(const char* in, const Foreseen& member) {
    return Vector::same(in, member.key.data(), member.mask);
  }

  /// The same from its opening quote on.
  static bool is_key_of_row(const char* in, const Foreseen& member) {
    return Vector::same(in, member.key.data() + 1, member.mask >> 1);
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
      while (k < last && !is_key_of_row(at.in, members[k])) ++k;
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
        if (out == Out::jsonl && member->spelled && member->size == 0) return surprise;
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
