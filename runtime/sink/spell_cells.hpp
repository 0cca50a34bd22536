// No #pragma once and no includes: speller_plain.cpp and speller_avx2.cpp include this behind their
// `Bytes`.

/// Between quotes, with the quotes inside twice.
[[gnu::noinline]] inline char* put_quoted(const char* from, std::size_t size, char* out) {
  *out++ = '"';
  out = Bytes::copy_doubled(from, size, out);
  *out++ = '"';
  return out;
}

char* csv_cells(std::span<const Cell> cells, char* out) {
  for (const Cell& cell : cells) {
    if (cell.kind >= Kind::boolean) {
      const bool is_text = cell.kind == Kind::text;
      if (cell.kind == Kind::json || (is_text && cell.size == 0)) {
        out = put_quoted(cell.data, cell.size, out);
      } else {
        const bool marks = Bytes::copy<Marks::csv>(cell.data, cell.size, out);
        out = marks && is_text ? put_quoted(cell.data, cell.size, out) : out + cell.size;
      }
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
    } else if (cell.kind == Kind::null) {
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
