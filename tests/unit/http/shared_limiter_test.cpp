#include "scratch_folder.hpp"
#include "virtual_time.hpp"

#include <callrail/ledger.hpp>
#include <callrail/limiter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <random>
#include <span>
#include <sys/wait.h>
#include <unistd.h>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using Limits = std::vector<RateLimit>;

/// A process: it has its ledger and its limiter, and goes away with them.
struct Process {
  Process(const std::string& file, const Clock& clock, const Limits& limits,
          std::string boot = "boot")
      : ledger{*Ledger::open(file, clock, std::move(boot))}, limiter{limits, *ledger, 30s} {}
  std::unique_ptr<Ledger> ledger;
  Limiter limiter;
};

class SharedLimiter : public testing::Test {
 protected:
  std::unique_ptr<Process> start(const Limits& limits) {
    return std::make_unique<Process>(file, clock, limits);
  }
  /// Books what may be sent now, all answered at once.
  int send(Process& process, int most) {
    int sent = 0;
    while (sent < most && process.limiter.book(++ticket, clock.now())) {
      process.limiter.answered(ticket, clock.now());
      ++sent;
    }
    return sent;
  }

  ScratchFolder folder;
  std::string file = folder / "ledger";
  VirtualClock clock;
  std::uint64_t ticket = 0;
};

TEST_F(SharedLimiter, CountsWhatTheOtherProcessSent) {
  const auto one = start({{10, 1}}), two = start({{10, 1}});
  EXPECT_EQ(send(*one, 6), 6);
  EXPECT_EQ(send(*two, 100), 4);
  EXPECT_EQ(send(*one, 100), 0);
  EXPECT_EQ(two->limiter.next(clock.now()), clock.now() + 1s + Limiter::margin);
  clock.advance(1002ms);
  EXPECT_EQ(send(*one, 100), 10);
}

TEST_F(SharedLimiter, RemembersAfterARestart) {
  const Limits limits{{10, 1}, {1000, 3600}};
  for (int run = 0; run < 200; ++run) {
    EXPECT_EQ(send(*start(limits), 5), 5);
    clock.advance(run % 2 == 0 ? 0ms : 1002ms);
  }
  const auto last = start(limits);
  EXPECT_EQ(send(*last, 5), 0);
  EXPECT_EQ(to_string(*last->limiter.blocking(clock.now())), "1000/h");
  EXPECT_EQ(last->limiter.used({1000, 3600}, clock.now()), 1000);
  clock.advance(1h);
  EXPECT_EQ(send(*last, 100), 10);
}

TEST_F(SharedLimiter, CountsTheRequestsOfADeadProcessUntilTheyCannotBeUnderWay) {
  const auto alive = start({{2, 1}});
  {
    const auto dying = start({{2, 1}});
    ASSERT_TRUE(dying->limiter.book(1, clock.now()));
    ASSERT_TRUE(dying->limiter.book(2, clock.now()));
  }
  EXPECT_EQ(send(*alive, 1), 0);
  EXPECT_LT(alive->limiter.next(clock.now()), clock.now() + 100ms) << "it looks again soon";
  clock.advance(31s);  // the timeout, and a second until it began to count
  EXPECT_EQ(send(*alive, 1), 0) << "they may have arrived just now";
  clock.advance(1002ms);
  EXPECT_EQ(send(*alive, 100), 2);
}

TEST_F(SharedLimiter, LearnsWhenTheOtherOnesRequestsAreAnswered) {
  const auto one = start({{2, 1}}), two = start({{2, 1}});
  ASSERT_TRUE(one->limiter.book(1, clock.now()));
  ASSERT_TRUE(one->limiter.book(2, clock.now()));
  EXPECT_FALSE(two->limiter.book(3, clock.now()));
  clock.advance(100ms);
  one->limiter.answered(1, clock.now());
  EXPECT_FALSE(two->limiter.book(3, clock.now()));
  EXPECT_EQ(two->limiter.next(clock.now()), clock.now() + 1s + Limiter::margin);
}

TEST_F(SharedLimiter, TakesTheShortLimitsForUsedUpAfterDamage) {
  const Limits limits{{10, 1}, {100, 60}, {1000, 3600}};
  EXPECT_EQ(send(*start(limits), 7), 7);
  ASSERT_EQ(::truncate(file.c_str(), 100), 0);
  const auto later = start(limits);
  EXPECT_EQ(send(*later, 1), 0);
  EXPECT_EQ(to_string(*later->limiter.blocking(clock.now())), "100/m");
  clock.advance(61s);
  EXPECT_EQ(send(*later, 100), 10);
}

TEST_F(SharedLimiter, GoesOnAloneIfTheLedgerIsTakenAway) {
  const auto one = start({{10, 1}});
  EXPECT_EQ(send(*one, 6), 6);
  std::vector<std::string> warnings;
  one->ledger->on_warning = [&](const std::string& text) { warnings.push_back(text); };
  ASSERT_TRUE(one->limiter.book(1000, clock.now()));
  std::filesystem::remove_all(folder.path());
  one->limiter.answered(1000, clock.now());
  EXPECT_EQ(send(*one, 100), 3);
  EXPECT_THAT(warnings, testing::SizeIs(1));
  clock.advance(1002ms);
  EXPECT_EQ(send(*one, 100), 10);
}

