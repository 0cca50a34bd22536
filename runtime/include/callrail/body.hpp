#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace callrail {

/// The bytes of one answer, followed by padding that vector code may read (never trust) past the
/// end. The memory of the last large one is used again for the next of its size: fresh memory costs
/// a page of 1.2 MB about 300 page faults, a tenth of the time it takes to read it.
class Body {
 public:
  static constexpr std::size_t padding = 256;

  Body() = default;
  explicit Body(std::string_view text) { append(text); }
  Body(Body&& other) noexcept { swap(other); }
  ~Body() { put_by(); }
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
  /// Room for `more` bytes at the end; how many of them were written is said with `wrote`.
  char* room(std::size_t more) {
    if (size_ + more > capacity_ || bytes_ == nullptr) hold(size_ + more);
    return bytes_.get() + size_;
  }
  void wrote(std::size_t more) {
    size_ += more;
    std::memset(bytes_.get() + size_, 0, padding);
  }
  /// Its memory is not to be used again: it lies in a file by now (`Shelf`).
  void keep_from_reuse() { for_reuse_ = false; }
  /// Gives back the room for more.
  void shrink() {
    if (size_ != 0) hold(size_);
  }

  std::string_view text() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  void swap(Body& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    std::swap(for_reuse_, other.for_reuse_);
  }

  void grow(std::size_t least) {
    std::size_t capacity = capacity_ < 16384 ? 16384 : capacity_ * 2;
    if (capacity < least) capacity = least;
    hold(capacity);
  }

  /// `realloc`, because large pieces then grow and shrink where they are.
  void hold(std::size_t capacity) {
    if (bytes_ == nullptr && take_spare(capacity)) return;
    void* const bytes = std::realloc(bytes_.get(), capacity + padding);
    if (bytes == nullptr) throw std::bad_alloc{};
    (void)bytes_.release();
    bytes_.reset(static_cast<char*>(bytes));
    capacity_ = capacity;
  }

  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  using Memory = std::unique_ptr<char[], Free>;

  /// Of one thread. Small ones are no trouble to malloc, and what a rare huge one took is given
  /// back.
  struct Spare {
    Memory bytes;
    std::size_t capacity = 0;
  };
  static Spare& spare() {
    thread_local Spare kept;
    return kept;
  }
  static constexpr std::size_t least_spare = 64u << 10, most_spare = 4u << 20;
#if defined(__SANITIZE_ADDRESS__)  // it would not notice a row that outlives its page
  static constexpr bool reuses = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr bool reuses = false;
#else
  static constexpr bool reuses = true;
#endif
#else
  static constexpr bool reuses = true;
#endif

  void put_by() noexcept {
    if (!reuses || !for_reuse_ || capacity_ < least_spare || capacity_ > most_spare) return;
    Spare& kept = spare();
    if (kept.capacity >= capacity_) return;
    kept.bytes = std::move(bytes_);
    kept.capacity = capacity_;
  }
  bool take_spare(std::size_t capacity) {
    if (!reuses || capacity < least_spare) return false;
    Spare& kept = spare();
    // Not for a body that is much smaller: it may be held for long.
    if (kept.capacity < capacity || kept.capacity / 2 > capacity) return false;
    bytes_ = std::move(kept.bytes);
    capacity_ = std::exchange(kept.capacity, 0);
    return true;
  }

  Memory bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  bool for_reuse_ = true;
};

}  // namespace callrail
