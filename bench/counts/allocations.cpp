#include "allocations.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> count{0};
thread_local int uncounted = 0;

void* take(std::size_t size, std::size_t alignment) {
  if (uncounted == 0) count.fetch_add(1, std::memory_order_relaxed);
  if (size == 0) size = 1;
  void* const bytes =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(size)
          : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (bytes == nullptr) throw std::bad_alloc{};
  return bytes;
}

void* take_or_nothing(std::size_t size, std::size_t alignment) noexcept {
  try {
    return take(size, alignment);
  } catch (...) {
    return nullptr;
  }
}

constexpr std::size_t plain = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return take(size, plain); }
void* operator new[](std::size_t size) { return take(size, plain); }
void* operator new(std::size_t size, std::align_val_t to) { return take(size, std::size_t(to)); }
void* operator new[](std::size_t size, std::align_val_t to) { return take(size, std::size_t(to)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take_or_nothing(size, plain);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return take_or_nothing(size, plain);
}
void* operator new(std::size_t size, std::align_val_t to, const std::nothrow_t&) noexcept {
  return take_or_nothing(size, std::size_t(to));
}
void* operator new[](std::size_t size, std::align_val_t to, const std::nothrow_t&) noexcept {
  return take_or_nothing(size, std::size_t(to));
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete[](void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }
void operator delete[](void* bytes, std::size_t) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::align_val_t) noexcept { std::free(bytes); }
void operator delete[](void* bytes, std::align_val_t) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t, std::align_val_t) noexcept { std::free(bytes); }
void operator delete[](void* bytes, std::size_t, std::align_val_t) noexcept { std::free(bytes); }
void operator delete(void* bytes, const std::nothrow_t&) noexcept { std::free(bytes); }
void operator delete[](void* bytes, const std::nothrow_t&) noexcept { std::free(bytes); }

namespace callrail::counts {

std::uint64_t allocations() { return count.load(std::memory_order_relaxed); }
Uncounted::Uncounted() { ++uncounted; }
Uncounted::~Uncounted() { --uncounted; }

}  // namespace callrail::counts
