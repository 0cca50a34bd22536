// No #pragma once and no includes: see bytes_avx2.hpp, whose twin this is.

/// Eight bytes at once, in a register.
struct Bytes {
  static constexpr bool copies_any_size = false;

  template <Marks marks>
  [[gnu::always_inline]] static bool copy(const char* from, std::size_t size, char* out) {
    std::uint64_t found = 0;
    if (size >= 8) {
      for (std::size_t i = 0; i < size - 8 && found == 0; i += 8)
        found = copy_8<marks>(from + i, out + i);
      return (found | copy_8<marks>(from + size - 8, out + size - 8)) != 0;
    }
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = from[i];
      found |= is_mark(marks, from[i]);
    }
    return found != 0;
  }

  template <Marks marks>
  static std::size_t copy_to_mark(const char* from, std::size_t size, char* out) {
    std::size_t i = 0;
    while (i + 8 <= size && copy_8<marks>(from + i, out + i) == 0) i += 8;
    for (; i < size && !is_mark(marks, from[i]); ++i) out[i] = from[i];
    return i;
  }

  /// Each quote twice.
  static char* copy_doubled(const char* from, std::size_t size, char* out) {
    const char* const end = from + size;
    for (; end - from >= 8; from += 8) {
      std::uint64_t word;
      std::memcpy(&word, from, 8);
      out = put_doubled(word, out);
    }
    // Zeros are no quotes: behind the end, each of them is written as one byte.
    const auto left = static_cast<std::size_t>(end - from);
    return put_doubled(few_bytes(from, left), out) - (8 - left);
  }

 private:
  static char* put_doubled(std::uint64_t word, char* out) {
    if (equal(word, '"') == 0) {
      std::memcpy(out, &word, 8);
      return out + 8;
    }
    char bytes[8];
    std::memcpy(bytes, &word, 8);
    for (const char c : bytes) {
      out[0] = out[1] = c;
      out += c == '"' ? 2 : 1;
    }
    return out;
  }

  template <Marks marks>
  static std::uint64_t copy_8(const char* from, char* out) {
    std::uint64_t word;
    std::memcpy(&word, from, 8);
    std::memcpy(out, &word, 8);
    return some<marks>(word);
  }

  static constexpr std::uint64_t every(unsigned char byte) { return 0x0101010101010101U * byte; }

  /// These have no bit if no byte is one. If one is, others may look like it.
  static std::uint64_t below(std::uint64_t word, unsigned char limit) {
    return (word - every(limit)) & ~word & every(0x80);
  }
  static std::uint64_t equal(std::uint64_t word, unsigned char byte) {
    return below(word ^ every(byte), 1);
  }

  template <Marks marks>
  static std::uint64_t some(std::uint64_t word) {
    switch (marks) {
      case Marks::none: return 0;
      case Marks::csv:
        return equal(word, ',') | equal(word, '"') | equal(word, '\r') | equal(word, '\n');
      case Marks::json: return equal(word, '"') | equal(word, '\\') | below(word, 0x20);
      case Marks::xml:
        // < and > differ in one bit.
        return equal(word, '&') | equal(word | every(2), '>') | equal(word, 0xef) |
               below(word, 0x20);
    }
    return 0;
  }
};
