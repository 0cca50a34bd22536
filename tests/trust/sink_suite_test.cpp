/// What every sink has to hold, whatever it is made of: files, SQLite, PostgreSQL. What only one of
/// them does is tested beside it.
#include "figures.hpp"
#include "real_run.hpp"
#include "table_run.hpp"

#include <callrail/sha256.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace callrail::trust {

/// Where rows may go.
enum class Place : std::uint8_t { csv, jsonl, json, xml, sqlite, postgresql };

void PrintTo(Place, std::ostream*);

namespace {

using testing::HasSubstr;

constexpr std::array places{Place::csv, Place::jsonl,  Place::json,
                            Place::xml, Place::sqlite, Place::postgresql};

const char* name_of(Place place) {
  constexpr std::array words{"csv", "jsonl", "json", "xml", "sqlite", "postgresql"};
  return words[static_cast<std::size_t>(place)];
}

bool is_database(Place place) { return place >= Place::sqlite; }

using Adapt = std::function<void(fake::FakeOptions&)>;

/// One extraction into one place, by as many processes as it takes.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual SmallRun& run() = 0;
  virtual sim::Report go() = 0;
  /// Of the last process: calls that do something there.
  virtual std::size_t calls() const = 0;
  virtual std::size_t requests() const = 0;
  /// The next process dies at a call, or finds no space there.
  virtual void die_at(std::size_t call, bool after) = 0;
  virtual void fail_at(std::size_t call) = 0;
  /// From within: at the next call, or here.
  virtual void die_now() = 0;
  /// What readers see.
  virtual std::string shows() = 0;
  /// How the checkpoint is ahead of the data; empty: it is not.
  virtual std::string ahead() = 0;

  sim::Report go_on_to_the_end() {
    sim::Report report = go();
    for (int tries = 0; report.resumable && tries < 5; ++tries) report = go();
    return report;
  }
};

class Files final : public Sink {
 public:
  Files(FileFormat format, const Adapt& adapt) : run_{{.format = format}, {}, {}, adapt} {}

  SmallRun& run() override { return run_; }
  sim::Report go() override {
    auto report = run_.go();
    calls_ = run_.files.calls.size();
    run_.files.restart();
    return report;
  }
  std::size_t calls() const override { return calls_; }
  std::size_t requests() const override { return run_.asked.size(); }
  void die_at(std::size_t call, bool after) override { run_.files.crash_at(call, after); }
  void fail_at(std::size_t call) override { run_.files.fail_at(call, ENOSPC); }
  void die_now() override { run_.files.crash_at(run_.files.calls.size() + 1, false); }
  std::string shows() override { return run_.output(); }
  std::string ahead() override {
    const auto saved = run_.checkpoint.load(SmallRun::list);
    if (!saved || !*saved) return {};
    const auto part =
        run_.files.content(std::string{sim::folder} + "/." + std::string{SmallRun::list} +
                           std::string{file_extension(run_.job.format)} + ".part");
    const std::string bytes = part ? *part : run_.output();
    const Position& position = (*saved)->position;
    if (bytes.size() < position.bytes) return "bytes that are not there";
    if (position.sha256.empty()) return {};
    Sha256 hash;
    hash.add(std::string_view{bytes}.substr(0, position.bytes));
    return hash.hex() == position.sha256 ? "" : "other bytes";
  }

 private:
  SmallRun run_;
  std::size_t calls_ = 0;
};

class Tables final : public Sink {
 public:
  Tables(Dialect dialect, const Adapt& adapt) : run_{{.database = dialect}, {}, {}, adapt} {}

  SmallRun& run() override { return run_; }
  sim::Report go() override { return run_.go(); }
  std::size_t calls() const override { return run_.calls; }
  std::size_t requests() const override { return run_.requests; }
  void die_at(std::size_t call, bool after) override {
    run_.fault = TableRun::Fault{.nth = call, .after = after, .dies = true};
  }
  void fail_at(std::size_t call) override {
    run_.fault = TableRun::Fault{.nth = call, .trouble = callrail::Trouble::destination};
  }
  void die_now() override { throw test::Crash{}; }
  std::string shows() override {
    std::string all;
    for (const std::string& line : run_.tables()) all += line + '\n';
    for (const std::string& wrong : run_.contradictions()) all += "wrong: " + wrong + '\n';
    return all;
  }
  std::string ahead() override {
    // The rows a run has got to, by its checkpoint and by what it counted of the tables.
    const auto rows = run_.ask(
        "SELECT c.rows, r.fetched FROM _run_endpoint AS c JOIN runs AS r ON c.endpoint LIKE "
        "'%calls' "
        "WHERE r.run_id = (SELECT max(run_id) FROM runs)");
    if (rows.empty()) return {};
    const auto bar = rows.front().find('|');
    return rows.front().substr(0, bar) == rows.front().substr(bar + 1) ? "" : rows.front();
  }

 private:
  TableRun run_;
};

class Sinks : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override {
    if (GetParam() == Place::postgresql && !test::is_there(Dialect::postgresql))
      GTEST_SKIP() << test::why_not(Dialect::postgresql);
  }
  void TearDown() override {
    if (kills_ != 0)
      test::note_figure(fmt::format("kills in the suite of {}", name_of(GetParam())), kills_);
    Bed::drop_all();
  }
  static std::unique_ptr<Sink> make(const Adapt& adapt = {}) {
    switch (GetParam()) {
      case Place::csv: return std::make_unique<Files>(FileFormat::csv, adapt);
      case Place::jsonl: return std::make_unique<Files>(FileFormat::jsonl, adapt);
      case Place::json: return std::make_unique<Files>(FileFormat::json, adapt);
      case Place::xml: return std::make_unique<Files>(FileFormat::xml, adapt);
      case Place::sqlite: return std::make_unique<Tables>(Dialect::sqlite, adapt);
      case Place::postgresql: break;
    }
    return std::make_unique<Tables>(Dialect::postgresql, adapt);
  }
  /// A run nobody disturbs.
  struct Quiet {
    std::string shows;
    std::size_t calls = 0, requests = 0;
  };
  static Quiet quiet() {
    const auto sink = make();
    const auto report = sink->go();
    EXPECT_TRUE(report.complete()) << words_of(report);
    return {sink->shows(), sink->calls(), sink->requests()};
  }
  std::uint64_t kills_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Every, Sinks, testing::ValuesIn(places),
                         [](const auto& place) { return name_of(place.param); });

