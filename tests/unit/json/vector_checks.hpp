// Included by vector_test.cpp behind each `Vector` and its `Wide`, where the compiler may use their
// instructions.

template <class V>
inline void look_at_what_both_know() {
  using Bits = typename V::Bits;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const std::string text = block_of(seed);
    const auto block = V::load(text.data());
    for (const char c : {'"', '\\', ',', '\0', '{'})
      ASSERT_EQ(V::is(block, c), expected<Bits>(text, [&](char other) { return c == other; }));
    ASSERT_EQ(V::no_ascii(block),
              expected<Bits>(text, [](char c) { return static_cast<signed char>(c) < 0; }));
    ASSERT_EQ(V::controls(block), expected<Bits>(text, is_control));
    ASSERT_EQ(V::marks(block), expected<Bits>(text, is_mark));
    ASSERT_EQ(V::opening(block), expected<Bits>(text, [](char c) { return c == '{' || c == '['; }));
    ASSERT_EQ(V::closing(block), expected<Bits>(text, [](char c) { return c == '}' || c == ']'; }));
    const Bits quotes = V::is(block, '"');
    Bits inside = 0;
    bool odd = false;
    for (std::size_t i = 0; i < V::width; ++i) {
      odd ^= (quotes >> i & 1) != 0;
      inside |= Bits{odd} << i;
    }
    ASSERT_EQ(V::prefix_xor(quotes), inside);
    std::string copy(128, 'y');
    V::store(copy.data() + 3, block);
    ASSERT_EQ(copy.substr(3, V::width), text.substr(0, V::width));
    ASSERT_EQ(copy.substr(3 + V::width), std::string(128 - 3 - V::width, 'y'));
  }
}

/// Texts of every kind of byte that UTF-8 tells apart, and their neighbours.
template <class V>
inline void find_what_is_no_utf8() {
  using Bits = typename V::Bits;
  std::mt19937 random{7};
  const std::string close{
      "a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5"
      "\xf8\xff"};
  const std::string good[]{"a",
                           "\xc2\x80",
                           "\xdf\xbf",
                           "\xe0\xa0\x80",
                           "\xed\x9f\xbf",
                           "\xef\xbf\xbf",
                           "\xf0\x90\x80\x80",
                           "\xf4\x8f\xbf\xbf"};
  int right = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = "...";
    while (text.size() < 3 + V::width) text += good[random() % std::size(good)];
    text.resize(3 + V::width);
    for (auto n = random() % 3; n > 0; --n)
      text[3 + random() % V::width] = close[random() % close.size()];
    text.append(V::width, '.');
    // As far as the last byte of the block: what is cut there is the next one's to find.
    Bits errors = V::utf8_errors(text.data() + 3);
    if (static_cast<signed char>(text[2 + V::width]) < 0)
      errors |= V::utf8_errors(text.data() + 4) >> (V::width - 1) << (V::width - 1);
    ASSERT_EQ(errors == 0, is_utf8({text.data(), 4 + V::width})) << round;
    right += errors == 0 ? 1 : 0;
  }
  ASSERT_GT(right, 1000);
  ASSERT_LT(right, 19000);
}

inline void look_at_every_byte() {
  using Bits = Vector::Bits;
  look_at_what_both_know<Vector>();
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const std::string text = block_of(seed);
    const auto block = Vector::load(text.data());
    ASSERT_EQ(Vector::stops(block), expected<Bits>(text, is_stop));
    ASSERT_EQ(Vector::marks_or_commas(block),
              expected<Bits>(text, [](char c) { return is_mark(c) || c == ','; }));
    ASSERT_EQ(Vector::digits(block), expected<Bits>(text, is_digit));
    ASSERT_EQ(Vector::letters(block), expected<Bits>(text, is_letter));
    ASSERT_EQ(Vector::hex(block), expected<Bits>(text, is_hex));
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
