#pragma once

#include <callrail/body.hpp>
#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>
#include <callrail/selection.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace callrail {

/// What stands beside the rows of a page. Any of it may be missing.
struct Envelope {
  std::optional<std::int64_t> page, pages, total;
  std::optional<std::string> next;  ///< null is like missing: unknown which one ends a list
  std::optional<bool> more;
};

/// Rows as sinks see them: a table of cells, one column per field of the endpoint, and perhaps one
/// for what the schema does not know. Fields that were not selected are absent.
struct Rows {
  const Cell* cells = nullptr;
  std::size_t count = 0;
  std::size_t width = 0;
  /// Each row as the destination spells it, if it asked for that (`RowLines`). Then the cells are
  /// just those the reader was told to keep, in that order.
  const Text* lines = nullptr;

  const Cell& at(std::size_t row, std::size_t field) const { return cells[row * width + field]; }
  Rows first(std::size_t n) const { return {cells, n < count ? n : count, width, lines}; }
};

/// A text format in which a row is a line of its own. A reader that knows it spells rows as it
/// goes.
struct RowLines {
  enum class Form : std::uint8_t {
    csv,    ///< RFC 4180, CRLF; null and absent empty, empty text and nested values in quotes
    jsonl,  ///< objects of the fields that came, LF
  };
  Form form = Form::csv;
  std::vector<std::size_t> fields = {};  ///< the columns, in order
  /// What the lines have to be: spells rows of which no cell is missing.
  std::function<void(const Rows&, std::string&)> spell = {};
};

/// Bytes that grow without being cleared first.
class LineBuffer {
 public:
  /// Room for `more` bytes behind those that are used.
  char* room(std::size_t more) {
    if (capacity_ - used_ < more) grow(used_ + more);
    return bytes_.get() + used_;
  }
  void use(std::size_t more) { used_ += more; }
  void clear() { used_ = 0; }
  std::size_t size() const { return used_; }
  const char* data() const { return bytes_.get(); }
  Text text() const { return {bytes_.get(), used_}; }
  /// Gives back the room for more.
  void shrink() {
    if (used_ != 0) hold(used_);
  }

 private:
  void grow(std::size_t least);
  void hold(std::size_t capacity);

  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char[], Free> bytes_;
  std::size_t used_ = 0, capacity_ = 0;
};

/// A decoded page: its bytes, its rows, and the text that had to be unescaped. Rows point into the
/// other two, so the three move as one.
class Page {
 public:
  Envelope envelope;

  std::size_t size() const { return count_; }
  Rows rows() const {
    return {cells_.data(), count_, width_, lines_.empty() ? nullptr : lines_.data()};
  }
  Cell& cell(std::size_t row, std::size_t field) { return cells_[row * width_ + field]; }
  Text line(std::size_t row) const { return lines_.empty() ? Text{} : lines_[row]; }
  /// All lines one behind the other, as they were read.
  Text text() const { return text_.text(); }
  bool has_body() const { return !body_.empty(); }
  Text body() const { return body_.text(); }
  /// About what it takes of the memory.
  std::size_t memory() const { return body_.size() + cells_.size() * sizeof(Cell) + text_.size(); }
  /// The pieces of it that are large, to be put elsewhere in place.
  template <class Take>
  void large_pieces(Take take) {
    body_.keep_from_reuse();
    take(body_.text());
    take(text_.text());
    take(Text{reinterpret_cast<const char*>(cells_.data()), cells_.size() * sizeof(Cell)});
  }
  Body give_up_body() && { return std::move(body_); }

  /// Takes over a row of another page, which has to live as long as this one.
  void replace(std::size_t row, const Page& other, std::size_t other_row) {
    for (std::size_t f = 0; f < width_; ++f) cell(row, f) = other.rows().at(other_row, f);
    if (!lines_.empty()) lines_[row] = other.line(other_row);
  }

  /// Takes the rows out that `drop` says; keeps the order.
  template <class Drop>
  void erase_if(Drop drop) {
    std::size_t kept = 0;
    for (std::size_t r = 0; r < count_; ++r) {
      if (drop(r)) continue;
      if (kept != r) {
        for (std::size_t f = 0; f < width_; ++f) cells_[kept * width_ + f] = cells_[r * width_ + f];
        if (!lines_.empty()) lines_[kept] = lines_[r];
      }
      ++kept;
    }
    count_ = kept;
    cells_.resize(kept * width_);
    if (!lines_.empty()) lines_.resize(kept);
  }

 private:
  friend class PageDecoder;
  template <Record R>
  friend class Processor;

  Body body_;
  std::vector<std::unique_ptr<char[]>> unescaped_;
  std::vector<Cell> cells_;
  std::size_t count_ = 0, width_ = 0;
  /// Gives back what was taken for longer lines than came.
  void shrink_text();

  LineBuffer text_;
  std::vector<Text> lines_;  ///< in `text_`
};

/// What of a page is read.
struct PageTask {
  const Endpoint& endpoint;
  const PagingFacts& paging;
  const Selection& wanted;  ///< these become cells
  const Selection& asked;   ///< the fields the request named, whose absence is drift
  const RowLines* lines = nullptr;
  /// Rows get one more cell behind those of the fields: the members the schema does not know, as
  /// one JSON object; absent if there are none. Not beside `lines`.
  bool keep_unknown = false;
  bool only_asked = false;  ///< no other fields come, and that is no drift

  std::size_t width() const { return endpoint.fields.size() + (keep_unknown ? 1U : 0U); }
};

/// Two ways to read the same: the general one, on top of simdjson, reads any JSON and has the last
/// word; the predicting one expects rows to look like those before them and leaves each that does
/// not to the general one.
enum class Reader : std::uint8_t {
  predicting,
  general,
  avx2,      ///< predicting, with no newer instructions
  portable,  ///< predicting, without instructions that not every machine has
};

/// Turns the bytes of one page into rows; keep one per thread, it reuses its memory.
///
/// Fails with Code::bad_answer, naming the byte, if the page is not JSON, not an object, or lacks
/// the member that holds the rows: an error page is valid JSON too, and taking it for an empty one
/// would lose rows without a word. The whole page has to be JSON of at most 64 levels, but for the
/// inside of fields that the schema knows and nobody wants: they are stepped over, and have to end
/// where they should (docs/speed.md says what that takes). Whatever is merely surprising goes to
/// `Drift`.
class PageDecoder {
 public:
  explicit PageDecoder(Reader = Reader::predicting);
  ~PageDecoder();
  PageDecoder(PageDecoder&&) noexcept;

  /// Without `lines` the page takes the body, which its rows point into. A page that is refused,
  /// and one that was spelled as lines, stays with the caller.
  Result<Page> decode(const PageTask&, Body&&, Drift&);
  Result<Page> decode(const Endpoint& endpoint, const PagingFacts& paging, Body&& body,
                      const Selection& wanted, const Selection& asked, Drift& drift) {
    return decode({endpoint, paging, wanted, asked}, std::move(body), drift);
  }

  /// Reads a page that stays with the caller and has Body::padding readable bytes behind it, into
  /// one whose memory is used again. The rows point into `text`. Only if the first of these bytes
  /// is a NUL, as in a Body, rows are predicted.
  Status read(const PageTask&, Text text, Page& into, Drift&);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
