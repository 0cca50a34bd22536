#include "failing_files.hpp"
#include "test_folder.hpp"

#include <callrail/atomic_file.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

namespace callrail {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Writes a file of several buffers and ends it.
Status write_file(const std::string& path, FileSystem& files, const std::string& text) {
  auto file = AtomicFile::open(path, files);
  if (!file) return std::unexpected(file.error());
  for (std::size_t at = 0; at < text.size(); at += 100'000)
    if (auto done = (*file)->append(std::string_view{text}.substr(at, 100'000)); !done) return done;
  return (*file)->finish();
}

std::string long_text() {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST(AtomicFile, IsNotSeenBeforeItIsFinished) {
  const TestFolder folder;
  auto file = *AtomicFile::open(folder / "calls.csv");
  ASSERT_TRUE(file->append("a,b\r\n"));
  EXPECT_FALSE(std::filesystem::exists(folder / "calls.csv"));
  EXPECT_EQ(folder.names().size(), 1u);
  ASSERT_TRUE(file->finish());
  EXPECT_THAT(folder.names(), ElementsAre("calls.csv"));
  EXPECT_EQ(content(folder / "calls.csv"), "a,b\r\n");
  EXPECT_EQ(file->bytes(), 5u);
}

TEST(AtomicFile, HasATemporaryNameThatCanBeFound) {
  const TestFolder folder;
  const auto one = *AtomicFile::open(folder / "calls.csv");
  const auto two = *AtomicFile::open(folder / "calls.csv");
  EXPECT_THAT(folder.names(),
              UnorderedElementsAre(std::filesystem::path{one->temporary()}.filename().string(),
                                   std::filesystem::path{two->temporary()}.filename().string()));
  EXPECT_THAT(one->temporary(), HasSubstr("/.calls.csv.part-" + std::to_string(::getpid()) + "-"));
  EXPECT_NE(one->temporary(), two->temporary());
}

TEST(AtomicFile, IsForTheOwnerAlone) {
  const TestFolder folder;
  put(folder / "calls.csv", "old");
  std::filesystem::permissions(folder / "calls.csv", std::filesystem::perms{0644});
  auto file = *AtomicFile::open(folder / "calls.csv");
  EXPECT_EQ(mode(file->temporary()), 0600u);
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(mode(folder / "calls.csv"), 0600u);
}

TEST(AtomicFile, LeavesNoTraceIfItIsNotFinished) {
  const TestFolder folder;
  put(folder / "calls.csv", "old");
  {
    auto file = *AtomicFile::open(folder / "calls.csv");
    ASSERT_TRUE(file->append(long_text()));
  }
  EXPECT_THAT(folder.names(), ElementsAre("calls.csv"));
  EXPECT_EQ(content(folder / "calls.csv"), "old");
}

TEST(AtomicFile, ReplacesALinkInsteadOfFollowingIt) {
  const TestFolder folder;
  put(folder / "elsewhere", "old");
  std::filesystem::create_symlink("elsewhere", folder / "calls.csv");
  ASSERT_TRUE(write_file(folder / "calls.csv", real_files(), "new"));
  EXPECT_EQ(content(folder / "elsewhere"), "old");
  EXPECT_EQ(content(folder / "calls.csv"), "new");
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "calls.csv"));
}

TEST(AtomicFile, DoesNotWriteThroughALinkWithItsTemporaryName) {
  const TestFolder folder;
  put(folder / "victim", "old");
  // The number after that of this file is the next one's.
  const auto taken = (*AtomicFile::open(folder / "calls.csv"))->temporary();
  const auto dash = taken.rfind('-');
  const int number = std::stoi(taken.substr(dash + 1));
  for (int next = number + 1; next < number + 4; ++next)
    std::filesystem::create_symlink("victim", taken.substr(0, dash + 1) + std::to_string(next));
  const auto file = *AtomicFile::open(folder / "calls.csv");
  ASSERT_TRUE(file->append("new"));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(content(folder / "victim"), "old");
  EXPECT_EQ(content(folder / "calls.csv"), "new");
}

TEST(AtomicFile, RefusesTheNameOfAFolderBeforeAnythingIsWritten) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "calls.csv");
  const auto file = AtomicFile::open(folder / "calls.csv");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::sink_failed);
  EXPECT_EQ(file.error().what, folder / "calls.csv" +
                                   ": a folder has this name; move it away or "
                                   "choose another folder");
  EXPECT_THAT(folder.names(), ElementsAre("calls.csv"));
}

TEST(AtomicFile, NamesAFolderThatIsMissing) {
  const TestFolder folder;
  const auto file = AtomicFile::open(folder / "nowhere/calls.csv");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, HasSubstr("the folder does not exist"));
}

