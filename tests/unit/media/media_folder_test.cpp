#include "scratch_folder.hpp"
#include "songs_api.hpp"
#include "virtual_time.hpp"

#include <callrail/media_folder.hpp>
#include <callrail/sha256.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace callrail {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char base[] = "https://api.example.com";

std::string read(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return (std::ostringstream{} << in.rdbuf()).str();
}

/// One folder, opened by one process after the other.
struct Folder {
  ScratchFolder scratch;
  VirtualClock clock;
  std::string path = scratch / "tapes";
  std::unique_ptr<MediaFolder> folder = reopened();

  std::unique_ptr<MediaFolder> reopened(const std::string& base_url = base) {
    auto opened = MediaFolder::open(path, test::song_api, base_url, clock);
    EXPECT_TRUE(opened) << opened.error().what;
    return opened ? *std::move(opened) : nullptr;
  }
  void reopen() {
    folder.reset();
    folder = reopened();
  }
  void want(std::initializer_list<Text> keys) {
    for (const Text key : keys)
      folder->add(test::songs, test::song_media[0], {{"band_id", "B1"}}, key);
    EXPECT_TRUE(folder->commit());
  }
  std::vector<std::string> wanted() {
    std::vector<std::string> keys;
    while (auto item = *folder->next()) keys.push_back(item->key);
    return keys;
  }
  /// Fetches the next one.
  void fetch(const std::string& bytes) {
    const auto item = folder->next();
    ASSERT_TRUE(item && *item);
    auto writer = folder->open(**item, test::song_media[0]);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write(bytes));
    ASSERT_TRUE((*writer)->keep());
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator{path}) {
      const std::string name = entry.path().filename().string();
      if (name != MediaFolder::index_name) out.push_back(name);
    }
    std::ranges::sort(out);
    return out;
  }
  fs::perms permissions(const std::string& name) const {
    return fs::status(path + "/" + name).permissions() & fs::perms::all;
  }
};

TEST(MediaFolder, NamesFilesByTheirKeysForTheOwnerAlone) {
  Folder f;
  f.want({"S1"});
  f.fetch("ID3 sound");
  EXPECT_THAT(f.names(), ElementsAre("S1.mp3"));
  EXPECT_EQ(read(f.path + "/S1.mp3"), "ID3 sound");
  const auto owner = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_EQ(f.permissions("S1.mp3"), owner);
  EXPECT_EQ(f.permissions(std::string{MediaFolder::index_name}), owner);
  EXPECT_EQ(f.permissions(""), fs::perms::owner_all);
}

TEST(MediaFolder, WantsWhatIsThereAndWholeFromNobodyAgain) {
  Folder f;
  f.want({"S1", "S2"});
  f.fetch("ID3 one");
  f.reopen();
  f.want({"S1", "S2", "S3"});
  EXPECT_THAT(f.wanted(), ElementsAre("S2", "S3"));
  EXPECT_EQ(f.folder->count()->here, 1u);
}

TEST(MediaFolder, KeepsTheScopeOfTheList) {
  Folder f;
  f.want({"S1"});
  f.reopen();
  const auto item = f.folder->next();
  ASSERT_TRUE(item && *item);
  EXPECT_EQ((*item)->scope, (Scope{{"band_id", "B1"}}));
  EXPECT_EQ((*item)->endpoint, "songs");
  EXPECT_EQ((*item)->field, "tape");
}

TEST(MediaFolder, ForgetsWhatWasNotCommitted) {
  Folder f;
  f.folder->add(test::songs, test::song_media[0], {}, "S1");
  f.reopen();
  EXPECT_THAT(f.wanted(), IsEmpty());
}

TEST(MediaFolder, WantsAFileAgainThatWentOrChangedItsSize) {
  Folder f;
  f.want({"S1", "S2", "S3"});
  for (int i = 0; i < 3; ++i) f.fetch("ID3 sound");
  fs::remove(f.path + "/S1.mp3");
  std::ofstream{f.path + "/S2.mp3", std::ios::trunc} << "ID3";
  f.reopen();
  f.want({"S1", "S2", "S3"});
  EXPECT_THAT(f.wanted(), ElementsAre("S1", "S2"));
}

TEST(MediaFolder, NotesAWholeFileThatAKilledProcessDidNotGetToNote) {
  Folder f;
  f.want({"S1", "S2"});
  std::ofstream{f.path + "/S1.mp3"} << "ID3 sound";
  EXPECT_THAT(f.wanted(), ElementsAre("S2"));
  EXPECT_EQ(f.folder->count()->here, 1u);
}

