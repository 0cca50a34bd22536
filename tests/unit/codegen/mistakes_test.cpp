#include "model/mistakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

const std::vector<std::string> words{"doc", "nullable", "on_request", "optional", "type"};

TEST(Mistakes, AreSortedByPlaceAndToldOnce) {
  Mistakes mistakes;
  mistakes.add({12, 5}, "calls.duration", "second");
  mistakes.add({3, 40}, "", "first");
  mistakes.add({12, 5}, "calls.duration", "second");
  EXPECT_THAT(mistakes.lines("schema/endpoints.yaml"),
              testing::ElementsAre("schema/endpoints.yaml:3:40: first",
                                   "schema/endpoints.yaml:12:5: calls.duration: second"));
}

TEST(DidYouMean, FindsTheWordOneSlipAway) {
  EXPECT_EQ(did_you_mean("nulable", words), "; did you mean \"nullable\"?");
  EXPECT_EQ(did_you_mean("tpye", words), "; did you mean \"type\"?");
  EXPECT_EQ(did_you_mean("onrequest", words), "; did you mean \"on_request\"?");
}

TEST(DidYouMean, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("colour", words), "");
  EXPECT_EQ(did_you_mean("x", words), "");
  EXPECT_EQ(did_you_mean("type", {}), "");
}

}  // namespace
}  // namespace callrail::codegen
