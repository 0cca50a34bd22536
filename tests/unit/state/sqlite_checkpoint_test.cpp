#include "saved_example.hpp"
#include "virtual_time.hpp"

#include <callrail/sqlite_checkpoint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace callrail {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

const RunIdentity this_run{.print = "abc", .options = "--endpoints sales"};

class Checkpoints : public testing::Test {
 protected:
  Checkpoints() {
    std::string pattern = (fs::temp_directory_path() / "checkpoint-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Checkpoints() override { fs::remove_all(folder_); }

  std::unique_ptr<SqliteCheckpoint> open(const RunIdentity& run = this_run,
                                         Resume resume = Resume::if_it_fits) {
    auto opened = SqliteCheckpoint::open(folder_, run, resume, clock_);
    EXPECT_TRUE(opened) << opened.error().what;
    return opened ? *std::move(opened) : nullptr;
  }
  std::string file() const { return folder_ + "/" + std::string{SqliteCheckpoint::name}; }

  VirtualClock clock_;
  std::string folder_;
};

TEST_F(Checkpoints, GiveBackAllThatWasSaved) {
  const SavedEndpoint saved = test::saved_example();
  {
    const auto checkpoint = open();
    EXPECT_FALSE(checkpoint->began());
    ASSERT_TRUE(
        checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1}));
  }
  const auto checkpoint = open();
  EXPECT_EQ(checkpoint->began(), clock_.today());
  const auto loaded = checkpoint->load("sales");
  ASSERT_TRUE(loaded && *loaded);
  test::expect_equal(**loaded, saved);
  EXPECT_FALSE(*checkpoint->load("shops"));
}

TEST_F(Checkpoints, KeepTheSumOfListsThatAreTooMany) {
  SavedEndpoint saved = test::saved_example();
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
  const WindowProof one{.scope = "ACC1 CAL7",
                        .from = "2026-01-01",
                        .to = "2026-01-02",
                        .zone = "user",
                        .rows = 3,
                        .announced = 4,
                        .proof = Proof::contradicted,
                        .why = "one is missing"};
  many.doubtful = {one, one};
  many.missing = {one};
  many.missing[0].scope = "ACC1 CAL8";
  many.missing[0].announced.reset();
  many.refused = {{{"account_id", "ACC2"}, "403"}};
  saved.lists[1].unknown = true;
  const auto checkpoint = open();
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1}));
  many.sum.rows = 1300;
  saved.windows[1].settled = true;
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = false, .windows = {1}, .new_keys = 0}));
  const auto loaded = *checkpoint->load("sales");
  ASSERT_TRUE(loaded && loaded->many);
  const SavedEndpoint::Many& found = *loaded->many;
  EXPECT_EQ(std::tie(found.lists, found.laid_out, found.print, found.sum),
            std::tie(many.lists, many.laid_out, many.print, many.sum));
  ASSERT_EQ(found.doubtful.size(), 2u);
  ASSERT_EQ(found.missing.size(), 1u);
  EXPECT_EQ(
      std::tie(found.doubtful[1].scope, found.doubtful[1].from, found.doubtful[1].to,
               found.doubtful[1].zone, found.doubtful[1].rows, found.doubtful[1].announced,
               found.doubtful[1].proof, found.doubtful[1].why),
      std::tie(one.scope, one.from, one.to, one.zone, one.rows, one.announced, one.proof, one.why));
  EXPECT_EQ(found.missing[0].scope, "ACC1 CAL8");
  EXPECT_FALSE(found.missing[0].announced);
  ASSERT_EQ(found.refused.size(), 1u);
  EXPECT_EQ(found.refused[0].of.second, "ACC2");
  EXPECT_EQ(found.refused[0].reason, "403");
  EXPECT_TRUE(loaded->lists[1].unknown);
  EXPECT_FALSE(loaded->lists[0].unknown);
  ASSERT_TRUE(checkpoint->forget("sales"));
  EXPECT_FALSE(*checkpoint->load("sales"));
}

TEST_F(Checkpoints, TakeOverWhatChangedAndKeepTheRest) {
  SavedEndpoint saved = test::saved_example();
  const auto checkpoint = open();
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1}));
  saved.position = {.bytes = 5000, .rows = 30, .sha256 = std::string(64, 'b')};
  saved.windows[1].settled = true;
  saved.windows[1].found = saved.windows[0].found;
  saved.lists[0].rows = 30;
  saved.keys.add({{"account_id", "ACC1"}}, "COM2");
  saved.warnings.pop_back();
  saved.seen = "more";
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = false, .windows = {1}, .new_keys = 1}));
  saved.seen = test::saved_example().seen + "more";
  test::expect_equal(**checkpoint->load("sales"), saved);
  saved.seen = "anew";
  ASSERT_TRUE(checkpoint->save(
      "sales", {.facts = &saved, .lists = false, .windows = {}, .new_keys = 0, .seen_anew = true}));
  EXPECT_EQ((*checkpoint->load("sales"))->seen, "anew");
  ASSERT_TRUE(checkpoint->forget("sales"));
  EXPECT_FALSE(*checkpoint->load("sales"));
}

