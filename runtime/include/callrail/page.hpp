#pragma once

#include <callrail/body.hpp>
#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>
#include <callrail/selection.hpp>

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

/// Rows as sinks see them: a table of cells, one column per field of the endpoint. Fields that were
/// not selected are absent.
struct Rows {
  const Cell* cells = nullptr;
  std::size_t count = 0;
  std::size_t width = 0;

  const Cell& at(std::size_t row, std::size_t field) const { return cells[row * width + field]; }
  Rows first(std::size_t n) const { return {cells, n < count ? n : count, width}; }
};

/// A decoded page: its bytes, its rows, and the text that had to be unescaped. Rows point into the
/// other two, so the three move as one.
class Page {
 public:
  Envelope envelope;

  std::size_t size() const { return width_ == 0 ? 0 : cells_.size() / width_; }
  Rows rows() const { return {cells_.data(), size(), width_}; }
  Cell& cell(std::size_t row, std::size_t field) { return cells_[row * width_ + field]; }
  /// About what it takes of the memory.
  std::size_t memory() const { return body_.size() + cells_.size() * sizeof(Cell); }
  /// The pieces of it that are large, to be put elsewhere in place.
  template <class Take>
  void large_pieces(Take take) {
    body_.keep_from_reuse();
    take(body_.text());
    take(Text{reinterpret_cast<const char*>(cells_.data()), cells_.size() * sizeof(Cell)});
  }
  Body give_up_body() && { return std::move(body_); }

  /// Takes the rows out that `drop` says; keeps the order.
  template <class Drop>
  void erase_if(Drop drop) {
    std::size_t kept = 0;
    for (std::size_t r = 0; r < size(); ++r) {
      if (drop(r)) continue;
      if (kept != r)
        for (std::size_t f = 0; f < width_; ++f) cells_[kept * width_ + f] = cells_[r * width_ + f];
      ++kept;
    }
    cells_.resize(kept * width_);
  }

 private:
  friend class PageDecoder;
  template <Record R>
  friend class Processor;

  Body body_;
  std::vector<std::unique_ptr<char[]>> unescaped_;
  std::vector<Cell> cells_;
  std::size_t width_ = 0;
};

/// Turns the bytes of one page into rows; keep one per thread, it reuses its memory.
///
/// Fails with Code::bad_answer, naming the byte, if the page is not JSON, not an object, or lacks
/// the member that holds the rows: an error page is valid JSON too, and taking it for an empty one
/// would lose rows without a word. The whole page has to be JSON of at most 64 levels, also where
/// nobody looks. Whatever is merely surprising goes to `Drift`.
class PageDecoder {
 public:
  PageDecoder();
  ~PageDecoder();
  PageDecoder(PageDecoder&&) noexcept;

  /// `asked`: the fields the request named, whose absence is drift. A page that is refused stays
  /// with the caller.
  Result<Page> decode(const Endpoint&, const PagingFacts&, Body&&, const Selection& wanted,
                      const Selection& asked, Drift&);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace callrail
