#include "../decoding.hpp"

#include <callrail/api.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(DatesAndPaging, SayHowAListIsAskedFor) {
  const Endpoint& sales = Processor<api::Sale>::endpoint();
  EXPECT_TRUE(sales.dates);
  EXPECT_EQ(sales.dates.cursor, "sold_at");
  EXPECT_EQ(sales.dates.look_back_days, 30);
  EXPECT_TRUE(sales.frozen);
  EXPECT_EQ(sales.order.field, "sold_at");
  EXPECT_EQ(sales.paging[0], Paging::relative);
  EXPECT_EQ(sales.hidden_by, "spam");
  EXPECT_EQ(sales.disabled_by, "state=off");
}

TEST(DatesAndPaging, ReadTheEnvelopeByTheNamesOfTheSchema) {
  Drift drift;
  const auto batch = Processor<api::Sale>::decode(
      Body{R"({"page":2,"pages":3,"total":700,"next_page":"https://api.example.com/x",
               "has_more":true,"sales":[]})"},
      Selection::everything(Processor<api::Sale>::endpoint()), drift);
  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_EQ(batch->envelope().page, 2);
  EXPECT_EQ(batch->envelope().pages, 3);
  EXPECT_EQ(batch->envelope().total, 700);
  EXPECT_EQ(batch->envelope().next, "https://api.example.com/x");
  EXPECT_EQ(batch->envelope().more, true);
}

TEST(DatesAndPaging, KeepTheFactsOfTheApi) {
  const Api& api = api::description();
  EXPECT_EQ(api.keeps_months, 24);
  EXPECT_EQ(api.limits[1].seconds, 3600);
  EXPECT_EQ(api.retry.statuses[1], 503);
  EXPECT_EQ(api.retry.at_most_seconds, 3600);
  EXPECT_EQ(api.auth_value, "Token token=\"{api_key}\"");
  EXPECT_EQ(api.paging.relative, "relative");
}

}  // namespace
}  // namespace callrail