TEST_P(Sinks, AreFilledExactlyOnceHoweverOftenTheProcessDies) {
  const Quiet whole = quiet();
  // A process after the other dies, each a few calls later than the last, until one gets to the
  // end.
  for (const bool after : {false, true}) {
    const auto sink = make();
    std::size_t call = 0;
    for (;;) {
      sink->die_at(++call, after);
      const auto report = sink->go();
      EXPECT_EQ(sink->ahead(), "") << "after call " << call;
      if (!sink->run().died) {
        EXPECT_TRUE(report.complete()) << words_of(report);
        break;
      }
      ++kills_;
      ASSERT_LT(call, 3 * whole.calls) << "does not get on";
    }
    EXPECT_EQ(sink->shows(), whole.shows);
  }
  EXPECT_GT(kills_, 10U);
}

TEST_P(Sinks, HaveACheckpointThatIsNeverAheadOfTheData) {
  const Quiet whole = quiet();
  // Of PostgreSQL every so-many-th: the matrix has the others.
  const std::size_t step = GetParam() == Place::postgresql ? 7 : is_database(GetParam()) ? 3 : 1;
  for (std::size_t call = 1; call <= whole.calls; call += step)
    for (const bool after : {false, true}) {
      const auto sink = make();
      sink->die_at(call, after);
      (void)sink->go();
      ASSERT_TRUE(sink->run().died);
      ++kills_;
      EXPECT_EQ(sink->ahead(), "") << "call " << call;
      const auto report = sink->go_on_to_the_end();
      EXPECT_TRUE(report.complete()) << words_of(report);
      EXPECT_EQ(sink->shows(), whole.shows) << "call " << call;
    }
}

TEST_P(Sinks, ShowTheSameAtAnyNumberOfJobs) {
  const Quiet whole = quiet();
  for (const int jobs : {2, 4, 8}) {
    const auto sink = make();
    sink->run().job.jobs = jobs;
    const auto report = sink->go();
    EXPECT_TRUE(report.complete()) << words_of(report);
    EXPECT_EQ(sink->shows(), whole.shows) << jobs << " jobs";
  }
}

TEST_P(Sinks, GoOnWhereADeadProcessStopped) {
  // Runs commit every thousand rows.
  const Adapt many = [](fake::FakeOptions& options) {
    options.world.rows[std::string{SmallRun::list}] = 5000;
  };
  const auto undisturbed = make(many);
  undisturbed->run().job.page_size = 250;
  EXPECT_TRUE(undisturbed->go().complete());
  const std::size_t all = undisturbed->requests();
  const auto sink = make(many);
  sink->run().job.page_size = 250;
  sink->run().on_the_way = [&](std::uint64_t nth) {
    if (nth == all * 3 / 4) sink->die_now();
  };
  (void)sink->go();
  ASSERT_TRUE(sink->run().died);
  sink->run().on_the_way = [](std::uint64_t) {};
  const auto report = sink->go_on_to_the_end();
  EXPECT_TRUE(report.complete()) << words_of(report);
  EXPECT_LT(sink->requests(), all * 6 / 10);
  EXPECT_EQ(sink->shows(), undisturbed->shows());
}

TEST_P(Sinks, SayThatAWriteFailed) {
  const Quiet whole = quiet();
  const std::size_t step = is_database(GetParam()) ? 5 : 1;
  for (std::size_t call = 1; call <= whole.calls; call += step) {
    const auto sink = make();
    sink->fail_at(call);
    const auto failed = sink->go();
    // A sign of life may be missed; the next one comes.
    if (failed.admits()) {
      EXPECT_THAT(words_of(failed), HasSubstr("o space")) << "call " << call;
    } else {
      EXPECT_EQ(sink->shows(), whole.shows) << "call " << call;
    }
    const auto report = sink->go_on_to_the_end();
    EXPECT_TRUE(report.complete()) << words_of(report);
    EXPECT_EQ(sink->shows(), whole.shows) << "call " << call;
  }
}

TEST_P(Sinks, TurnASecondRunAway) {
  int came = 0;
  const auto held = [&](const auto& second) {
    ++came;
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::held);
  };
  if (is_database(GetParam())) {
    TableRun run{{.database = GetParam() == Place::sqlite ? Dialect::sqlite : Dialect::postgresql}};
    run.on_the_way = [&](std::uint64_t nth) {
      if (nth == 2) held(run.guest(Resume::if_it_fits, run.print));
    };
    EXPECT_TRUE(run.go().complete());
  } else {
    RealRun run{{.format = static_cast<FileFormat>(GetParam())}};
    run.on_the_way = [&](std::uint64_t nth) {
      cli::Config guest = run.config;
      if (nth == 2) held(run.hold(guest));
    };
    const auto report = run.go();
    EXPECT_TRUE(report && report->complete());
  }
  EXPECT_EQ(came, 1);
}

}  // namespace

void PrintTo(Place place, std::ostream* out) { *out << name_of(place); }

}  // namespace callrail::trust
