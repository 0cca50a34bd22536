// One extraction into a folder and two tables, whatever happens between their commits.
#include "memory_checkpoint.hpp"
#include "memory_table.hpp"
#include "scene.hpp"

#include <callrail/file_sink.hpp>
#include <callrail/tee_checkpoint.hpp>
#include <callrail/tee_sink.hpp>

#include <set>

namespace callrail {
namespace {

using test::Crash;
using test::MemoryCheckpoint;
using test::MemoryFiles;
using test::MemoryTable;

/// What stays when a process dies.
struct Three {
  MemoryFiles files;
  MemoryCheckpoint checkpoint{files};
  MemoryTable one{files}, two{files};
  std::vector<std::string> asked;

  static void set_up(Scene& scene) {
    scene.options.page_size = 10;
    scene.rows["/v3/1/gadgets.json"] = upto(35);
    scene.rows["/v3/2/gadgets.json"] = {901, 902};
    scene.rows["/v3/1/sales.json"] = scene.rows["/v3/2/sales.json"] = {};
    scene.rows["/v3/1/members.json"] = {50};
    scene.want(shops);
    scene.want(gadgets());
    scene.want(sales);
    scene.want(members);  // those of the second shop are not known
  }

  Summary run(std::size_t stop_after = 1000) {
    Scene scene;
    set_up(scene);
    scene.stop = [&] { return scene.asked.size() >= stop_after; };
    ScriptedTransport transport{scene.clock, [&](const Request& r) { return scene.reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, scene.clock, scene.client_options, 1};
    Events silent;
    FolderSink folder{"data", TextOptions{.format = FileFormat::csv}, Provenance{}, files};
    TeeSink sink{{&folder, &one, &two}};
    TeeCheckpoint all{{&checkpoint, &one, &two}};
    Summary summary =
        extract(api(), scene.options, client, sink, scene.clock, silent, scene.stop, &all);
    asked = scene.asked;
    if (!summary.resumable) {
      one.clear_checkpoint();
      two.clear_checkpoint();
      checkpoint.clear();
    }
    return summary;
  }
  void restart() {
    files.restart();
    one.restart();
    two.restart();
  }
};

const Three& undisturbed() {
  static const Three& three = [&]() -> Three& {
    static Three it;
    it.run();
    return it;
  }();
  return three;
}

void expect_all_there(const Three& three) {
  EXPECT_EQ(three.files.files("data"), undisturbed().files.files("data"));
  EXPECT_EQ(three.one.now().tables, undisturbed().one.now().tables);
  EXPECT_EQ(three.two.now().tables, undisturbed().one.now().tables);
  const auto told = [](const MemoryTable& table) {
    return std::set<std::string>(table.now().windows.begin(), table.now().windows.end());
  };
  EXPECT_EQ(told(three.one), told(undisturbed().one));
  EXPECT_EQ(told(three.two), told(undisturbed().one));
}

TEST(Tee, FillsAFolderAndTablesWithOneSetOfRequests) {
  Scene alone;
  Three::set_up(alone);
  alone.run();
  const Three& three = undisturbed();
  EXPECT_EQ(three.asked, alone.asked);
  EXPECT_EQ(three.one.now().tables.at("gadgets").size(), 37u);
  EXPECT_EQ(three.one.now().tables, three.two.now().tables);
  EXPECT_EQ(three.one.written, 40u);
  const auto files = three.files.files("data");
  EXPECT_TRUE(files.contains("gadgets.csv"));
  EXPECT_TRUE(files.contains("sales.csv"));
}

TEST(Tee, GoesOnWhereverItWasStopped) {
  for (std::size_t requests = 1; requests < undisturbed().asked.size(); ++requests) {
    SCOPED_TRACE(requests);
    Three three;
    three.run(requests);
    three.restart();
    EXPECT_EQ(three.run().ended, std::nullopt);
    expect_all_there(three);
    EXPECT_EQ(three.one.written, undisturbed().one.written);  // nothing came twice
  }
}

TEST(Tee, LosesAndDoublesNothingWhereverTheProcessDies) {
  // Every call to a file, and every commit of every destination.
  Three counting;
  counting.run();
  const std::size_t calls = counting.files.calls.size();
  ASSERT_GT(calls, 50u);
  std::set<std::string> ahead;
  for (std::size_t call = 1; call <= calls; ++call)
    for (const bool after : {false, true}) {
      SCOPED_TRACE(std::to_string(call) + (after ? " after" : " before"));
      Three three;
      three.files.crash_at(call, after);
      try {
        three.run();
      } catch (const Crash&) {
      }
      three.restart();
      for (const auto& [name, saved] : three.two.now().saved)
        if (const auto first = three.checkpoint.load(name);
            !*first || (*first)->position != saved.position || (*first)->stage != saved.stage)
          ahead.insert(name);
      EXPECT_EQ(three.run().ended, std::nullopt);
      expect_all_there(three);
    }
  // Else the test did not come to what it is about.
  EXPECT_THAT(ahead, testing::IsSupersetOf({"gadgets", "members", "sales", "shops"}));
}

TEST(Tee, ADestinationThatLostItsLastCommitsTakesTheOthersBack) {
  for (std::size_t lost = 1; lost <= 12; ++lost)
    for (const std::size_t requests : {4u, 6u, 8u, 10u}) {
      SCOPED_TRACE(std::to_string(lost) + " of " + std::to_string(requests));
      Three three;
      three.run(requests);
      three.restart();
      three.two.lose_commits(lost);
      EXPECT_EQ(three.run().ended, std::nullopt);
      expect_all_there(three);
    }
}

TEST(Tee, WhatIsAheadIsTakenBackToTheOldestWord) {
  MemoryFiles files;
  MemoryTable one{files}, two{files};
  SavedEndpoint saved;
  saved.lists.resize(1);
  saved.windows.resize(1);
  const auto commit = [&](Checkpoint& to) {
    ASSERT_TRUE(to.save("things", {.facts = &saved, .lists = true, .windows = {}}));
  };
  commit(one);
  commit(two);
  saved.windows.resize(2);
  saved.windows[0].settled = true;
  commit(two);
  TeeCheckpoint all{{&one, &two}};
  EXPECT_EQ((*all.load("things"))->windows.size(), 1u);
  EXPECT_EQ((*two.load("things"))->windows.size(), 1u);

  ASSERT_TRUE(one.forget("things"));
  EXPECT_FALSE(*all.load("things"));
  EXPECT_FALSE(*two.load("things"));
}

TEST(Tee, ARunAfterOneThatEndedBeginsAnew) {
  Three three;
  three.run();
  three.restart();
  EXPECT_EQ(three.run().ended, std::nullopt);
  EXPECT_EQ(three.asked, undisturbed().asked);
  expect_all_there(three);
}

class Wants final : public Sink {
 public:
  explicit Wants(std::optional<RowLines> lines) : lines_{std::move(lines)} {}
  std::optional<RowLines> lines(const Table&) const override { return lines_; }
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override {
    return fail(Code::sink_failed, "not for rows");
  }
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override {
    return false;
  }

 private:
  std::optional<RowLines> lines_;
};

TEST(Tee, WantsLinesOnlyIfAllWantTheSame) {
  const Table table = table_of(shops, Selection::everything(shops), Nested::json);
  Wants csv{RowLines{.form = RowLines::Form::csv, .fields = {0, 1}}};
  Wants other{RowLines{.form = RowLines::Form::csv, .fields = {1, 0}}};
  Wants json{RowLines{.form = RowLines::Form::jsonl, .fields = {0, 1}}};
  Wants cells{std::nullopt};
  const auto of = [&](std::vector<Sink*> sinks) {
    return TeeSink{std::move(sinks)}.lines(table).has_value();
  };
  EXPECT_TRUE(of({&csv, &csv}));
  EXPECT_FALSE(of({&csv, &other}));
  EXPECT_FALSE(of({&csv, &json}));
  EXPECT_FALSE(of({&csv, &cells}));
  EXPECT_FALSE(of({&cells, &csv}));
}

}  // namespace
}  // namespace callrail
