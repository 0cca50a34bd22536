#include "memory_files.hpp"

#include <callrail/atomic_file.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Optional;
using testing::Pair;

class AMemoryDisk : public testing::Test {
 protected:
  MemoryFiles files;

  int create(const char* path) { return files.open(path, O_WRONLY | O_CREAT | O_EXCL, 0600); }
  void write(int fd, std::string_view text) {
    ASSERT_EQ(files.write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void sync_folder(const char* path) {
    const int fd = files.open(path, O_RDONLY | O_DIRECTORY, 0);
    ASSERT_EQ(files.sync(fd), 0);
    files.close(fd);
  }
};

TEST_F(AMemoryDisk, HoldsWhatIsWritten) {
  ASSERT_EQ(files.make_folder("data", 0700), 0);
  const int fd = create("./data//a");
  write(fd, "one ");
  write(fd, "two");
  EXPECT_THAT(files.content("data/a"), Optional(std::string{"one two"}));
  struct stat seen {};
  EXPECT_EQ(files.look("data/a", &seen), 0);
  EXPECT_EQ(seen.st_size, 7);
  EXPECT_EQ(files.look("data/b", &seen), -1);
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(AMemoryDisk, ReadsOverwritesAndShortens) {
  const int fd = create("a");
  write(fd, "0123456789");
  EXPECT_EQ(files.write_at(fd, "XY", 2, 3), 2);
  EXPECT_EQ(files.truncate(fd, 6), 0);
  EXPECT_THAT(files.content("a"), Optional(std::string{"012XY5"}));
  char buffer[4];
  EXPECT_EQ(files.seek(fd, 2, SEEK_SET), 2);
  ASSERT_EQ(files.read(fd, buffer, 4), 4);
  EXPECT_EQ(std::string(buffer, 4), "2XY5");
  EXPECT_EQ(files.read(fd, buffer, 4), 0);
}

TEST_F(AMemoryDisk, LetsOneDescriptorHoldTheLock) {
  const int one = create("lock");
  const int two = files.open("lock", O_RDWR, 0);
  EXPECT_EQ(files.lock(one), 0);
  EXPECT_EQ(files.lock(two), -1);
  EXPECT_EQ(errno, EWOULDBLOCK);
  files.close(one);
  EXPECT_EQ(files.lock(two), 0);
}

TEST_F(AMemoryDisk, FailsTheCallItIsToldTo) {
  files.fail_at(2, ENOSPC);
  const int fd = create("a");
  EXPECT_EQ(files.write(fd, "x", 1), -1);
  EXPECT_EQ(errno, ENOSPC);
  write(fd, "y");
  EXPECT_THAT(files.content("a"), Optional(std::string{"y"}));
}

TEST_F(AMemoryDisk, IsFullWhenItsSpaceIsUsed) {
  files.space = 5;
  const int fd = create("a");
  EXPECT_EQ(files.write(fd, "12345678", 8), 5);
  EXPECT_EQ(files.write(fd, "678", 3), -1);
  EXPECT_EQ(errno, ENOSPC);
}

TEST_F(AMemoryDisk, WritesHalfWhereAWriteIsShort) {
  files.events[2] = {MemoryFiles::Event::What::short_write, 0};
  const int fd = create("a");
  EXPECT_EQ(files.write(fd, "123456", 6), 3);
}

TEST_F(AMemoryDisk, DiesBeforeOrAfterACall) {
  files.crash_at(2, false);
  const int fd = create("a");
  EXPECT_THROW(files.write(fd, "x", 1), Crash);
  EXPECT_TRUE(files.dead());
  files.restart();
  EXPECT_THAT(files.content("a"), Optional(std::string{}));

  files.crash_at(2, true);
  const int other = create("b");
  EXPECT_THROW(files.write(other, "x", 1), Crash);
  EXPECT_THAT(files.content("b"), Optional(std::string{"x"}));
}

TEST_F(AMemoryDisk, LetsNobodyCleanUpAfterDeath) {
  files.crash_at(2, true);
  EXPECT_THROW(
      {
        auto file = AtomicFile::open("calls", files);
        ASSERT_TRUE(file);
        (void)(*file)->append("row");
        (void)(*file)->finish();
      },
      Crash);
  files.restart();
  ASSERT_EQ(files.files("").size(), 1U);
  EXPECT_THAT(files.files("").begin()->first, testing::HasSubstr(".part"));
}

TEST_F(AMemoryDisk, LosesUnsyncedBytesInAPowerCut) {
  std::set<std::string> left;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    MemoryFiles disk;
    const int fd = disk.open("a", O_WRONLY | O_CREAT, 0600);
    disk.write(fd, "kept", 4);
    disk.sync(fd);
    const int folder = disk.open("", O_RDONLY | O_DIRECTORY, 0);
    disk.sync(folder);
    disk.write(fd, "AB", 2);
    disk.write(fd, "CD", 2);
    disk.cut_power(seed);
    ASSERT_TRUE(disk.content("a"));
    ASSERT_EQ(disk.content("a")->substr(0, 4), "kept");
    left.insert(disk.content("a")->substr(4));
  }
  EXPECT_TRUE(left.contains(""));
  EXPECT_TRUE(left.contains("ABCD"));
  EXPECT_TRUE(left.contains("AB"));
  EXPECT_TRUE(left.contains(std::string("\0\0CD", 4))) << "later bytes may arrive first";
}

TEST_F(AMemoryDisk, LosesANewNameUntilItsFolderIsSynced) {
  bool lost = false, kept = false;
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    MemoryFiles disk;
    const int fd = disk.open("a", O_WRONLY | O_CREAT, 0600);
    disk.write(fd, "x", 1);
    disk.sync(fd);
    disk.cut_power(seed);
    (disk.content("a") ? kept : lost) = true;
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(kept);
}

TEST_F(AMemoryDisk, KeepsOldOrNewBehindARenameButNeverNeither) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    MemoryFiles disk;
    disk.put("a", "old");
    const int fd = disk.open("b", O_WRONLY | O_CREAT, 0600);
    disk.write(fd, "new", 3);
    disk.sync(fd);
    disk.rename("b", "a");
    disk.cut_power(seed);
    EXPECT_THAT(disk.content("a"),
                testing::AnyOf(Optional(std::string{"old"}), Optional(std::string{"new"})));
  }
}

TEST_F(AMemoryDisk, KeepsARenameWhoseFolderIsSynced) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    MemoryFiles disk;
    auto file = AtomicFile::open("calls", disk);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append("row"));
    ASSERT_TRUE((*file)->finish());
    disk.cut_power(seed);
    EXPECT_THAT(disk.files(""), ElementsAre(Pair("calls", "row")));
  }
}

TEST_F(AMemoryDisk, GivesThePipeToItsReaderAtOnce) {
  const int fd = files.open_pipe();
  write(fd, "a,b");
  EXPECT_EQ(files.piped(), "a,b");
  EXPECT_THAT(files.files(""), IsEmpty());
}

}  // namespace
}  // namespace callrail::test
