#include "../decoding.hpp"

#include <callrail/api.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(Unions, KeepValueNullAndAbsentApart) {
  Drift drift;
  const auto batch = batch_of<api::Toy>(R"([{"name":"Ball"},{"name":null},{}])", drift);
  ASSERT_EQ(batch.rows().size(), 3u);
  EXPECT_EQ(*batch.rows()[0].name, "Ball");
  EXPECT_TRUE(batch.rows()[1].name.is_null());
  EXPECT_TRUE(batch.rows()[2].name.is_absent());
}

TEST(Unions, ReadAnIntegerInBothOfItsShapes) {
  Drift drift;
  const auto batch = batch_of<api::Toy>(
      R"([{"pieces":9007199254740993},{"pieces":"61"},{"pieces":"many"}])", drift);
  EXPECT_EQ(*batch.rows()[0].pieces, 9007199254740993);
  EXPECT_EQ(*batch.rows()[1].pieces, 61);
  EXPECT_TRUE(batch.rows()[2].pieces.is_surprise());
  EXPECT_EQ(batch.rows()[2].pieces.text(), "many");
}

TEST(Unions, KeepListsAndObjectsAsJson) {
  Drift drift;
  const auto batch = batch_of<api::Toy>(R"([{"labels":["a", 2],"box":{"k":[1]},"price":{"eur":3}},
                                           {"box":[],"price":2.50}])",
                                        drift);
  EXPECT_EQ((*batch.rows()[0].labels).text, R"(["a",2])");
  EXPECT_EQ((*batch.rows()[0].box).text, R"({"k":[1]})");
  EXPECT_EQ((*batch.rows()[0].price).kind, Kind::json);
  EXPECT_EQ((*batch.rows()[1].price).text, "2.50");
  EXPECT_TRUE(drift.changed_types.empty());
}

TEST(Unions, CountATypeNobodyForesaw) {
  Drift drift;
  const auto batch = batch_of<api::Toy>(R"([{"name":7}])", drift);
  EXPECT_EQ(batch.rows()[0].name.text(), "7");
  EXPECT_EQ(drift.changed_types.at("name").count, 1u);
}

}  // namespace
}  // namespace callrail
