// No #pragma once and no includes: see vector_avx2.hpp, whose twin this is.

/// Thirty-two bytes at once, eight in a register.
struct Vector {
  struct Block {
    std::uint64_t words[4];
  };
  using Bits = std::uint32_t;
  static constexpr std::size_t width = 32;
  static constexpr bool unescapes = false;

  static Block load(const char* at) {
    Block block;
    std::memcpy(&block, at, sizeof block);
    return block;
  }
  static void store(char* at, Block block) { std::memcpy(at, &block, sizeof block); }

  static Bits is(Block block, char c) { return bits(equal(block, c)); }
  static Bits no_ascii(Block block) { return bits(block); }
  static Bits controls(Block block) { return bits(control(block)); }
  static Bits stops(Block block) { return bits(or_(hard(block), equal(block, '"'))); }
  static Bits marks(Block block) { return bits(or_(block, hard(block))); }
  static Bits marks_or_commas(Block block) {
    return bits(or_(or_(block, hard(block)), equal(block, ',')));
  }
  static Bits opening(Block block) { return bits(equal(lower_case(block), '{')); }
  static Bits closing(Block block) { return bits(equal(lower_case(block), '}')); }
  static Bits digits(Block block) {
    for (std::uint64_t& word : block.words) {
      const std::uint64_t low = word & every(0x7f);
      word = (low + every(0x80 - '0')) & ~(low + every(0x7f - '9')) & ~word;
    }
    return bits(block);
  }

  static Bits letters(Block block) {
    for (std::uint64_t& word : block.words) {
      const std::uint64_t lower = (word & every(0x7f)) | every(0x20);
      word = (lower + every(0x80 - 'a')) & ~(lower + every(0x7f - 'z')) & ~word;
    }
    return bits(block);
  }

  static Bits hex(Block block) {
    for (std::uint64_t& word : block.words) {
      const std::uint64_t low = word & every(0x7f), lower = low | every(0x20);
      const std::uint64_t digit = (low + every(0x80 - '0')) & ~(low + every(0x7f - '9'));
      const std::uint64_t letter = (lower + every(0x80 - 'a')) & ~(lower + every(0x7f - 'f'));
      word = (digit | letter) & ~word;
    }
    return bits(block);
  }

  static Bits prefix_xor(Bits bits) {
    for (unsigned shift = 1; shift < width; shift *= 2) bits ^= bits << shift;
    return bits;
  }

  static bool same(const char* a, const char* b, std::uint64_t mask) {
    for (; mask != 0; a += width, b += width, mask >>= 32) {
      const Block x = load(a), y = load(b);
      Block differ;
      for (int i = 0; i < 4; ++i) {
        const std::uint64_t word = x.words[i] ^ y.words[i];
        differ.words[i] = ((word & every(0x7f)) + every(0x7f)) | word;
      }
      if ((bits(differ) & static_cast<Bits>(mask)) != 0) return false;
    }
    return true;
  }

  struct Pattern {
    alignas(32) unsigned char least[32], span[32], pairs[32];
    alignas(32) std::uint16_t low[16], high[16];
  };
  static bool fits(const char* at, const Pattern& p) {
    bool good = true;
    for (std::size_t i = 0; i < 32; ++i)
      good &= static_cast<unsigned char>(at[i] - p.least[i]) <= p.span[i];
    for (std::size_t i = 0; i < 16; ++i) {
      const unsigned char second = p.pairs[2 * i], first = p.pairs[2 * i + 1];
      if (first >= 0x80) continue;
      // The vector unit shuffles within halves of sixteen bytes.
      const std::size_t half = i < 8 ? 0 : 16;
      const int value = static_cast<unsigned char>(at[half + first]) << 8 |
                        static_cast<unsigned char>(at[half + second]);
      good &= value >= p.low[i] && value <= p.high[i];
    }
    return good;
  }

  static Bits utf8_errors(const char* at) {
    Bits errors = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const auto* const byte = reinterpret_cast<const unsigned char*>(at + i);
      const auto above = [&](int back, int least) { return byte[-back] >= least ? 0x80 : 0; };
      const int pair = utf8_mistakes.first_high[byte[-1] >> 4] &
                       utf8_mistakes.first_low[byte[-1] & 15] &
                       utf8_mistakes.second_high[byte[0] >> 4];
      if (pair != (above(2, 0xe0) | above(3, 0xf0))) errors |= Bits{1} << i;
    }
    return errors;
  }

 private:
  /// The high bit of each byte.
  static Bits bits(Block block) {
    Bits all = 0;
    for (int i = 3; i >= 0; --i) all = all << 8 | byte_signs(block.words[i]);
    return all;
  }
  static Block equal(Block block, char c) {
    for (std::uint64_t& word : block.words) {
      word ^= every(static_cast<unsigned char>(c));
      // High bit where the byte is zero, without a carry from its neighbour.
      word = ~(((word & every(0x7f)) + every(0x7f)) | word | every(0x7f));
    }
    return block;
  }
  static Block lower_case(Block block) {
    for (std::uint64_t& word : block.words) word |= every(0x20);
    return block;
  }
  static Block or_(Block a, Block b) {
    for (int i = 0; i < 4; ++i) a.words[i] |= b.words[i];
    return a;
  }

  static Block control(Block block) {
    for (std::uint64_t& word : block.words) word = ~((word & every(0x7f)) + every(0x60)) & ~word;
    return block;
  }
  static Block hard(Block block) { return or_(control(block), equal(block, '\\')); }
  static constexpr std::uint64_t every(unsigned char byte) { return 0x0101010101010101U * byte; }
  static std::uint32_t byte_signs(std::uint64_t word) {
    // Eight high bits, seven apart after the shift, meet in the top byte.
    return static_cast<std::uint32_t>(((word >> 7 & every(1)) * 0x0102040810204080U) >> 56);
  }
};