TEST(MediaFolder, RemovesWhatAKilledProcessWasWriting) {
  Folder f;
  f.folder.reset();
  std::ofstream{f.path + "/.S1.mp3.part-4711-1"} << "ID3 so";
  f.folder = f.reopened();
  EXPECT_THAT(f.names(), IsEmpty());
}

TEST(MediaFolder, LeavesNothingOfAFileThatWasGivenUp) {
  Folder f;
  f.want({"S1"});
  {
    const auto item = f.folder->next();
    auto writer = f.folder->open(**item, test::song_media[0]);
    ASSERT_TRUE((*writer)->write("ID3 so"));
  }
  EXPECT_THAT(f.names(), IsEmpty());
  f.reopen();
  EXPECT_THAT(f.wanted(), ElementsAre("S1"));
}

TEST(MediaFolder, AsksForWhatIsMissingAgainAfterAWeek) {
  Folder f;
  f.want({"S1", "S2"});
  const auto first = f.folder->next();
  ASSERT_TRUE(f.folder->missing(**first, "404 Not Found"));
  f.clock.advance(std::chrono::days{6});
  f.reopen();
  f.want({"S1"});
  EXPECT_THAT(f.wanted(), ElementsAre("S2"));
  EXPECT_EQ(f.folder->count()->missing, 1u);
  f.clock.advance(std::chrono::days{1});
  f.reopen();
  f.want({"S1"});
  EXPECT_THAT(f.wanted(), ElementsAre("S1", "S2"));
}

TEST(MediaFolder, WantsAgainWhatFailed) {
  Folder f;
  f.want({"S1"});
  const auto first = f.folder->next();
  ASSERT_TRUE(f.folder->failed(**first, "503"));
  EXPECT_THAT(f.wanted(), IsEmpty());  // not in this run
  f.reopen();
  EXPECT_THAT(f.wanted(), ElementsAre("S1"));
}

TEST(MediaFolder, HoldsTheFilesOfOneApi) {
  Folder f;
  f.folder.reset();
  const auto opened =
      MediaFolder::open(f.path, test::song_api, "https://other.example.com", f.clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_THAT(opened.error().what, AllOf(HasSubstr(base), HasSubstr("name another folder")));
}

TEST(MediaFolder, SaysWhatToDoWithADamagedIndexAndThenFindsItsFiles) {
  Folder f;
  f.want({"S1"});
  f.fetch("ID3 sound");
  f.folder.reset();
  const std::string index = f.path + "/" + std::string{MediaFolder::index_name};
  std::ofstream{index, std::ios::trunc} << std::string(4096, 'x');
  const auto opened = MediaFolder::open(f.path, test::song_api, base, f.clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::sink_failed);
  EXPECT_THAT(opened.error().what, AllOf(HasSubstr(index), HasSubstr("move it away")));
  fs::remove(index);
  f.folder = f.reopened();
  f.want({"S1"});
  EXPECT_THAT(f.wanted(), IsEmpty());
}

TEST(MediaFileName, IsSafeWhateverTheKeyHolds) {
  EXPECT_EQ(media_file_name("CAL019c2013", "mp3"), "CAL019c2013.mp3");
  EXPECT_EQ(media_file_name("../../etc/passwd", "mp3"), "%2E.%2F..%2Fetc%2Fpasswd.mp3");
  EXPECT_EQ(media_file_name("a/b", "mp3"), "a%2Fb.mp3");
  EXPECT_EQ(media_file_name("a%2Fb", "mp3"), "a%252Fb.mp3");
  EXPECT_EQ(media_file_name("", "mp3"), ".mp3");
  EXPECT_EQ(media_file_name(std::string(500, 'x'), "mp3").size(), 64u + 4u);
  EXPECT_NE(media_file_name(std::string(500, 'x'), "mp3"),
            media_file_name(std::string(501, 'x'), "mp3"));
}

TEST(MediaCount, CountsWithoutTouchingAnything) {
  Folder f;
  f.want({"S1"});
  f.fetch("ID3 sound");
  MediaCount count{f.path};
  for (const Text key : {"S1", "S2", "S3"}) count.add(test::songs, test::song_media[0], {}, key);
  EXPECT_EQ(count.summary().here, 1u);
  EXPECT_EQ(count.summary().left, 2u);
  EXPECT_FALSE(count.summary().tried);
  MediaCount nowhere{f.scratch / "nowhere"};
  nowhere.add(test::songs, test::song_media[0], {}, "S1");
  EXPECT_EQ(nowhere.summary().left, 1u);
  EXPECT_FALSE(fs::exists(f.scratch / "nowhere"));
}

}  // namespace
}  // namespace callrail
