#include "process.hpp"

#include "exit_code.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <unistd.h>

namespace callrail::cli {
namespace {

using ::testing::ExitedWithCode;

/// Ends as a run does that this signal stopped; 0 if it was not asked to stop.
[[noreturn]] void end_after(int signal) {
  watch_signals();
  std::raise(signal);
  ::_exit(stop_signal() ? exit_signal + *stop_signal() : 0);
}

TEST(Signals, AskARunToStop) {
  EXPECT_EXIT(end_after(SIGINT), ExitedWithCode(130), "");
  EXPECT_EXIT(end_after(SIGTERM), ExitedWithCode(143), "");
  EXPECT_EXIT(end_after(SIGHUP), ExitedWithCode(129), "");
}

TEST(Signals, DoNotStopARunThatNohupProtects) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        end_after(SIGHUP);
      },
      ExitedWithCode(0), "");
}

}  // namespace
}  // namespace callrail::cli
