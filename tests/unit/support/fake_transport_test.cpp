#include "fake_transport.hpp"

#include <callrail/api.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AFakeTransport : public testing::Test {
 protected:
  VirtualClock clock;
  std::unique_ptr<fake::FakeApi> api;

  FakeTransport transport(const char* fault = nullptr) {
    fake::FakeOptions options;
    options.world.until = clock.today();
    options.limits.emplace();
    if (fault != nullptr) options.faults.push_back(*fake::read_fault(fault, api::description()));
    api = std::make_unique<fake::FakeApi>(api::description(), std::move(options));
    return {clock, *api, {.up = 100ms, .down = 300ms}};
  }
  static Request accounts(std::string query = {}) {
    return {"http://127.0.0.1:8080/v3/a.json" + query, "accounts"};
  }
  Finished one(FakeTransport& from) {
    from.start(1, accounts());
    auto finished = from.wait(clock.now() + 1h);
    EXPECT_TRUE(finished);
    return *std::move(finished);
  }
};

TEST_F(AFakeTransport, AnswersAfterAWhile) {
  auto from = transport();
  const auto begin = clock.now();
  const Finished finished = one(from);
  ASSERT_TRUE(finished.result);
  EXPECT_EQ(finished.result->status, 200);
  EXPECT_THAT(std::string{finished.result->body.text()}, HasSubstr("total_records"));
  EXPECT_GT(finished.answered, begin);
  EXPECT_EQ(finished.answered, clock.now());
}

TEST_F(AFakeTransport, WaitsNoLongerThanAsked) {
  auto from = transport();
  EXPECT_FALSE(from.wait(clock.now() + 5s));
  EXPECT_EQ(clock.passed(), 5s);
}

TEST_F(AFakeTransport, LetsTheServerHandleARequestBetweenSendingAndAnswer) {
  auto from = transport();
  const auto sent = clock.today();
  std::optional<fake::Instant> handled;
  from.before = [&](fake::Instant now) { handled = now; };
  (void)one(from);
  ASSERT_TRUE(handled);
  EXPECT_GT(*handled, sent);
  EXPECT_LT(*handled, clock.today());
}

TEST_F(AFakeTransport, AnswersOutOfOrder) {
  auto from = transport();
  for (std::uint64_t ticket = 1; ticket <= 20; ++ticket) from.start(ticket, accounts());
  std::vector<std::uint64_t> order;
  while (auto finished = from.wait(clock.now() + 1s)) order.push_back(finished->ticket);
  EXPECT_EQ(order.size(), 20U);
  EXPECT_FALSE(std::ranges::is_sorted(order));
}

TEST_F(AFakeTransport, ForgetsWhatIsCancelled) {
  auto from = transport();
  from.start(1, accounts());
  from.cancel_all();
  EXPECT_FALSE(from.wait(clock.now() + 1min));
}

TEST_F(AFakeTransport, PassesOnStatusAndHeaders) {
  auto from = transport("*:1=429-seconds:7");
  const Finished finished = one(from);
  ASSERT_TRUE(finished.result);
  EXPECT_EQ(finished.result->status, 429);
  EXPECT_EQ(finished.result->retry_after, "7");
}

TEST_F(AFakeTransport, LosesTheAnswerOfABrokenConnection) {
  for (const char* fault : {"*:1=refused", "*:1=reset", "*:1=reset-in-body", "*:1=short-body",
                            "*:1=bad-chunk", "*:1=bad-gzip", "*:1=slow"}) {
    auto from = transport(fault);
    const Finished finished = one(from);
    ASSERT_FALSE(finished.result) << fault;
    EXPECT_FALSE(finished.result.error().final) << fault;
  }
}

TEST_F(AFakeTransport, GivesUpOnASilentServerAtTheTimeout) {
  auto from = transport("*:1=stall");
  const auto begin = clock.now();
  EXPECT_FALSE(one(from).result);
  EXPECT_GE(clock.now() - begin, 30s);
}

TEST_F(AFakeTransport, TakesABombForFinal) {
  auto from = transport("*:1=bomb");
  const Finished finished = one(from);
  ASSERT_FALSE(finished.result);
  EXPECT_TRUE(finished.result.error().final);
}

TEST_F(AFakeTransport, CutsTheBodyWhereTheLengthLies) {
  auto from = transport("*:1=wrong-length");
  const Finished finished = one(from);
  ASSERT_TRUE(finished.result);
  EXPECT_THAT(std::string{finished.result->body.text()}, testing::Not(testing::EndsWith("}")));
}

}  // namespace
}  // namespace callrail::test
