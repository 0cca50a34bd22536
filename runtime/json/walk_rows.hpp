// No #pragma once and no includes: a part of walk.hpp. Rows: members where they are expected, into
// cells or into a line.

/// One row. Positions are handed from call to call, so that they stay in registers.
template <Out out>
class Row {
 public:
  explicit Row(RowTask& task) : task_{task}, forecast_{*task.forecast}, copied_{task.in} {}

  bool read() {
    if (out != Out::cells && !forecast_.in_order()) return false;
    const Foreseen* const first = forecast_.members().data();
    const Foreseen* const last = first + forecast_.members().size();
    const Foreseen* next = first;
    At at{task_.in, task_.out};
    task_.skipped.clear();
    while (next != last) {
      if (!is_next(at.in, *next)) {
        const Foreseen* const here = skip(at.in, next, first, last);
        if (here == last) break;
        for (; next != here; ++next) at = skipped(*next, at);
      }
      at = member<true>(*next, at, next->size);
      if (at.in == nullptr) return false;
      ++next;
    }
    task_.as_expected = next != first && *at.in == '}';
    if (task_.as_expected) {
      for (; next != last; ++next) at = skipped(*next, at);
      if (out == Out::csv) at = put_commas(forecast_.last_gap(), at);
    } else {
      at = carefully(static_cast<std::size_t>(next - first), at);
      if (at.in == nullptr) return false;
    }
    task_.out = end_line(at);
    task_.in = at.in + 1;
    return true;
  }

 private:
  static constexpr std::size_t most_skipped = 3;  ///< members one after the other

  /// The member with what stands before it.
  [[gnu::always_inline]] static bool is_next(const char* in, const Foreseen& member) {
    return Vector::same(in, member.key.data(), member.mask);
  }

  /// The same from its opening quote on.
  static bool is_key_of_row(const char* in, const Foreseen& member) {
    return Vector::same(in, member.key.data() + 1, member.mask >> 1);
  }

  /// Some members come with some rows only. The one behind `next` that is here; the last, if it is
  /// none of those that follow.
  [[gnu::noinline]] static const Foreseen* skip(const char* in, const Foreseen* next,
                                                const Foreseen* first, const Foreseen* last) {
    if (next == first) return last;
    for (std::size_t skipped = 0; skipped < most_skipped && ++next != last; ++skipped)
      if (is_next(in, *next)) return next;
    return last;
  }

  /// In front of a spelled member whose neighbours came as foreseen.
  [[gnu::always_inline]] static At commas(const Foreseen& member, At at) {
    constexpr std::size_t at_once = 8;
    constexpr std::uint64_t eight = 0x2c2c2c2c2c2c2c2c;
    std::memcpy(at.out, &eight, at_once);
    if (member.gap > at_once) [[unlikely]]
      std::memset(at.out, ',', member.gap);
    at.out += member.gap;
    return at;
  }

  At skipped(const Foreseen& member, At at) {
    task_.skipped.push_back(member.field);
    return out == Out::csv && member.spelled ? commas(member, at) : at;
  }

  static At put_commas(std::size_t n, At at) {
    std::memset(at.out, ',', n);
    return {at.in, at.out + n};
  }

