// No #pragma once and no includes: speller_plain.cpp and its like include this behind their `Bytes`.

/// Between quotes, with the quotes inside twice.
[[gnu::noinline]] inline char* put_quoted(const char* from, std::size_t size, char* out) {
  *out++ = '"';
  out = Bytes::copy_doubled(from, size, out);
  *out++ = '"';
  return out;
}

/// A cell that is not spelled as it is. Nothing but text is ever looked into.
inline char* put_marked(Kind kind, const char* from, std::size_t size, char* out) {
  if (kind == Kind::text) return put_quoted(from, size, out);
  std::memcpy(out, from, size);
  return out + size;
}

/// Without a branch: which cells have a value is hard to foresee. Where the copy has none either,
/// rows take 8 % less.
inline std::size_t size_if(bool is, std::size_t size) { return size & -std::size_t{is}; }
inline const char* text_if(bool is, const char* text, const char* other) {
  const auto at = [](const char* where) { return reinterpret_cast<std::uintptr_t>(where); };
  return reinterpret_cast<const char*>(at(other) ^ ((at(text) ^ at(other)) & -std::uintptr_t{is}));
}

char* csv_cells(std::span<const Cell> cells, char* out) {
  for (const Cell& cell : cells) {
    if (cell.kind == Kind::json) {
      out = put_quoted(cell.data, cell.size, out);
    } else if (Bytes::copies_any_size || cell.has_value()) {
      const std::size_t size = size_if(cell.has_value(), cell.size);
      const char* const from = text_if(size != 0, cell.data, "");
      const bool marked = Bytes::copy<Marks::csv>(from, size, out);
      if (marked | ((size == 0) & (cell.kind == Kind::text)))
        out = put_marked(cell.kind, from, size, out);
      else
        out += size;
    }
    *out++ = ',';
  }
  return cells.empty() ? out : out - 1;
}

[[gnu::noinline]] inline char* put_escaped(const char* from, std::size_t size, char* out) {
  while (true) {
    const std::size_t plain = Bytes::copy_to_mark<Marks::json>(from, size, out);
    out += plain;
    if (plain == size) return out;
    from += plain;
    size -= plain + 1;
    out = put_escape(*from++, out);
  }
}

inline char* put_string(const char* from, std::size_t size, char* out) {
  *out++ = '"';
  out = Bytes::copy<Marks::json>(from, size, out) ? put_escaped(from, size, out) : out + size;
  *out++ = '"';
  return out;
}

char* json_string(Text text, char* out) { return put_string(text.data(), text.size(), out); }

char* json_object(std::span<const Cell> cells, const JsonKeys& keys, char* out) {
  char* const begin = out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    if (cell.is_absent()) continue;
    const char* const key = keys.key(i);
    const std::size_t key_size = keys.size_of(i);
    std::memcpy(out, key, JsonKeys::slack);
    if (key_size > JsonKeys::slack)
      std::memcpy(out + JsonKeys::slack, key + JsonKeys::slack, key_size - JsonKeys::slack);
    out += key_size;
    if (cell.kind == Kind::text) {
      out = put_string(cell.data, cell.size, out);
    } else if (cell.is_null()) {
      std::memcpy(out, "null", 4);
      out += 4;
    } else {
      Bytes::copy<Marks::none>(cell.data, cell.size, out);
      out += cell.size;
    }
  }
  if (out == begin) ++out;
  *begin = '{';
  *out++ = '}';
  return out;
}

bool copy_plain_xml(Text text, char* out) {
  return !Bytes::copy<Marks::xml>(text.data(), text.size(), out);
}
