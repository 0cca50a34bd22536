#include "children_api.hpp"
#include "command_line.hpp"
#include "texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Values = std::vector<std::string>;

CommandLine typed(const std::string& words, Verb verb = Verb::run) {
  return CommandLine{words, {}, {}, verb, children_api()};
}

TEST(Param, FillsAParameterOfTheRequests) {
  const auto line = typed("-e turnover --param group_by=size,colour --param interval=hour");
  EXPECT_THAT(line.mistakes, IsEmpty());
  EXPECT_EQ(line.config.extract.fixed.at("group_by"), (Values{"size", "colour"}));
  EXPECT_EQ(line.config.extract.fixed.at("interval"), Values{"hour"});
  EXPECT_EQ(typed("-e turnover --param seller=Ada").config.extract.fixed.at("seller"),
            Values{"Ada"})
      << "any word will do";
}

TEST(Param, IsPartOfARunAndOfItsRecording) {
  const auto line = typed("-e turnover --param group_by=size --param seller=Ada");
  EXPECT_THAT(line.config.run_options, testing::Contains(std::pair<std::string, std::string>{
                                           "param", "group_by=size,seller=Ada"}));
  EXPECT_EQ(line.config.asked.at("param"), (Values{"group_by=size", "seller=Ada"}));
}

TEST(Param, NamesTheClosestOfWhatItDoesNotKnow) {
  EXPECT_THAT(typed("-e turnover --param grup_by=size").mistake(),
              AllOf(HasSubstr("--param grup_by: no such parameter"), HasSubstr("\"group_by\"")));
  EXPECT_THAT(typed("-e turnover --param group_by=sise").mistake(),
              AllOf(HasSubstr("--param group_by=sise: no such word for turnover"),
                    HasSubstr("\"size\""), HasSubstr("Known: maker, colour, size")));
  EXPECT_THAT(typed("-e shops --param group_by=size").mistake(),
              AllOf(HasSubstr("no endpoint to read has it"), HasSubstr("turnover")));
  EXPECT_THAT(typed("-e turnover --param group_by").mistake(), HasSubstr("write NAME=WORD"));
  EXPECT_THAT(typed("-e turnover --param group_by=").mistake(), HasSubstr("names no word"));
  EXPECT_THAT(typed("-e visits --param shop_id=1").mistake(), HasSubstr("--shop-id"));
}

TEST(EndpointsReadWhenNamed, AreNotOfAll) {
  const auto names = [](const CommandLine& line) {
    Values out;
    for (const Wanted& wanted : line.config.extract.endpoints)
      out.emplace_back(wanted.endpoint->name);
    return out;
  };
  EXPECT_THAT(names(typed("--all")), ElementsAre("shops", "turnover"));
  EXPECT_THAT(names(typed("", Verb::plan)), ElementsAre("shops", "turnover"));
  EXPECT_THAT(names(typed("-e visits")), ElementsAre("visits"));
  EXPECT_EQ(endpoint_names_text(children_api()), "shops\nturnover\n");
  EXPECT_EQ(opt_in_text(children_api()), "visits  one request for each shop\n");
  EXPECT_EQ(opt_in_text(shop_api()), "");
}

TEST(EndpointsReadWhenNamed, SayWhy) {
  EXPECT_THAT(endpoint_text(*children_api().find("visits"), children_api()),
              AllOf(HasSubstr("price      one request for each shop; --all leaves it out"),
                    HasSubstr("once for each shop_id of shops"),
                    HasSubstr("the key is shop_id, position; 404 says that there are none"),
                    HasSubstr("none, an answer holds all rows"), HasSubstr("counted")));
}

TEST(EndpointText, TellsOfWordsAndSums) {
  const std::string text = endpoint_text(*children_api().find("turnover"), children_api());
  EXPECT_THAT(text, AllOf(HasSubstr("once for each group_by (maker), once for each interval (day)"),
                          HasSubstr("the answer is one row; the key is id"),
                          HasSubstr("say which days are summed up, at most 200 points an answer"),
                          HasSubstr("then no others come"), Not(HasSubstr("price"))));
}

TEST(Options, OfWordsAreNoneOfTheirOwn) {
  for (const OptionGroup& group : option_groups(children_api()))
    for (const Option& option : group.options) {
      EXPECT_NE(option.name, "group-by");
      EXPECT_NE(option.name, "interval");
    }
}

}  // namespace
}  // namespace callrail::cli
