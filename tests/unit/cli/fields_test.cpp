#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> columns_of(const CommandLine& line, std::string_view endpoint) {
  std::vector<std::string> names;
  for (const Wanted& wanted : line.config.extract.endpoints)
    if (wanted.endpoint->name == endpoint)
      for (const std::size_t i : wanted.fields.order())
        names.emplace_back(wanted.endpoint->fields[i].name);
  return names;
}
bool named(const CommandLine& line, std::size_t i) {
  return line.config.extract.endpoints[i].named;
}

TEST(Fields, AreAllThatAListCarriesUnlessNamed) {
  const CommandLine line{"-e sales"};
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("id", "sold_at", "size", "remark", "place"));
  EXPECT_FALSE(named(line, 0));
}

TEST(Fields, KeepTheOrderInWhichTheyAreNamed) {
  const CommandLine line{"-e sales --fields size,id --fields remark"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("size", "id", "remark"));
  EXPECT_TRUE(named(line, 0));
}

TEST(Fields, AreTakenByThoseEndpointsThatHaveThem) {
  const CommandLine line{"-e sales,shops --fields id,title,remark"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("id", "remark"));
  EXPECT_THAT(columns_of(line, "shops"), ElementsAre("id", "title"));
}

TEST(Fields, OfOneEndpointLeaveTheOthersAlone) {
  const CommandLine line{"-e sales,shops --fields sales:id,size"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("id", "size"));
  EXPECT_THAT(columns_of(line, "shops"), ElementsAre("id", "title"));
  EXPECT_FALSE(named(line, 1));
}

TEST(Fields, OfOneEndpointStandInForTheCommonOnes) {
  const CommandLine line{"-e sales,shops,shelves --fields id --fields sales:size,shops:title"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("size"));
  EXPECT_THAT(columns_of(line, "shops"), ElementsAre("title"));
  EXPECT_THAT(columns_of(line, "shelves"), ElementsAre("id"));
}

TEST(Fields, CanBeLeftOut) {
  const CommandLine line{"-e sales,shops --exclude-fields place,sales:size"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(columns_of(line, "sales"), ElementsAre("id", "sold_at", "remark"));
  EXPECT_THAT(columns_of(line, "shops"), ElementsAre("id", "title"));
}

TEST(Fields, ThatAreUnknownAreNamedWithTheEndpointAndTheClosest) {
  EXPECT_THAT(CommandLine{"-e sales --fields sodl_at"}.mistake(),
              AllOf(HasSubstr("--fields sodl_at"), HasSubstr("no field of sales"),
                    HasSubstr("did you mean \"sold_at\"?")));
  EXPECT_THAT(CommandLine{"-e sales,shops --fields shops:titel"}.mistake(),
              AllOf(HasSubstr("no field of shops"), HasSubstr("\"title\"")));
  EXPECT_THAT(CommandLine{"-e sales --exclude-fields plaice"}.mistake(),
              AllOf(HasSubstr("--exclude-fields plaice"), HasSubstr("\"place\"")));
}

TEST(Fields, ThatNoEndpointHasAreRefusedEvenIfOthersFit) {
  EXPECT_THAT(CommandLine{"-e sales,shops --fields id,nowhere"}.mistakes,
              ElementsAre(HasSubstr("--fields nowhere: no field of any endpoint")));
}

TEST(Fields, LeaveNoEndpointWithoutColumns) {
  EXPECT_THAT(CommandLine{"-e sales,shops --fields title"}.mistakes,
              ElementsAre(HasSubstr("sales has none of these fields")));
  EXPECT_THAT(CommandLine{"-e shops --exclude-fields id,title"}.mistakes,
              ElementsAre(HasSubstr("leaves no field of shops")));
}

TEST(Fields, OfSingleRowsAreRefusedWithTheReason) {
  EXPECT_THAT(
      CommandLine{"-e sales --fields id,receipt"}.mistakes,
      ElementsAre(AllOf(HasSubstr("--fields receipt"), HasSubstr("lists of sales do not carry"))));
}

TEST(Fields, OfEndpointsThatAreNotReadAreRefused) {
  EXPECT_THAT(CommandLine{"-e sales --fields shops:id"}.mistake(),
              HasSubstr("not among the endpoints to read"));
  EXPECT_THAT(CommandLine{"-e sales --fields shosp:id"}.mistake(), HasSubstr("\"shops\""));
  EXPECT_THAT(CommandLine{"-e sales --fields ,"}.mistake(), HasSubstr("names no field"));
}

}  // namespace
}  // namespace callrail::cli
