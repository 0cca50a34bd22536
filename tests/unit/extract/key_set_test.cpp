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

}  // namespace
}  // namespace callrail
