#pragma once

#include <cstdint>

namespace callrail {

/// A page by its place in a list: page `number` (from 1) of `size` rows each.
struct Span {
  int number = 1;
  int size = 0;

  std::uint64_t begin() const {
    return static_cast<std::uint64_t>(number - 1) * static_cast<std::uint64_t>(size);
  }
  std::uint64_t end() const { return begin() + static_cast<std::uint64_t>(size); }
  friend bool operator==(Span, Span) = default;
};

/// The page to read after `covered` rows of a list: of those with at least `overlap` of these rows
/// in it, the one that reaches furthest.
///
/// An API that counts pages can only be asked for multiples of a size, so the size varies: behind
/// 250 rows page 2 of 249 begins with the last of them. That common row is what proves that
/// nothing slipped through between two pages, whatever came or went before them; see
/// docs/architecture.md. It costs p - 1 rows on the p-th page, an extra request in about 16 pages.
///
/// Pages of one or two rows cannot overlap and get on: then the plain next page is given.
Span span_after(std::uint64_t covered, int most, std::uint64_t overlap = 1);

/// Pages that may follow each other in one window before the overlaps cost more than a request.
int pages_of_window(int page_size);

}  // namespace callrail
