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
    text_ += name;
    const std::uint32_t size = cell.size;
    // No name has a control character, so kind and size cannot be taken for a part of it.
    const char head[] = {static_cast<char>(cell.kind), static_cast<char>(size),
                         static_cast<char>(size >> 8), static_cast<char>(size >> 16),
                         static_cast<char>(size >> 24)};
    text_.append(head, sizeof head).append(cell.data, size);
  }
  RowHash end();

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