TEST(AtomicFile, WritesInLargePieces) {
  const TestFolder folder;
  FailingFiles files;
  auto file = *AtomicFile::open(folder / "calls.csv", files);
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(file->append("0123456789"));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(files.writes.size(), 4u);
  EXPECT_EQ(std::filesystem::file_size(folder / "calls.csv"), 1'000'000u);
}

TEST(AtomicFile, GoesOnAfterShortWritesAndInterruptions) {
  const TestFolder folder;
  FailingFiles files;
  files.most_at_once = 777;
  files.interrupt = true;
  ASSERT_TRUE(write_file(folder / "calls.csv", files, long_text()));
  EXPECT_EQ(content(folder / "calls.csv"), long_text());
}

TEST(AtomicFile, IsOnTheDiskBeforeItIsSeen) {
  const TestFolder folder;
  FailingFiles files;
  ASSERT_TRUE(write_file(folder / "calls.csv", files, "x"));
  EXPECT_THAT(files.calls, ElementsAre("look", "open", "write", "sync", "close", "open", "rename",
                                       "sync", "close"));
}

TEST(AtomicFile, SaysThatTheDiskIsFull) {
  const TestFolder folder;
  put(folder / "calls.csv", "old");
  for (const std::uint64_t space : {0u, 1u, 99'999u, 300'000u, 999'999u}) {
    FailingFiles files;
    files.space = space;
    const auto done = write_file(folder / "calls.csv", files, long_text());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::sink_failed);
    EXPECT_EQ(done.error().what,
              folder / "calls.csv" + ": no space left on device; free some space and run again");
    EXPECT_THAT(folder.names(), ElementsAre("calls.csv"));
    EXPECT_EQ(content(folder / "calls.csv"), "old");
  }
}

TEST(AtomicFile, FailsForGoodOnce) {
  const TestFolder folder;
  FailingFiles files;
  files.space = 10;
  auto file = *AtomicFile::open(folder / "calls.csv", files);
  ASSERT_FALSE(file->append(long_text()));
  files.space = 10'000'000;
  EXPECT_FALSE(file->append("x"));
  EXPECT_THAT(file->finish().error().what, HasSubstr("no space left"));
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(AtomicFile, LeavesWhatWasThereWhateverCallFails) {
  const std::string text = long_text();
  std::size_t calls = 0;
  {
    const TestFolder folder;
    FailingFiles files;
    ASSERT_TRUE(write_file(folder / "calls.csv", files, text));
    calls = files.calls.size();
  }
  ASSERT_GT(calls, 10u);
  // The last two are the sync of the folder and its close; the tests below are about these.
  for (std::size_t i = 0; i + 2 < calls; ++i) {
    for (const int error : {EIO, ENOSPC, EDQUOT, EACCES, ENOMEM}) {
      for (const bool existed : {false, true}) {
        const TestFolder folder;
        if (existed) put(folder / "calls.csv", "old");
        FailingFiles files;
        files.fail_at = i;
        files.error = error;
        const auto done = write_file(folder / "calls.csv", files, text);
        SCOPED_TRACE(files.calls[i] + " number " + std::to_string(i));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Code::sink_failed);
        EXPECT_TRUE(done.error().what.starts_with(folder / "calls.csv: ")) << done.error().what;
        if (existed) {
          ASSERT_THAT(folder.names(), ElementsAre("calls.csv"));
          EXPECT_EQ(content(folder / "calls.csv"), "old");
        } else {
          ASSERT_THAT(folder.names(), IsEmpty());
        }
      }
    }
  }
}

TEST(AtomicFile, DoesNotTryASyncAgainThatFailed) {
  const TestFolder folder;
  FailingFiles files;
  files.fail_call = "sync";
  auto file = *AtomicFile::open(folder / "calls.csv", files);
  EXPECT_FALSE(file->finish());
  EXPECT_FALSE(file->finish());
  EXPECT_EQ(files.count("sync"), 1u);
}