  /// The members from `i` on, in whatever order, to the brace behind them.
  [[gnu::noinline]] At carefully(std::size_t i, At at) {
    const auto& members = forecast_.members();
    task_.order.clear();
    task_.seen = {};
    for (std::size_t k = 0; k < i; ++k)
      if (std::ranges::find(task_.skipped, members[k].field) == task_.skipped.end())
        note(members[k].field);
    std::size_t column = 0;
    for (std::size_t k = 0; k < i; ++k)
      if (members[k].spelled) column = members[k].column;
    bool first = i == 0;
    if (first && at.in[0] == '{' && at.in[1] == '}') {
      copied_ = at.in + 1;
      at = {at.in + 1, at.out};
      return out == Out::csv && forecast_.columns() != 0 ? put_commas(forecast_.columns() - 1, at)
                                                         : at;
    }
    while (true) {
      if (*at.in == '}' && !first)
        return out == Out::csv && column + 1 < forecast_.columns()
                   ? put_commas(forecast_.columns() - 1 - column, at)
                   : at;
      if (*at.in != (first ? '{' : ',') || at.in[1] != '"') return surprise;
      first = false;
      const char* const quote = at.in + 1;
      const std::size_t last = std::min(members.size(), i + 1 + most_skipped);
      std::size_t k = i;
      while (k < last && !is_key_of_row(quote, members[k])) ++k;
      const Foreseen* known = k < last ? &members[k] : nullptr;
      std::size_t size = 0;
      if (known != nullptr) {
        size = known->size;
      } else {
        const char* const behind = json_string(quote + 1);
        if (behind == nullptr || *behind != ':') return surprise;
        const Text name{quote + 1, static_cast<std::size_t>(behind - quote - 2)};
        if (name.find('\\') != Text::npos) return surprise;
        size = static_cast<std::size_t>(behind + 1 - at.in);
        const std::size_t field = forecast_.endpoint().find_key(name);
        if (field == Endpoint::npos) {
          at = stranger(name, at, size);
          if (at.in == nullptr) return surprise;
          continue;
        }
        known = &forecast_.of(field);
        k = forecast_.place_of(field);
      }
      if (has_seen(known->field)) return surprise;
      note(known->field);
      if (k < members.size()) i = k + 1;
      if (out != Out::cells && known->spelled) {
        if (known->column < column) return surprise;
        if (out == Out::csv) at = put_commas(known->column - column, at);
        column = known->column;
      }
      at = member<false>(*known, at, size);
      if (at.in == nullptr) return surprise;
    }
  }

  void note(std::size_t field) {
    task_.order.push_back(static_cast<std::uint8_t>(field));
    task_.seen[field / 64] |= std::uint64_t{1} << field % 64;
  }
  bool has_seen(std::size_t field) const { return (task_.seen[field / 64] >> field % 64 & 1) != 0; }

  /// A member that the schema does not know.
  At stranger(Text name, At at, std::size_t key_size) {
    at = copy(at);
    const char* const from = at.in + key_size;
    at.in = any_value(from, level_in_row);
    if (at.in == nullptr) return surprise;
    task_.doubts.push_back(
        {Doubt::unknown, name, {}, {from, static_cast<std::size_t>(at.in - from)}});
    copied_ = at.in;
    return at;
  }

  /// A member whose key takes so many bytes, with what stands before it. `in_order`: its neighbours
  /// came as foreseen.
  template <bool in_order>
  [[gnu::always_inline]] At member(const Foreseen& member, At at, std::size_t key_size) {
    fetch_ahead(at.in);
    if (member.spelled && out != Out::cells) {
      if constexpr (out == Out::csv && in_order) at = commas(member, at);
      at.in += key_size;
      return out == Out::csv ? csv_value(member, at) : value_as_sent<true>(member, at);
    }
    at = copy(at);
    at.in += key_size;
    if (member.kept)
      at = value_as_sent<false>(member, at);
    else
      at.in = over_value(at.in, member);
    if constexpr (out == Out::jsonl) copied_ = at.in;
    return at;
  }

  /// JSON lines are the rows as they came, but for what is left out of them or spelled in another
  /// way: up to there they are copied.
  [[gnu::always_inline]] At copy(At at) {
    if constexpr (out == Out::jsonl)
      if (copied_ != at.in) at.out = copy_blocks(copied_, at.in, at.out);
    return at;
  }

  /// Most values end in the block they begin in; the others are left to functions of their own.
  /// `line`: it stands in a JSON line as it does here, but for some escapes.
  template <bool line>
  [[gnu::always_inline]] At value_as_sent(const Foreseen& member, At at) {
    if (member.way == Foreseen::Way::text) {
      if (const char* const end = plain_end(at.in, member))
        return judged(member, at.in, {end, at.out});
      if (is_null(at.in) && (member.accepts & accept_null) != 0) return null(member, at);
    } else if (member.way == Foreseen::Way::scalar) {
      const Scalar found = scalar_token(at.in, member.accepts, member.integer);
      if (found.good) return kept(member, found, {at.in + found.size, at.out});
    }
    if (*at.in != '"') return other_value(member, at);
    ++at.in;
    return line ? marked_json(member, at) : marked_cell(member, at);
  }

