#include "scratch_folder.hpp"
#include "virtual_time.hpp"

#include <callrail/ledger.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Locked = Ledger::Locked;

/// Both clocks set by hand.
class TwoClocks final : public Clock {
 public:
  Steady now() const override { return Steady{since_start}; }
  Wall today() const override { return Wall{std::chrono::floor<std::chrono::milliseconds>(wall)}; }
  std::chrono::nanoseconds boot() const override { return since_start; }
  void pass(std::chrono::nanoseconds time) {
    since_start += time;
    wall += time;
  }
  /// A start of the machine, so long after it went out.
  void restart(std::chrono::nanoseconds off, std::chrono::nanoseconds up = 30s) {
    wall += off;
    since_start = up;
  }
  std::chrono::nanoseconds since_start = 1h, wall = std::chrono::days{20'000};
};

/// One machine's time, which goes on by 5 ms whenever it is looked at: as if something else ran
/// then.
class SlowClock final : public Clock {
 public:
  Steady now() const override { return Steady{look()}; }
  Wall today() const override { return Wall{std::chrono::days{20'000}}; }
  std::chrono::nanoseconds boot() const override { return look(); }

  mutable std::chrono::nanoseconds time = 1h;

 private:
  std::chrono::nanoseconds look() const { return std::exchange(time, time + 5ms); }
};

class TheLedger : public testing::Test {
 protected:
  std::unique_ptr<Ledger> open(const char* boot = "first") {
    auto ledger = Ledger::open(file, clock, boot);
    EXPECT_TRUE(ledger) << ledger.error().what;
    (*ledger)->on_warning = [this](const std::string& text) { warnings.push_back(text); };
    EXPECT_EQ((*ledger)->lock(), Locked::yes);
    return *std::move(ledger);
  }
  static Ledger::Entry entry(Ledger::Time at) { return {at, at + 2s, at + 1s, false}; }
  void spoil(off_t where, std::string_view bytes) const {
    const int fd = ::open(file.c_str(), O_WRONLY);
    ASSERT_EQ(::pwrite(fd, bytes.data(), bytes.size(), where), static_cast<ssize_t>(bytes.size()));
    ::close(fd);
  }

  ScratchFolder folder;
  std::string file = folder / "ledger";
  TwoClocks clock;
  std::vector<std::string> warnings;
};

TEST_F(TheLedger, GivesBackWhatWasBookedToWhoeverOpensIt) {
  auto first = open();
  const Ledger::Entry done = entry(first->now());
  const Ledger::Entry open_one{first->now() + 1s, first->now() + 31s, first->now() + 31s, true};
  ASSERT_TRUE(first->append(done));
  ASSERT_TRUE(first->append(open_one));
  first->unlock();
  auto second = open();
  EXPECT_EQ(second->last(), 2u);
  EXPECT_THAT(second->read(1), ElementsAre(done, open_one));
  EXPECT_THAT(second->read(2), ElementsAre(open_one));
  EXPECT_THAT(second->read(3), IsEmpty());
  ASSERT_TRUE(second->change(2, done));
  EXPECT_THAT(second->read(2), ElementsAre(done));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(TheLedger, IsForItsOwnerAlone) {
  open();
  struct stat facts {};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST_F(TheLedger, IsHeldByOneAtATime) {
  auto first = open();
  auto second = Ledger::open(file, clock, "first");
  EXPECT_EQ((*second)->lock(), Locked::busy);
  first->unlock();
  EXPECT_EQ((*second)->lock(), Locked::yes);
}

TEST_F(TheLedger, ForgetsTheOldestWhenItIsFull) {
  auto ledger = open();
  const auto begin = ledger->now();
  const std::uint64_t many = Ledger::capacity + 10;
  for (std::uint64_t i = 1; i <= many; ++i)
    ASSERT_TRUE(ledger->append(entry(begin + std::chrono::milliseconds{i})));
  const auto all = ledger->read(1);
  ASSERT_THAT(all, SizeIs(Ledger::capacity));
  EXPECT_EQ(all.front(), entry(begin + 11ms));
  EXPECT_EQ(all.back(), entry(begin + std::chrono::milliseconds{many}));
  EXPECT_TRUE(ledger->change(5, entry(begin)));  // an answer long after: nobody's place is taken
  EXPECT_EQ(ledger->read(1), all);
}

TEST_F(TheLedger, KeepsWhatTheApiSaid) {
  Told told;
  told.hour = {1000, 17, 5s};
  told.day = {10'000, 4, 6s};
  told.shut_until = 7s;
  told.refusals = 3;
  told.way = {140ms, 8s, 99};
  ASSERT_TRUE(open()->tell(told));
  EXPECT_EQ(open()->told(), told);
}

TEST_F(TheLedger, DoesNotCareWhenTheClockOnTheWallJumps) {
  auto ledger = open();
  const auto before = ledger->now();
  ledger->unlock();
  for (const auto jump : {-400 * 24h, 400 * 24h, 3h}) {
    clock.wall += jump;
    clock.pass(10s);
    ASSERT_EQ(ledger->lock(), Locked::yes);
    ledger->unlock();
    EXPECT_EQ(open()->now(), ledger->now());
  }
  EXPECT_EQ(ledger->now() - before, 30s);
}

TEST_F(TheLedger, TellsTheTimeOfAMomentFromBothSidesHoweverLongItIsKeptWaiting) {
  const SlowClock slow;
  const auto ledger = *Ledger::open(file, slow, "first");
  ASSERT_EQ(ledger->lock(), Locked::yes);
  const Ledger::Time offset = ledger->now() - (slow.time - 5ms);
  const auto moment = 30min;
  EXPECT_GE(ledger->latest_time_of(Clock::Steady{moment}), offset + moment);
  EXPECT_LE(ledger->earliest_time_of(Clock::Steady{moment}), offset + moment);
}

TEST_F(TheLedger, GoesByTheClockOnTheWallOverAStartOfTheMachine) {
  auto ledger = open();
  const auto before = ledger->now();
  ASSERT_TRUE(ledger->append(entry(before)));
  ledger.reset();
  clock.restart(5h);
  auto later = open("second");
  EXPECT_EQ(later->now() - before, 5h);
  EXPECT_THAT(later->read(1), ElementsAre(entry(before)));
  EXPECT_EQ(later->full_at(), later->now() - 30s) << "a power cut may have taken the last entries";
}

TEST_F(TheLedger, CountsNoTimeIfTheClockOnTheWallWentBackMeanwhile) {
  auto ledger = open();
  const auto before = ledger->now();
  ASSERT_TRUE(ledger->append(entry(before)));
  ledger.reset();
  clock.restart(-5h);
  auto later = open("second");
  EXPECT_EQ(later->now(), before);
  clock.pass(10s);
  EXPECT_EQ(later->now() - before, 10s);
}

TEST_F(TheLedger, TakesATornSlotForARequestOfTheLatestTime) {
  auto ledger = open();
  const auto begin = ledger->now();
  for (const auto time : {1s, 2s, 3s}) ASSERT_TRUE(ledger->append(entry(begin + time)));
  spoil(4096 + 32 + 5, "x");
  const Ledger::Time latest = begin + 3s;
  EXPECT_THAT(ledger->read(1),
              ElementsAre(entry(begin + 1s), Ledger::Entry{latest, latest, latest, false},
                          entry(begin + 3s)));
  // The same for one that never came to the disk.
  ASSERT_EQ(::truncate(file.c_str(), 4096 + 64), 0);
  EXPECT_EQ(ledger->read(3).front(), (Ledger::Entry{latest, latest, latest, false}));
}

TEST_F(TheLedger, SetsADamagedFileAsideAndTakesTheShortLimitsForUsedUp) {
  for (const off_t where : {0, 9, 60, 150}) {
    auto ledger = open();
    ASSERT_TRUE(ledger->append(entry(ledger->now())));
    ledger->unlock();
    warnings.clear();
    spoil(where, "\x7f\x01");
    auto other = open();
    EXPECT_EQ(other->last(), 0u);
    EXPECT_EQ(other->full_at(), other->now());
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("damaged"))) << where;
    EXPECT_TRUE(std::filesystem::exists(file + ".damaged"));
    other->unlock();
    ASSERT_EQ(ledger->lock(), Locked::yes) << "who had it open goes on with the new one";
    EXPECT_EQ(ledger->last(), 0u);
    EXPECT_EQ(ledger->born(), other->born());
    ledger.reset();
    clock.pass(1s);
  }
}

TEST_F(TheLedger, TakesAnEmptyOrStrangeFileForDamaged) {
  for (const char* text : {"", "not a ledger", "{\"json\": true}"}) {
    std::filesystem::remove(file);
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GE(::write(fd, text, std::strlen(text)), 0);
    ::close(fd);
    warnings.clear();
    auto ledger = Ledger::open(file, clock, "first");
    ASSERT_TRUE(ledger);
    (*ledger)->on_warning = [this](const std::string& line) { warnings.push_back(line); };
    EXPECT_EQ((*ledger)->lock(), Locked::yes);
    EXPECT_THAT(warnings, SizeIs(1)) << text;
  }
}

TEST_F(TheLedger, TakesTimesInTheFutureForDamage) {
  auto ledger = open();
  ASSERT_TRUE(ledger->append(entry(ledger->now() + 1h)));
  ledger.reset();
  EXPECT_EQ(open()->last(), 0u);
  EXPECT_THAT(warnings, SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(file + ".damaged"));
}

TEST_F(TheLedger, IsBegunAnewIfSomebodyRemovesIt) {
  auto ledger = open();
  ASSERT_TRUE(ledger->append(entry(ledger->now())));
  ledger->unlock();
  const auto born = ledger->born();
  clock.pass(1s);
  std::filesystem::remove(file);
  ASSERT_EQ(ledger->lock(), Locked::yes);
  EXPECT_EQ(ledger->last(), 0u);
  EXPECT_NE(ledger->born(), born);
  EXPECT_EQ(ledger->full_at(), ledger->now());
}

TEST_F(TheLedger, GivesUpWithAWarningIfItCannotBeWritten) {
  auto ledger = open();
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit small{4096 + 64, usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_TRUE(ledger->append(entry(ledger->now())));
  EXPECT_TRUE(ledger->append(entry(ledger->now())));
  EXPECT_FALSE(ledger->append(entry(ledger->now())));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
  std::signal(SIGXFSZ, before);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("by this process alone")));
  EXPECT_EQ(ledger->lock(), Locked::broken);
  EXPECT_EQ(open()->last(), 2u) << "what came before is there";
}

TEST_F(TheLedger, CannotBeOpenedWithoutAFolderOrThroughALink) {
  EXPECT_FALSE(Ledger::open(folder / "none/ledger", clock, "first"));
  std::filesystem::create_symlink(folder / "elsewhere", file);
  EXPECT_FALSE(Ledger::open(file, clock, "first"));
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST(BootId, IsTheSameAllTheTime) {
  EXPECT_FALSE(Ledger::boot_id().empty());
  EXPECT_EQ(Ledger::boot_id(), Ledger::boot_id());
}

}  // namespace
}  // namespace callrail