TEST_F(SharedLimiter, BooksRequestsUnderWayAgainIfTheLedgerIsBegunAnew) {
  const auto one = start({{3, 1}}), two = start({{3, 1}});
  ASSERT_TRUE(one->limiter.book(1, clock.now()));
  ASSERT_TRUE(one->limiter.book(2, clock.now()));
  std::filesystem::remove(file);
  clock.advance(1ms);
  two->limiter.look();  // makes another one
  EXPECT_FALSE(two->limiter.book(9, clock.now())) << "nobody knows what was in the old one";
  clock.advance(2s);
  EXPECT_TRUE(one->limiter.book(3, clock.now()));
  EXPECT_FALSE(two->limiter.book(9, clock.now())) << "three are under way";
  for (const std::uint64_t of : {1u, 2u, 3u}) one->limiter.answered(of, clock.now());
  clock.advance(1002ms);
  EXPECT_EQ(send(*two, 100), 3);
}

TEST_F(SharedLimiter, TellsTheOtherThatTheHourIsUsedUp) {
  const auto one = start({{1000, 3600}}), two = start({{1000, 3600}});
  ASSERT_TRUE(one->limiter.book(1, clock.now()));
  one->limiter.answered(1, clock.now(), {.status = 429, .hour_allowed = 1000, .hour_used = 1000});
  EXPECT_FALSE(two->limiter.book(2, clock.now()));
  EXPECT_EQ(two->limiter.next(clock.now()), clock.now() + 60s);
  clock.advance(60s);
  EXPECT_TRUE(two->limiter.book(2, clock.now())) << "one asks";
  EXPECT_FALSE(one->limiter.book(3, clock.now())) << "and only one";
  two->limiter.answered(2, clock.now(), {.status = 200, .hour_allowed = 1000, .hour_used = 500});
  EXPECT_TRUE(one->limiter.book(3, clock.now()));
}

TEST_F(SharedLimiter, NeverTakesWhatIsBookedHereForLess) {
  const auto one = start({{10, 3600}});
  for (std::uint64_t i = 1; i <= 9; ++i) {
    ASSERT_TRUE(one->limiter.book(i, clock.now()));
    one->limiter.answered(i, clock.now(), {.status = 200, .hour_allowed = 10, .hour_used = 1});
  }
  EXPECT_EQ(send(*one, 100), 1);
}

TEST_F(SharedLimiter, KeepsToWhatTheApiAllowsIfThatIsLess) {
  const auto one = start({{1000, 3600}});
  ASSERT_TRUE(one->limiter.book(1, clock.now()));
  one->limiter.answered(1, clock.now(), {.status = 200, .hour_allowed = 5, .hour_used = 1});
  EXPECT_EQ(send(*one, 100), 4);
}