  [[gnu::always_inline]] At csv_value(const Foreseen& member, At at) {
    if (member.way == Foreseen::Way::text) {
      if (*at.in == '"') {
        At behind{at.in + 1, at.out};
        const char* closing;
        if (!plain_text<true, true>(behind, closing))
          return marked_csv(member, {at.in + 1, at.out});
        if (closing == at.in + 1) return empty_csv(member, behind);
        return judged(member, at.in, behind);
      }
      if (is_null(at.in) && (member.accepts & accept_null) != 0) return null(member, at);
    } else if (member.way == Foreseen::Way::scalar) {
      const Scalar found = scalar_token(at.in, member.accepts, member.integer);
      if (found.good) {
        Vector::store(at.out, Vector::load(at.in));
        at.out += size_if(found.kind != Kind::null, found.size);
        return kept(member, found, {at.in + found.size, at.out});
      }
    }
    if (*at.in == '"') return csv_text(member, {at.in + 1, at.out});
    return other_value(member, at);
  }

  [[gnu::always_inline]] At null(const Foreseen& member, At at) {
    if (member.kept) task_.cells[member.cell] = Cell::null();
    return {at.in + 4, at.out};
  }

  /// A text that stands in the JSON as it is, from the quote at `from` to the one before `at`.
  [[gnu::always_inline]] At judged(const Foreseen& member, const char* from, At at) {
    if (out != Out::cells && member.free) return at;
    return judged(member, {from + 1, static_cast<std::size_t>(at.in - from - 2)}, from + 1, at);
  }

  [[gnu::always_inline]] At kept(const Foreseen& member, Scalar found, At at) {
    if (member.kept)
      task_.cells[member.cell] = {
          at.in - found.size,
          static_cast<std::uint32_t>(size_if(found.kind != Kind::null, found.size)), found.kind};
    return at;
  }

