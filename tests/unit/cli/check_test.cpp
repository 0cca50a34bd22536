#include "check.hpp"

#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace callrail::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Answers each request at once from a table of addresses.
class Table final : public Transport {
 public:
  struct Reply {
    int status = 200;
    std::string body;
  };
  void start(std::uint64_t ticket, const Request& request) override {
    asked.push_back(request.url);
    Response response;
    response.status = 404;
    for (const auto& [part, reply] : replies)
      if (request.url.find(part) != request.url.npos) {
        response.status = reply.status;
        response.body = Body{reply.body};
      }
    finished_.push_back({ticket, std::move(response), Clock::Steady{}});
  }
  std::optional<Finished> wait(Clock::Steady) override {
    if (finished_.empty()) return std::nullopt;
    auto first = std::move(finished_.front());
    finished_.pop_front();
    return first;
  }
  void cancel_all() override { finished_.clear(); }

  std::map<std::string, Reply> replies{
      {"/v3/shops.json",
       {200, R"({"total_records":2,"shops":[{"id":"S1","title":"A"},{"id":"S2","title":"B"}]})"}},
      {"/v3/S1/shelves.json", {200, R"({"total_records":9,"shelves":[{"id":"F7","width":1}]})"}},
      {"/v3/S1/sales.json", {200, R"({"total_records":0,"sales":[]})"}},
      {"/v3/S1/stock.json", {200, R"({"pieces":[{"id":"P1","pieces":3}]})"}}};
  std::vector<std::string> asked;

 private:
  std::deque<Finished> finished_;
};

class Checking : public ::testing::Test {
 protected:
  class FixedClock final : public Clock {
   public:
    Steady now() const override { return Steady{}; }
    Wall today() const override { return Wall{std::chrono::milliseconds{1795226940000}}; }
  };

  CheckResult run(const std::string& typed = "-o /tmp") {
    const CommandLine line{typed, {}, "", Verb::check};
    EXPECT_EQ(line.mistake(), "");
    Limiter limiter{{}};
    Client client{table, limiter, clock, {.max_retries = 0, .retry_statuses = {503}}, 1};
    return check(
        shop_api(), line.config, client, clock, [] { return false; },
        [&](const std::string& text) { lines.push_back(text); });
  }

  Table table;
  FixedClock clock;
  std::vector<std::string> lines;
};

TEST_F(Checking, SaysOkForEachEndpoint) {
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(
      lines, ElementsAre("key                  accepted", "shops                ok, 2 rows: S1, S2",
                         "shelves              ok, 9 rows", "sales                ok",
                         "stock                ok", "output               /tmp writable"));
}

TEST_F(Checking, AsksEachEndpointOnceAndForOneRow) {
  run();
  EXPECT_THAT(table.asked,
              ElementsAre("https://shop.example.com/v3/shops.json?per_page=250",
                          "https://shop.example.com/v3/S1/shelves.json?per_page=1",
                          "https://shop.example.com/v3/S1/sales.json?per_page=1&start_date="
                          "2026-11-20&end_date=2026-11-21",
                          "https://shop.example.com/v3/S1/stock.json?shelf_id=F7&per_page=1"));
}

TEST_F(Checking, StopsAtARefusedKey) {
  table.replies["/v3/shops.json"] = {401, R"({"error":"no"})"};
  const auto result = run();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(table.asked.size(), 1U);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("refused")));
  EXPECT_THAT(result.error, HasSubstr("CALLRAIL_API_KEY"));
}

TEST_F(Checking, TellsWhichEndpointIsRefusedAndGoesOn) {
  table.replies["/v3/S1/sales.json"] = {403, R"({"error":"Access denied."})"};
  const auto result = run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(lines.at(3), StartsWith("sales                refused: "));
  EXPECT_THAT(lines.at(4), StartsWith("stock                ok"));
  EXPECT_THAT(result.error, HasSubstr("sales"));
}

TEST_F(Checking, DoesNotAskWhereThereIsNothingToAskFor) {
  table.replies["/v3/S1/shelves.json"] = {200, R"({"total_records":0,"shelves":[]})"};
  EXPECT_EQ(run().exit_code, 0);
  EXPECT_EQ(lines.at(4), "stock                not asked: shelves has no rows");
}

TEST_F(Checking, SaysThatTheApiIsOutOfReach) {
  for (auto& [part, reply] : table.replies) reply = {503, ""};
  const auto result = run();
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(lines.at(0), HasSubstr("out of reach"));
}

TEST_F(Checking, SaysThatTheOutputCannotBeWritten) {
  const auto result = run("-o /proc/nowhere/x");
  // Root may write anywhere but here.
  EXPECT_TRUE(result.exit_code == 5 || result.exit_code == 0);
  EXPECT_EQ(run("-o /dev/null/x").exit_code, 5);
}

TEST_F(Checking, UsesTheAccountTheUserNamed) {
  run("-e sales --shop-id S9");
  EXPECT_THAT(table.asked, ElementsAre(HasSubstr("/v3/S9/sales.json")));
}

}  // namespace
}  // namespace callrail::cli
