#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace callrail::bench {

namespace {

/// One pass over a page, compact or not; rows are the objects two levels down.
class Count {
 public:
  explicit Count(Figures& out) : out_{out} {}

  void page(Text page) {
    for (std::size_t i = 0; i < page.size(); ++i) {
      const char c = page[i];
      if (depth_ > row_level) ++nested_;
      switch (c) {
        case '"': i = string(page, i); break;
        case '{':
        case '[':
          if (++depth_ == row_level) begin_row(i);
          break;
        case '}':
        case ']':
          if (depth_-- == row_level) end_row(i + 1);
          break;
        default: break;
      }
    }
  }

  std::size_t rows = 0, row_bytes = 0, members = 0, nested_members = 0, escapes = 0, ampersands = 0,
              nonascii = 0, text = 0, nonascii_text = 0, nonascii_rows = 0;
  std::size_t nested() const { return nested_; }

 private:
  static constexpr int row_level = 3;

  /// Index of the closing quote.
  std::size_t string(Text page, std::size_t begin) {
    std::size_t wide = 0, end = begin + 1;
    for (; page[end] != '"'; ++end) {
      if (page[end] == '\\') {
        ++escapes;
        if (page.substr(end).starts_with("\\u0026")) ++ampersands;
        ++end;
      } else if (static_cast<unsigned char>(page[end]) >= 0x80) {
        ++wide;
      }
    }
    const bool key = page.substr(end + 1).starts_with(':');
    if (key && depth_ == row_level) ++members;
    if (key && depth_ > row_level) ++nested_members;
    if (depth_ > row_level) nested_ += end - begin;
    nonascii += wide;
    wide_in_row_ += wide;
    if (!key) {
      text += end - begin - 1;
      nonascii_text += wide;
    }
    return end;
  }
  void begin_row(std::size_t at) {
    row_begin_ = at;
    wide_in_row_ = 0;
  }
  void end_row(std::size_t at) {
    ++rows;
    row_bytes += at - row_begin_;
    out_.longest_row = std::max(out_.longest_row, at - row_begin_);
    if (wide_in_row_ != 0) ++nonascii_rows;
  }

  Figures& out_;
  int depth_ = 0;
  std::size_t row_begin_ = 0, wide_in_row_ = 0, nested_ = 0;
};

}  // namespace

Figures figures_of(const Pages& pages) {
  Figures out;
  Count count{out};
  for (const Body& body : pages.bodies) {
    count.page(body.text());
    out.bytes += body.size();
  }
  out.pages = pages.bodies.size();
  out.rows = count.rows;
  const auto a_row = [&](std::size_t n) {
    return static_cast<double>(n) / static_cast<double>(std::max<std::size_t>(count.rows, 1));
  };
  const auto share = [](std::size_t part, std::size_t of) {
    return static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(of, 1));
  };
  out.members = a_row(count.members);
  out.nested_members = a_row(count.nested_members);
  out.bytes_a_row = a_row(count.row_bytes);
  out.escapes = a_row(count.escapes);
  out.ampersands = a_row(count.ampersands);
  out.nonascii_bytes = share(count.nonascii, out.bytes);
  out.nonascii_in_text = share(count.nonascii_text, count.text);
  out.nonascii_rows = a_row(count.nonascii_rows);
  out.nested_bytes = share(count.nested(), out.bytes);
  return out;
}

std::string to_text(const Figures& f) {
  return fmt::format(
      "{} pages, {} rows, {:.1f} MB; a row: {:.1f} members ({:.1f} nested), {:.0f} bytes (at most "
      "{}), {:.1f} escapes of which {:.1f} \\u0026\n"
      "not ASCII: {:.2f} % of the bytes, {:.1f} % of the text, in {:.0f} % of the rows; nested: "
      "{:.0f} % of the bytes\n",
      f.pages, f.rows, static_cast<double>(f.bytes) / 1e6, f.members, f.nested_members,
      f.bytes_a_row, f.longest_row, f.escapes, f.ampersands, f.nonascii_bytes * 100,
      f.nonascii_in_text * 100, f.nonascii_rows * 100, f.nested_bytes * 100);
}

}  // namespace callrail::bench