  /// An object, a list, or what ends in no block.
  [[gnu::noinline]] At other_value(const Foreseen& member, At at) {
    const char* const from = at.in;
    const char c = *from;
    if (c == '{' || c == '[') {
      at.in = shaped_value(from, *member.shape, level_in_row);
      if (at.in == nullptr) return surprise;
      const Text json{from, static_cast<std::size_t>(at.in - from)};
      if (out == Out::csv && member.spelled) {
        *at.out++ = '"';
        at.out = Bytes::copy_doubled(json.data(), json.size(), at.out);
        *at.out++ = '"';
      }
      if (member.kept) task_.cells[member.cell] = Cell::of(json, Kind::json);
      return at;
    }
    std::uint8_t kind;
    bool fraction;
    at.in = scalar_end(from, kind, fraction);
    if (at.in == nullptr) return surprise;
    const Text sent{from, static_cast<std::size_t>(at.in - from)};
    if (out == Out::csv && member.spelled && kind != accept_null)
      at.out = copy_blocks(from, at.in, at.out);
    const Cell cell = kind == accept_null
                          ? Cell::null()
                          : Cell::of(sent, kind == accept_boolean ? Kind::boolean : Kind::number);
    if (member.kept) task_.cells[member.cell] = cell;
    if ((kind & member.shape->accepts) == 0 || (fraction && member.shape->integer))
      task_.doubts.push_back({member.field, {}, cell, sent});
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

  /// All of these begin behind the opening quote.
  /// Unescaped into the arena while it is looked at. That of a long text is measured first.
  [[gnu::noinline]] At marked_cell(const Foreseen& member, At at) {
    constexpr std::size_t most = 4096;
    const char* const from = at.in;
    char* const room = task_.arena->room(most);
    Seen seen;
    const At closing = text_body<Into::cell>({from, room}, seen, room + most - 2 * Vector::width);
    if (closing.in == nullptr) return surprise;
    if (*closing.in != '"' || closing.out > room + most - 2 * Vector::width)
      return long_cell(member, at);
    at.in = closing.in + 1;
    const auto size = static_cast<std::size_t>(closing.out - room);
    if (!seen.escapes) return judged(member, {from, size}, from, at);
    return judged(member, task_.arena->keep({room, size}), from, at);
  }

  At long_cell(const Foreseen& member, At at) {
    const char* const from = at.in;
    bool escapes;
    at.in = marked_string(from, escapes);
    if (at.in == nullptr) return surprise;
    const Text sent{from, static_cast<std::size_t>(at.in - 1 - from)};
    return escapes ? judged_in_arena(member, sent.size(), from, at)
                   : judged(member, sent, from, at);
  }

  /// `from` begins a text whose escapes are good, and that takes so many bytes with them.
  At judged_in_arena(const Foreseen& member, std::size_t size, const char* from, At at) {
    char* const room = task_.arena->room(size + Vector::width);
    Seen seen;
    const At closing = text_body<Into::cell>({from, room}, seen);
    if (closing.in == nullptr) return surprise;
    return judged(member, task_.arena->keep({room, static_cast<std::size_t>(closing.out - room)}),
                  from, at);
  }

  [[gnu::noinline]] At csv_text(const Foreseen& member, At at) {
    At behind = at;
    const char* closing;
    if (!plain_text<true, true>(behind, closing)) return marked_csv(member, at);
    return closing == at.in ? empty_csv(member, behind) : judged(member, at.in - 1, behind);
  }

  [[gnu::noinline]] At empty_csv(const Foreseen& member, At at) {
    *at.out++ = '"';
    *at.out++ = '"';
    return judged(member, at.in - 2, at);
  }

  /// A short text that only has commas is written between quotes. Its closing one; nothing: it is
  /// another text.
  template <class V = Wide>
  static const char* quoted_csv(const char* from, char* field) {
    const auto block = V::load(from);
    const auto quotes = V::is(block, '"'), marks = V::marks(block);
    if (quotes == 0 || (marks & (quotes ^ (quotes - 1))) != 0) return nullptr;
    const int size = std::countr_zero(quotes);
    field[0] = '"';
    V::store(field + 1, block);
    field[1 + size] = '"';
    return from + size;
  }

  /// A text that may need quotes, has escapes, or is not ASCII. It is written behind the place of
  /// its opening quote, and moved there if it needs none.
  [[gnu::noinline]] At marked_csv(const Foreseen& member, At at) {
    const char* const from = at.in;
    char* const field = at.out;
    if constexpr (Wide::unescapes)
      if (const char* const closing = quoted_csv(from, field))
        return judged(member, from - 1, {closing + 1, field + (closing - from) + 2});
    Seen seen;
    const At closing = text_body<Into::csv>({from, field + 1}, seen);
    if (closing.in == nullptr) return surprise;
    at.in = closing.in + 1;
    char* to = closing.out;
    const auto size = static_cast<std::size_t>(to - field - 1);
    const auto sent_size = static_cast<std::size_t>(closing.in - from);
    if (seen.marks) {
      *field = '"';
      *to++ = '"';
      at.out = to;
    } else {
      at.out = copy_blocks(field + 1, to, field);
    }
    if (member.free) return at;
    if (!seen.escapes) return judged(member, {from, sent_size}, from, at);
    if (seen.doubled || member.kept) return judged_in_arena(member, sent_size, from, at);
    return judged(member, {seen.marks ? field + 1 : field, size}, from, at);
  }

  [[gnu::noinline]] At marked_json(const Foreseen& member, At at) {
    const char* const from = at.in;
    at = copy(at);
    Seen seen;
    at = text_body<Into::json>(at, seen);
    if (at.in == nullptr) return surprise;
    copied_ = at.in++;
    if (member.free) return at;
    const auto sent_size = static_cast<std::size_t>(at.in - 1 - from);
    if (!seen.escapes) return judged(member, {from, sent_size}, from, at);
    return judged_in_arena(member, sent_size, from, at);
  }

  /// `at`: at the brace behind the members.
  char* end_line(At at) {
    char* to = copy(at).out;
    if constexpr (out == Out::csv) {
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
  const char* copied_;  ///< what stands before it has been copied, or is left out
};

template <Out out>
bool read_row(RowTask& task) {
  return Row<out>{task}.read();
}

inline const char* value_end(const char* at, int level) { return any_value(at, level); }