TEST(AtomicFile, TakesAWriteOfNothingForAFailure) {
  const TestFolder folder;
  FailingFiles files;
  files.fail_call = "write";
  files.error = 0;
  EXPECT_FALSE(write_file(folder / "calls.csv", files, "x"));
}

TEST(AtomicFile, DoesNotMindACloseThatWasInterrupted) {
  const TestFolder folder;
  FailingFiles files;
  files.fail_call = "close";
  files.error = EINTR;
  EXPECT_TRUE(write_file(folder / "calls.csv", files, "x"));
  EXPECT_EQ(content(folder / "calls.csv"), "x");
}

/// Index of the sync of the folder.
std::size_t folder_sync(const FailingFiles& files) { return files.calls.size() - 2; }

TEST(AtomicFile, SaysSoIfThereItMayNotOutliveAPowerCut) {
  const TestFolder folder;
  FailingFiles dry;
  ASSERT_TRUE(write_file(folder / "calls.csv", dry, "x"));
  FailingFiles files;
  files.fail_at = folder_sync(dry);
  const auto done = write_file(folder / "calls.csv", files, "y");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what,
              HasSubstr("is written, but a power cut may undo it: input/output"));
  EXPECT_EQ(content(folder / "calls.csv"), "y");
}

TEST(AtomicFile, DoesWithoutSyncWhereFoldersCannotBeSynced) {
  const TestFolder folder;
  FailingFiles dry;
  ASSERT_TRUE(write_file(folder / "calls.csv", dry, "x"));
  FailingFiles files;
  files.fail_at = folder_sync(dry);
  files.error = EINVAL;
  EXPECT_TRUE(write_file(folder / "calls.csv", files, "y"));
}

TEST(AtomicFile, CanBeFinishedTwice) {
  const TestFolder folder;
  auto file = *AtomicFile::open(folder / "calls.csv");
  EXPECT_TRUE(file->finish());
  EXPECT_TRUE(file->finish());
  EXPECT_THAT(folder.names(), ElementsAre("calls.csv"));
}

TEST(AtomicFile, CanStandInTheCurrentFolder) {
  const TestFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_TRUE(write_file("calls.csv", real_files(), "x"));
  std::filesystem::current_path(before);
  EXPECT_EQ(content(folder / "calls.csv"), "x");
}

TEST(MakingFolders, MakesThoseAboveTooForTheOwnerAlone) {
  const TestFolder folder;
  ASSERT_TRUE(make_folders(folder / "a//b/c/"));
  EXPECT_EQ(mode(folder / "a"), 0700u);
  EXPECT_EQ(mode(folder / "a/b"), 0700u);
  EXPECT_EQ(mode(folder / "a/b/c"), 0700u);
}

TEST(MakingFolders, LeavesThoseThatExistAlone) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "a");
  std::filesystem::permissions(folder / "a", std::filesystem::perms{0755});
  std::filesystem::create_directory_symlink("a", folder / "link");
  ASSERT_TRUE(make_folders(folder / "link/b"));
  EXPECT_EQ(mode(folder / "a"), 0755u);
  EXPECT_EQ(mode(folder / "a/b"), 0700u);
  EXPECT_TRUE(make_folders("."));
  EXPECT_TRUE(make_folders("/"));
}

TEST(MakingFolders, SaysWhichPartIsAFile) {
  const TestFolder folder;
  put(folder / "a", "x");
  EXPECT_EQ(make_folders(folder / "a/b").error().what,
            folder / "a" + ": a file has this name; choose another folder");
  EXPECT_EQ(make_folders(folder / "a").error().what,
            folder / "a" + ": a file has this name; choose another folder");
}

TEST(MakingFolders, SaysWhyItCannot) {
  const TestFolder folder;
  FailingFiles files;
  files.fail_call = "make_folder";
  files.error = EROFS;
  const auto made = make_folders(folder / "new/deep", files);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::sink_failed);
  EXPECT_EQ(made.error().what,
            folder / "new" + ": the file system is read-only; choose another folder");
}

}  // namespace
}  // namespace callrail
