#include "../decoding.hpp"

#include <callrail/api.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

const Endpoint& toys = Processor<api::Toy>::endpoint();

TEST(Sent, SaysWhenEachFieldComes) {
  const auto sent = [](Text name) { return toys.fields[toys.find(name)].sent; };
  EXPECT_EQ(sent("id"), Sent::always);
  EXPECT_EQ(sent("kg"), Sent::on_request);
  EXPECT_EQ(sent("manual"), Sent::single);
  EXPECT_EQ(sent("score"), Sent::unseen);
  EXPECT_EQ(sent("box_id"), Sent::of_request);
  EXPECT_EQ(toys.fields[toys.find("box_id")].parameter, "box_id");
}

TEST(Sent, MissesOnlyWhatComesAlways) {
  Drift drift;
  batch_of<api::Toy>(R"([{}])", drift);
  EXPECT_EQ(drift.missing_fields.size(), 1u);
  EXPECT_TRUE(drift.missing_fields.contains("id"));
}

TEST(Sent, KeepsTheColumnOfWhatTheApiStoppedSending) {
  const Field& colour = toys.fields[toys.find("colour")];
  EXPECT_TRUE(colour.gone);
  EXPECT_TRUE(colour.may_be_absent);
  EXPECT_EQ(toys.notes[toys.find("colour")].until, "2026-02-01");
  EXPECT_FALSE(toys.fields[toys.find("note")].gone);
  EXPECT_TRUE(Selection::everything(toys).has(toys.find("colour")));
}

TEST(Sent, ListsTheParentsInTheOrderOfNesting) {
  ASSERT_EQ(toys.parents.size(), 2u);
  EXPECT_EQ(toys.parents[0].parameter, "shop_id");
  EXPECT_TRUE(toys.parents[0].in_path);
  EXPECT_EQ(toys.parents[1].endpoint, "boxes");
  EXPECT_FALSE(toys.parents[1].in_path);
}

TEST(Sent, IsPartOfTheTableOfTheApi) {
  const Api& api = api::description();
  ASSERT_EQ(api.endpoints.size(), 2u);
  EXPECT_EQ(api.find("toys"), &toys);
  EXPECT_EQ(api.find("games"), nullptr);
  EXPECT_EQ(toys.select, "fields");
  EXPECT_EQ(toys.refused[0], "score");
}

}  // namespace
}  // namespace callrail
