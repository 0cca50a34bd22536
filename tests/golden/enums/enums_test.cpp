#include "../decoding.hpp"

#include <callrail/api.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(Enums, KnowOddWordsByTheirOwnSpelling) {
  EXPECT_EQ(parse_enum<api::State>("10-DLC"), api::State::_10_DLC);
  EXPECT_EQ(parse_enum<api::State>("new"), api::State::new_);
  EXPECT_EQ(parse_enum<api::State>("a-b"), api::State::a_b);
  EXPECT_EQ(parse_enum<api::State>("a b"), api::State::a_b_);
  EXPECT_EQ(parse_enum<api::State>(""), api::State::empty);
  EXPECT_EQ(parse_enum<api::State>("unknown"), api::State::unknown_);
}

TEST(Enums, CarryTheTextOfAWordNobodyHasHeardOf) {
  Drift drift;
  const auto batch = batch_of<api::Toy>(R"([{"state":"eaten"},{"state":null}])", drift);
  const auto state = *batch.rows()[0].state;
  EXPECT_EQ(state, api::State::unknown);
  EXPECT_EQ(state.text, "eaten");
  EXPECT_TRUE(batch.rows()[1].state.is_null());
  EXPECT_EQ(drift.unknown_values.size(), 1u);
}

TEST(Enums, AreListedWithTheFilterThatTakesThem) {
  const auto& filter = Processor<api::Toy>::endpoint().filters[0];
  EXPECT_EQ(filter.name, "level");
  EXPECT_EQ(filter.values[1], "company");
}

}  // namespace
}  // namespace callrail
