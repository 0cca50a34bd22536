#include "key_set.hpp"

#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

TEST(KeySet, TellsNewKeysFromSeenOnes) {
  KeySet keys;
  for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(keys.insert("CAL" + std::to_string(i)));
  for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(keys.insert("CAL" + std::to_string(i)));
  EXPECT_EQ(keys.size(), 100'000u);
  EXPECT_TRUE(keys.contains("CAL7"));
  EXPECT_FALSE(keys.contains("CAL100000"));
}

TEST(KeySet, HoldsNothingAtFirstAndAfterClear) {
  KeySet keys;
  EXPECT_FALSE(keys.contains(""));
  EXPECT_TRUE(keys.insert(""));
  keys.clear();
  EXPECT_FALSE(keys.contains(""));
  EXPECT_EQ(keys.size(), 0u);
}

TEST(KeySet, TellsKeysApartThatDifferInOneByteOrInLength) {
  KeySet keys;
  const std::string key = "CAL0192cb45fdb47fcdbbf53b1b057e1b13";
  EXPECT_TRUE(keys.insert(key));
  for (std::size_t at = 0; at < key.size(); ++at)
    for (const char c : {'\0', 'x', 'Z', '\xff'}) {
      std::string other = key;
      other[at] = c;
      EXPECT_TRUE(keys.insert(other)) << at;
    }
  for (std::size_t zeros = 0; zeros < 20; ++zeros)
    EXPECT_TRUE(keys.insert(std::string(zeros, '\0'))) << zeros;
}

/// They lie in checkpoints: who changes them raises the format of these.
TEST(KeySet, HasThePrintsItHadYesterday) {
  KeySet keys;
  keys.insert("CAL0192cb45fdb47fcdbbf53b1b057e1b13");
  keys.insert("7");
  std::string hex;
  for (const char c : keys.bytes()) {
    constexpr char digits[] = "0123456789abcdef";
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[static_cast<unsigned char>(c) & 15];
  }
  EXPECT_EQ(hex, "54993a72a7b7681321186f828f0466881398c24283d95034bce8c0b08b455f6c");
  KeySet again;
  again.add_bytes(keys.bytes());
  EXPECT_EQ(again.bytes(), keys.bytes());
  EXPECT_TRUE(again.contains("7"));
}

}  // namespace
}  // namespace callrail