TEST_F(SharedLimiter, AsksAfterAQuarterOfAnHourWhetherADayThatOthersUsedUpIsOver) {
  const Limits limits{{10'000, 86400}};
  ASSERT_TRUE(start(limits)->limiter.book(1, clock.now()));
  {
    const auto one = start(limits);
    clock.advance(31s);
    ASSERT_TRUE(one->limiter.book(2, clock.now()));
    one->limiter.answered(2, clock.now(),
                          {.status = 429, .day_allowed = 10'000, .day_used = 10'000});
    const auto used_up = one->limiter.used_up(clock.now(), 1h);
    ASSERT_TRUE(used_up);
    EXPECT_EQ(used_up->others, 9998);
    EXPECT_EQ(used_up->until, clock.now() + 24h + Limiter::margin);
  }
  const auto at_once = start(limits);
  EXPECT_FALSE(at_once->limiter.book(3, clock.now()));
  EXPECT_TRUE(at_once->limiter.used_up(clock.now(), 1h));
  clock.advance(15min);
  const auto later = start(limits);
  EXPECT_FALSE(later->limiter.used_up(clock.now(), 1h));
  EXPECT_TRUE(later->limiter.book(3, clock.now()));
  EXPECT_FALSE(later->limiter.book(4, clock.now())) << "one asks";
  EXPECT_FALSE(later->limiter.used_up(clock.now(), 1h)) << "and the others wait for the answer";
  later->limiter.answered(3, clock.now(),
                          {.status = 200, .day_allowed = 10'000, .day_used = 9'000});
  EXPECT_TRUE(later->limiter.book(4, clock.now()));
}

TEST_F(SharedLimiter, CanBeRehearsedWithoutTouchingTheLedger) {
  const auto one = start({{10, 1}, {20, 60}});
  EXPECT_EQ(send(*one, 5), 5);
  Limiter rehearsal = one->limiter.rehearsal();
  auto at = clock.now();
  for (std::uint64_t i = 0; i < 16; ++i) {
    at = rehearsal.next(at);
    rehearsal.sent(i, at);
    rehearsal.answered(i, at);
  }
  EXPECT_EQ(at, clock.now() + 60s + Limiter::margin);
  EXPECT_EQ(send(*one, 100), 5);
}

TEST_F(SharedLimiter, CostsLittleForEachRequest) {
  const SystemClock real;
  Process process{file, real, {{1'000'000, 3600}}};
  Process other{file, real, {{1'000'000, 3600}}};
  auto best = std::chrono::steady_clock::duration::max();
  constexpr int many = 500;
  for (int round = 0; round < 10; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < many; ++i) {
      Process& one = i % 2 == 0 ? process : other;
      ASSERT_TRUE(one.limiter.book(++ticket, real.now()));
      one.limiter.answered(ticket, real.now(),
                           {.status = 200, .hour_allowed = 1'000'000, .hour_used = 1});
    }
    best = std::min(best, std::chrono::steady_clock::now() - begin);
  }
  const auto each = std::chrono::duration_cast<std::chrono::microseconds>(best) / many;
  RecordProperty("microseconds", static_cast<int>(each.count()));
  EXPECT_LT(each, 100us);
}

// --- processes that are killed -------------------------------------------------------------------

struct Sent {
  std::int64_t from, to;  // the server may have counted it anywhere in between
};

nanoseconds boot_time() { return SystemClock{}.boot(); }

/// Sends as fast as the limit lets it, and reports each request: first that it is sent, then that
/// it is answered. Killed at any point.
[[noreturn]] void send_for_ever(const std::string& file, const Limits& limits, int pipe) {
  const SystemClock clock;
  auto ledger = Ledger::open(file, clock);
  if (!ledger) ::_exit(1);
  Limiter limiter{limits, **ledger, 500ms};
  for (std::uint64_t ticket = 1;; ++ticket) {
    while (!limiter.book(ticket, clock.now())) {
      const ::timespec pause{0, 200'000};
      ::nanosleep(&pause, nullptr);
    }
    // Counted by the server between these two moments.
    const Sent sent{boot_time().count(), boot_time().count()};
    if (::write(pipe, &sent, sizeof sent) != sizeof sent) ::_exit(2);
    limiter.answered(ticket, clock.now(), {.status = 200});
  }
}

TEST_F(SharedLimiter, HoldsWhateverMomentAProcessIsKilledAt) {
  const Limits limits{{400, 1}, {900, 3}};
  std::mt19937_64 random{20260310};
  int pipes[2];
  ASSERT_EQ(::pipe2(pipes, O_CLOEXEC | O_NONBLOCK), 0);
  ASSERT_EQ(::fcntl(pipes[1], F_SETFL, 0), 0);  // the children wait
  std::vector<pid_t> children(3, 0);
  std::vector<Sent> all;
  const auto start = [&](pid_t& child) {
    child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) send_for_ever(file, limits, pipes[1]);
  };
  for (pid_t& child : children) start(child);
  int kills = 0;
  const auto end = boot_time() + 6s;
  while (boot_time() < end) {
    const ::timespec pause{0, static_cast<long>(random() % 8'000'000)};
    ::nanosleep(&pause, nullptr);
    Sent sent{};
    while (::read(pipes[0], &sent, sizeof sent) == sizeof sent) all.push_back(sent);
    pid_t& child = children[random() % children.size()];
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it failed before it was killed";
    ++kills;
    start(child);
  }
  for (const pid_t child : children) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  Sent last{};
  while (::read(pipes[0], &last, sizeof last) == sizeof last) all.push_back(last);
  ::close(pipes[0]);
  ::close(pipes[1]);

  EXPECT_GT(kills, 50);
  EXPECT_FALSE(std::filesystem::exists(file + ".damaged"));
  std::ranges::sort(all, {}, &Sent::from);
  for (const RateLimit& limit : limits)
    for (std::size_t i = static_cast<std::size_t>(limit.requests); i < all.size(); ++i) {
      // However they were counted: the first of them at the end of its time, the last at the begin.
      const auto many = std::span{all}.subspan(i - static_cast<std::size_t>(limit.requests),
                                               static_cast<std::size_t>(limit.requests) + 1);
      EXPECT_GT(all[i].from - std::ranges::min(many, {}, &Sent::to).to,
                nanoseconds{std::chrono::seconds{limit.seconds}}.count());
    }
  // Every one that was sent is in the ledger.
  const SystemClock real;
  const auto ledger = *Ledger::open(file, real);
  ASSERT_EQ(ledger->lock(), Ledger::Locked::yes);
  EXPECT_GE(ledger->last(), all.size());
  EXPECT_LE(ledger->last(), all.size() + static_cast<std::size_t>(kills) + children.size());
  EXPECT_GT(all.size(), 900u);
  std::printf("%d kills, %zu requests\n", kills, all.size());
}

}  // namespace
}  // namespace callrail
