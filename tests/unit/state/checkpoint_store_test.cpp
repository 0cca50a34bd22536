#include "checkpoint_store.hpp"

#include "databases.hpp"
#include "saved_example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using test::expect_equal;
using test::saved_example;
using testing::ElementsAre;

constexpr std::string_view prefix = "_checkpoint_";

/// Among the tables of a warehouse, in both dialects.
class CheckpointStores : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!test::is_there(GetParam())) GTEST_SKIP() << test::why_not(GetParam());
    scratch_.emplace(GetParam());
    db_ = scratch_->open();
    ASSERT_NE(db_, nullptr);
    auto store = of("run-1");
    must(db_->begin());
    must(store.create());
    must(store.begin_run({.print = "print", .options = "--all", .began = 1000, .touched = 2000}));
    must(db_->commit());
  }
  CheckpointStore of(const std::string& run) const {
    return CheckpointStore{*db_, std::string{prefix}, run};
  }
  void must(const Status& status) const { ASSERT_TRUE(status) << status.error().what; }
  void save(CheckpointStore& store, Text endpoint, const CheckpointChange& change) const {
    must(db_->begin());
    must(store.save(endpoint, change));
    must(db_->commit());
  }
  /// In all tables but those of runs and commits.
  std::string rows_left() const {
    std::string left;
    for (const std::string& table : CheckpointStore::tables(prefix)) {
      const auto rows = test::ask(*db_, "SELECT count(*) FROM " + table);
      if (rows[0] != "0") left += table + ' ' + rows[0] + ' ';
    }
    return left;
  }
  static SavedEndpoint with_many() {
    SavedEndpoint saved = saved_example();
    SavedEndpoint::Many& many = saved.many.emplace();
    many.lists = 50'000, many.laid_out = 700, many.print = 0x7fffffffffffffff;
    many.sum = {.lists = 600,
                .rows = 1200,
                .windows = {590, 1, 5, 4},
                .unread = 3,
                .unknown = 2,
                .doubtful = 3,
                .announced = 99,
                .counted = false};
    many.doubtful = {{.scope = "ACC1 CAL7",
                      .from = "2026-01-01",
                      .to = "2026-01-02",
                      .zone = "user",
                      .rows = 3,
                      .announced = 4,
                      .proof = Proof::contradicted,
                      .why = "one is missing"}};
    many.missing = many.doubtful;
    many.missing[0].announced.reset();
    many.refused = {{{"account_id", "ACC2"}, "403"}};
    return saved;
  }

  std::optional<test::ScratchDatabase> scratch_;
  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(Both, CheckpointStores, testing::ValuesIn(test::both_dialects),
                         test::name_of_dialect);

TEST_P(CheckpointStores, GiveBackAllThatWasSaved) {
  const SavedEndpoint saved = with_many();
  auto store = of("run-1");
  save(store, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  db_ = scratch_->open();
  auto anew = of("run-1");
  const auto run = anew.run();
  ASSERT_TRUE(run && *run);
  EXPECT_EQ(std::tie((*run)->print, (*run)->options, (*run)->began, (*run)->touched),
            std::tuple("print", "--all", 1000, 2000));
  const auto loaded = anew.load("sales");
  ASSERT_TRUE(loaded) << loaded.error().what;
  ASSERT_TRUE(*loaded && (*loaded)->many);
  expect_equal(**loaded, saved);
  const auto &many = *(*loaded)->many, &was = *saved.many;
  EXPECT_EQ(std::tie(many.lists, many.laid_out, many.print, many.sum),
            std::tie(was.lists, was.laid_out, was.print, was.sum));
  ASSERT_EQ(many.doubtful.size(), 1u);
  EXPECT_EQ(many.doubtful[0].announced, 4u);
  EXPECT_EQ(many.doubtful[0].proof, Proof::contradicted);
  ASSERT_EQ(many.missing.size(), 1u);
  EXPECT_FALSE(many.missing[0].announced);
  ASSERT_EQ(many.refused.size(), 1u);
  EXPECT_EQ(many.refused[0].reason, "403");
  EXPECT_FALSE(*anew.load("shops"));
}

TEST_P(CheckpointStores, TakeOverWhatChangedAndKeepTheRest) {
  SavedEndpoint saved = saved_example();
  auto store = of("run-1");
  save(store, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  saved.position = {.bytes = 5000, .rows = 30, .sha256 = ""};
  saved.windows[1].settled = true;
  saved.windows[1].found = saved.windows[0].found;
  saved.lists[0].rows = 30;
  saved.keys.add({{"account_id", "ACC1"}}, "COM2");
  saved.warnings.pop_back();
  saved.code.reset();
  saved.seen = "more";
  save(store, "sales", {.facts = &saved, .lists = false, .windows = {1}, .new_keys = 1});
  saved.seen = saved_example().seen + "more";
  auto loaded = store.load("sales");
  ASSERT_TRUE(loaded && *loaded);
  expect_equal(**loaded, saved);
  saved.seen = "anew";
  save(store, "sales",
       {.facts = &saved, .lists = false, .windows = {}, .new_keys = 2, .seen_anew = true});
  loaded = store.load("sales");
  ASSERT_TRUE(loaded && *loaded);
  expect_equal(**loaded, saved);
}

TEST_P(CheckpointStores, SaveNothingThatIsNotCommitted) {
  const SavedEndpoint saved = saved_example();
  auto store = of("run-1");
  must(db_->begin());
  must(store.save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1}));
  ASSERT_TRUE(store.count_commit("sales"));
  db_->roll_back();
  EXPECT_FALSE(*store.load("sales"));
  EXPECT_EQ(store.commits("sales"), 0u);
  EXPECT_EQ(rows_left(), "_checkpoint_run 1 ");
}

