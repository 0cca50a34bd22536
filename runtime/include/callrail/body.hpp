#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace callrail {

/// The bytes of one answer, followed by padding that vector code may read (never trust) past the
/// end.
class Body {
 public:
  static constexpr std::size_t padding = 256;

  Body() = default;
  explicit Body(std::string_view text) { append(text); }
  Body(Body&& other) noexcept { swap(other); }
  Body& operator=(Body&& other) noexcept {
    Body taken{std::move(other)};
    swap(taken);
    return *this;
  }

  void append(std::string_view more) {
    if (more.empty()) return;
    if (size_ + more.size() > capacity_) grow(size_ + more.size());
    std::memcpy(bytes_.get() + size_, more.data(), more.size());
    size_ += more.size();
    std::memset(bytes_.get() + size_, 0, padding);
  }
  void clear() { size_ = 0; }

  std::string_view text() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  void swap(Body& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  void grow(std::size_t least) {
    std::size_t capacity = capacity_ < 16384 ? 16384 : capacity_ * 2;
    if (capacity < least) capacity = least;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity + padding);
    if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace callrail
