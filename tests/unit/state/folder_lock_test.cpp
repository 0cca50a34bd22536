#include "virtual_time.hpp"

#include <callrail/folder_lock.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace callrail {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FolderLocking : public testing::Test {
 protected:
  FolderLocking() {
    std::string pattern = (fs::temp_directory_path() / "lock-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FolderLocking() override { fs::remove_all(folder_); }

  VirtualClock clock_;
  std::string folder_;
};

TEST_F(FolderLocking, LetsOneRunInAndNamesItToTheSecond) {
  auto first = FolderLock::take(folder_, clock_);
  ASSERT_TRUE(first) << first.error().what;
  const auto second = FolderLock::take(folder_, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::held);
  EXPECT_THAT(second.error().what, HasSubstr("process " + std::to_string(::getpid())));
  EXPECT_THAT(second.error().what, HasSubstr("since 2026-03-10T12:00:00Z"));
  EXPECT_THAT(second.error().what, HasSubstr("choose another folder"));
}

TEST_F(FolderLocking, LeavesNothingBehind) {
  { const auto lock = FolderLock::take(folder_, clock_); }
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_TRUE(FolderLock::take(folder_, clock_));
}

TEST_F(FolderLocking, IsGoneWithTheProcessThatHeldIt) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = FolderLock::take(folder_, clock_);
    (void)!::write(ready[1], lock ? "+" : "-", 1);
    ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, '+');
  EXPECT_FALSE(FolderLock::take(folder_, clock_));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FolderLock::take(folder_, clock_));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FolderLocking, FollowsNoLink) {
  fs::create_symlink(folder_ + "/elsewhere", folder_ + "/.callrail.lock");
  const auto lock = FolderLock::take(folder_, clock_);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Code::sink_failed);
  EXPECT_FALSE(fs::exists(folder_ + "/elsewhere"));
}

TEST_F(FolderLocking, SaysWhyOnlyPartOfItsLineCouldBeWritten) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit few{10, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &few), 0);
  errno = EBADMSG;  // of something else, long ago
  const auto lock = FolderLock::take(folder_, clock_);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Code::sink_failed);
  EXPECT_THAT(lock.error().what, HasSubstr("File too large"));
}

TEST_F(FolderLocking, SaysWhyThereCanBeNoLock) {
  const auto lock = FolderLock::take(folder_ + "/nowhere", clock_);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Code::sink_failed);
  EXPECT_THAT(lock.error().what, HasSubstr("choose a folder"));
}

}  // namespace
}  // namespace callrail