TEST_P(CheckpointStores, CountTheirCommits) {
  const SavedEndpoint saved = saved_example();
  auto store = of("run-1");
  EXPECT_EQ(store.commits("sales"), 0u);
  EXPECT_EQ(store.count_commit("sales"), 1u);
  EXPECT_EQ(store.count_commit("sales"), 2u);
  EXPECT_EQ(store.count_commit("shops"), 1u);
  must(store.forget("sales"));
  EXPECT_EQ(store.commits("sales"), 2u) << "whether forgetting arrived is asked too";
}

TEST_P(CheckpointStores, KeepRunsApart) {
  SavedEndpoint saved = saved_example();
  auto one = of("run-1"), other = of("run-10");
  save(one, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  EXPECT_FALSE(*other.run());
  EXPECT_FALSE(*other.load("sales"));
  must(other.begin_run({.print = "other", .options = "", .began = 1, .touched = 1}));
  saved.position.rows = 99;
  save(other, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  must(other.touch(3000));
  must(other.touch(2500));  // a clock that went back
  EXPECT_EQ((*other.run())->touched, 3000);
  EXPECT_EQ((*one.load("sales"))->position.rows, saved_example().position.rows);
  must(one.forget_run());
  EXPECT_FALSE(*one.run());
  EXPECT_FALSE(*one.load("sales"));
  EXPECT_EQ((*other.load("sales"))->position.rows, 99u);
}

TEST_P(CheckpointStores, ForgetRunsThatNobodyTouched) {
  const SavedEndpoint saved = with_many();
  auto old = of("run-1"), fresh = of("run-2");
  must(fresh.begin_run({.print = "", .options = "", .began = 5000, .touched = 5000}));
  save(old, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  ASSERT_TRUE(old.count_commit("sales"));
  ASSERT_TRUE(old.count_commit("never saved"));
  must(fresh.forget_runs_before(5000));
  EXPECT_FALSE(*old.run());
  EXPECT_TRUE(*fresh.run());
  EXPECT_EQ(rows_left(), "_checkpoint_run 1 ");
}

TEST_P(CheckpointStores, KeepWhatIsNoTextOfPostgres) {
  SavedEndpoint saved = saved_example();
  const std::string odd("a\0b\xff\xc3\xa9", 6);
  saved.warnings = {odd};
  saved.drift.unknown_fields[odd] = {1, odd};
  auto store = of("run-1");
  save(store, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
  const auto loaded = store.load("sales");
  ASSERT_TRUE(loaded && *loaded);
  const std::string plain =
      "a\xef\xbf\xbd"
      "b\xef\xbf\xbd\xc3\xa9";
  const std::string& expected = GetParam() == Dialect::sqlite ? odd : plain;
  EXPECT_THAT((*loaded)->warnings, ElementsAre(expected));
  EXPECT_EQ((*loaded)->drift.unknown_fields.at(expected).example, expected);
}

TEST_P(CheckpointStores, SayThatWhatIsThereIsNotTheirs) {
  const SavedEndpoint saved = with_many();
  auto store = of("run-1");
  for (const char* damage :
       {"UPDATE _checkpoint_endpoint SET stage = 7", "UPDATE _checkpoint_endpoint SET outcome = 9",
        "UPDATE _checkpoint_window SET proof = 4", "UPDATE _checkpoint_window SET list = 5",
        "UPDATE _checkpoint_scope SET list = 7 WHERE n = 0 AND list = 1",
        "UPDATE _checkpoint_named SET proof = -1", "UPDATE _checkpoint_many SET lists = 1"}) {
    save(store, "sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
    ASSERT_TRUE(*store.load("sales"));
    must(db_->run(damage));
    const auto loaded = store.load("sales");
    ASSERT_FALSE(loaded) << damage;
    EXPECT_EQ(loaded.error().code, Code::bad_answer);
  }
}

}  // namespace
}  // namespace callrail
