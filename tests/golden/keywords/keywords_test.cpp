#include "../decoding.hpp"

#include <callrail/api.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(Keywords, AreMangledInCppAndNowhereElse) {
  Drift drift;
  const auto batch =
      batch_of<api::Toy>(R"([{"id":1,"default":true,"class":"delete","new":"x"}])", drift);
  const api::Toy& toy = batch.rows()[0];
  EXPECT_EQ(*toy.default_, true);
  EXPECT_EQ(*toy.class_, api::Rank::delete_);
  EXPECT_EQ(*toy.new_, "x");
  EXPECT_TRUE(drift.empty());
  static_assert(field_index<api::Toy>("default") == 1);
}

}  // namespace
}  // namespace callrail
