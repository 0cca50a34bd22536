#pragma once

#include <callrail/types.hpp>

#include <array>
#include <memory>
#include <string>

struct evp_md_ctx_st;
struct evp_md_st;

namespace callrail {

/// By which an unchanged row is known.
using RowHash = std::array<char, 16>;
/// Of what stands before the hash of a part of a row.
inline constexpr std::size_t part_mark_size = 8;
inline Text bytes_of(const RowHash& hash) { return {hash.data(), hash.size()}; }

/// The first half of SHA-256 over the values of a row: name, kind and text of each. Cells without a
/// value have no part in it, so a column that is new and null changes no hash.
class RowHasher {
 public:
  RowHasher();
  RowHasher(RowHasher&&) noexcept;
  ~RowHasher();

  void begin() { text_.clear(); }
  void add(Text name, const Cell& cell) {
    if (!cell.has_value()) return;
    char head[head_size];
    put_head(cell, head);
    text_.append(name).append(head, head_size).append(cell.data, cell.size);
  }
  RowHash end() { return of(text_); }
  /// Of what `add` would have put together.
  RowHash of(Text);

  /// What stands before the text of a cell.
  static constexpr std::size_t head_size = 5;
  static char* put_head(const Cell& cell, char* at) {
    // No name has a control character, so kind and size cannot be taken for a part of it.
    const std::uint32_t size = cell.size;
    for (const std::uint32_t byte : {std::uint32_t{static_cast<std::uint8_t>(cell.kind)}, size,
                                     size >> 8, size >> 16, size >> 24})
      *at++ = static_cast<char>(byte);
    return at;
  }

 private:
  struct Free {
    void operator()(evp_md_ctx_st*) const;
    void operator()(evp_md_st*) const;
  };
  std::unique_ptr<evp_md_st, Free> sha256_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
  std::string text_;
};

}  // namespace callrail
