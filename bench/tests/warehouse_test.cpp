#include <gmock/gmock.h>

#include <warehouse/measure.hpp>

namespace callrail::bench {
namespace {

using testing::HasSubstr;

/// One that somebody else writes into.
class Shared final : public Place {
 public:
  explicit Shared(std::string statement) : statement_{std::move(statement)} {}
  Dialect dialect() const override { return Dialect::sqlite; }
  const std::string& address() const override { return inner_->address(); }
  const std::string& name() const override { return inner_->name(); }
  Status empty() override {
    if (auto empty = inner_->empty(); !empty) return empty;
    auto db = open_database(address(), false);
    return db ? (*db)->run(statement_) : std::unexpected(db.error());
  }

 private:
  std::string why_, statement_;
  std::unique_ptr<Place> inner_ = Place::make(Dialect::sqlite, why_);
};

class BenchWarehouse : public testing::Test {
 protected:
  static const Calls& calls() {
    static const Calls some{200};
    return some;
  }
  std::string why;
  std::unique_ptr<Place> ours = Place::make(Dialect::sqlite, why);
};

TEST_F(BenchWarehouse, ComparesEachWorkAndKnowsItAgain) {
  const auto by_hand = Place::make(Dialect::sqlite, why);
  const auto all = compare(calls(), *ours, *by_hand, 1);
  ASSERT_TRUE(all) << all.error().what;
  std::vector<std::string> names;
  for (std::size_t n = 0; n < all->size(); ++n) {
    names.push_back((*all)[n].name);
    EXPECT_GT((*all)[n].times(), 0.0);
    EXPECT_GT((*all)[n].ours.wall, 0.0);
    const auto once_more = once(calls(), *ours, n % 2 == 0, *all, n);
    EXPECT_TRUE(once_more) << once_more.error().what;
  }
  EXPECT_THAT(names, testing::ElementsAre("sqlite/new", "sqlite/unchanged", "sqlite/updated",
                                          "sqlite/v_call", "sqlite/v_call_by_company"));
}

TEST_F(BenchWarehouse, CountsNoTimesWhereTheTablesHoldSomethingElse) {
  Shared by_hand{
      "INSERT INTO call_tags (_account_id, call_id, _n, name) VALUES ('ACC1', 'CAL1', 1, 'odd')"};
  const auto all = compare(calls(), *ours, by_hand, 1);
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().what, HasSubstr("sqlite/new: both do not come to the same"));
}

TEST_F(BenchWarehouse, KnowsAnAnswerThatIsAnother) {
  const auto by_hand = Place::make(Dialect::sqlite, why);
  auto all = compare(calls(), *ours, *by_hand, 1);
  ASSERT_TRUE(all);
  (*all)[0].answer ^= 1U;
  EXPECT_FALSE(once(calls(), *ours, true, *all, 0));
}

}  // namespace
}  // namespace callrail::bench
