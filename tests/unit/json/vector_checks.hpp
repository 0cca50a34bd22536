// Included by vector_test.cpp behind each `Vector`, where the compiler may use its instructions.

inline void look_at_every_byte() {
  using Bits = Vector::Bits;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const std::string text = block_of(seed);
    const auto block = Vector::load(text.data());
    ASSERT_EQ(Vector::is(block, '"'), expected<Bits>(text, [](char c) { return c == '"'; }));
    ASSERT_EQ(Vector::is(block, '\0'), expected<Bits>(text, [](char c) { return c == 0; }));
    ASSERT_EQ(Vector::no_ascii(block),
              expected<Bits>(text, [](char c) { return static_cast<signed char>(c) < 0; }));
    ASSERT_EQ(Vector::stops(block), expected<Bits>(text, is_stop));
    ASSERT_EQ(Vector::marks(block), expected<Bits>(text, is_mark));
    ASSERT_EQ(Vector::marks_or_commas(block),
              expected<Bits>(text, [](char c) { return is_mark(c) || c == ','; }));
    ASSERT_EQ(Vector::digits(block), expected<Bits>(text, is_digit));
    ASSERT_EQ(Vector::hex(block), expected<Bits>(text, is_hex));
    std::string copy(128, 'y');
    Vector::store(copy.data() + 3, block);
    ASSERT_EQ(copy.substr(3, Vector::width), text.substr(0, Vector::width));
    ASSERT_EQ(copy.substr(3 + Vector::width), std::string(128 - 3 - Vector::width, 'y'));
  }
}

inline void compare_keys() {
  const std::string key = block_of(1);
  for (std::size_t size = 0; size <= 64; ++size) {
    const std::uint64_t mask = size == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
    for (std::size_t at = 0; at < 70; ++at) {
      std::string other = key;
      other[at] = static_cast<char>(other[at] ^ 1);
      ASSERT_EQ(Vector::same(other.data(), key.data(), mask), at >= size) << size << ' ' << at;
    }
  }
}