TEST_F(Checkpoints, AreReadableByTheOwnerAlone) {
  const auto checkpoint = open();
  struct stat seen {};
  ASSERT_EQ(::stat(file().c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0600u);
}

TEST_F(Checkpoints, OfAnotherRunAreSetAsideAndSayOfWhich) {
  const SavedEndpoint saved = test::saved_example();
  ASSERT_TRUE(
      open()->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 0}));
  const auto other = open({.print = "xyz", .options = "--endpoints shops"});
  EXPECT_FALSE(other->began());
  EXPECT_THAT(other->set_aside(), HasSubstr("--endpoints sales"));
  EXPECT_FALSE(*other->load("sales"));
}

TEST_F(Checkpoints, AreNotGoneOnWithAfterTwoDaysUnlessSomebodySaysSo) {
  const SavedEndpoint saved = test::saved_example();
  ASSERT_TRUE(
      open()->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 0}));
  clock_.advance(std::chrono::hours{49});
  EXPECT_TRUE(open(this_run, Resume::always)->began());
  clock_.advance(std::chrono::hours{49});
  const auto anew = open();
  EXPECT_FALSE(anew->began());
  EXPECT_THAT(anew->set_aside(), HasSubstr("48 hours"));
}

TEST_F(Checkpoints, AreNotGoneOnWithIfSomebodyWantsToBeginAnew) {
  open();
  EXPECT_TRUE(open()->began());
  EXPECT_FALSE(open(this_run, Resume::never)->began());
}

TEST_F(Checkpoints, MustBeThereWhereSomebodyWantsToGoOn) {
  const auto opened = SqliteCheckpoint::open(folder_, this_run, Resume::always, clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_THAT(opened.error().what, HasSubstr("run without --resume"));
}

TEST_F(Checkpoints, ThatAreDamagedAreKeptAsideAndTheRunBeginsAnew) {
  const SavedEndpoint saved = test::saved_example();
  ASSERT_TRUE(
      open()->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 0}));
  {
    std::fstream bytes{file(), std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp(100);
    bytes << std::string(3000, '\x5a');
  }
  const auto anew = open();
  ASSERT_NE(anew, nullptr);
  EXPECT_FALSE(anew->began());
  EXPECT_THAT(anew->set_aside(), HasSubstr(".damaged"));
  EXPECT_TRUE(fs::exists(folder_ + "/.callrail-run.damaged"));
  std::ofstream{file(), std::ios::trunc} << "no database";
  EXPECT_FALSE(open()->began());
}

TEST_F(Checkpoints, ThatAreDamagedAreLeftAloneWhereSomebodyWantsToGoOn) {
  const std::string bytes(5000, '\x5a');
  std::ofstream{file(), std::ios::trunc} << bytes;
  const auto opened = SqliteCheckpoint::open(folder_, this_run, Resume::always, clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_EQ(opened.error().what,
            folder_ + ": the unfinished run there cannot be gone on with: " + file() +
                ": file is not a database; run without --resume to begin anew");
  EXPECT_EQ((std::ostringstream{} << std::ifstream{file()}.rdbuf()).str(), bytes);
  EXPECT_FALSE(fs::exists(folder_ + "/.callrail-run.damaged"));
  EXPECT_THAT(open()->set_aside(), HasSubstr(".damaged"));
}

TEST_F(Checkpoints, OfAnotherFormatAreKeptAsideToo) {
  open();
  {
    std::fstream bytes{file(), std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp(60);  // where a database keeps its user_version
    bytes << std::string("\0\0\0\1", 4);
  }
  const auto anew = open();
  EXPECT_FALSE(anew->began());
  EXPECT_THAT(anew->set_aside(), HasSubstr("of format 1"));
}

TEST_F(Checkpoints, LeaveNothingWhenTheRunIsOver) {
  ASSERT_TRUE(open()->remove());
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Checkpoints, FailTheSaveAndKeepTheOneBefore) {
  SavedEndpoint saved = test::saved_example();
  const auto checkpoint = open();
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1}));
  // Nobody can make the journal that a commit needs.
  fs::create_directory(file() + "-journal");
  saved.position.bytes = 99999;
  const auto failed =
      checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 0});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::sink_failed);
  fs::remove(file() + "-journal");
  EXPECT_EQ((*checkpoint->load("sales"))->position.bytes, 1234u);
  ASSERT_TRUE(
      checkpoint->save("sales", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 0}));
  EXPECT_EQ((*checkpoint->load("sales"))->position.bytes, 99999u);
}

}  // namespace
}  // namespace callrail
