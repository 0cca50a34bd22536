#include "failing_files.hpp"
#include "test_folder.hpp"
#include "virtual_time.hpp"

#include <callrail/bad_pages.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace callrail {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string key = "c0ffee1234567890abcdefcafe0b5eed";
const Redaction redaction{
    .key = key, .secret_names = {"door_code", "settings"}, .mask_people = true};

std::string mask(std::string_view page) { return mask_page(page, redaction); }

class BadPagesTest : public testing::Test {
 protected:
  test::TestFolder folder;
  VirtualClock clock;
  BadPages pages{folder / "logs/bad", redaction, clock};
};

TEST_F(BadPagesTest, AreKeptForTheirOwnerAlone) {
  ::umask(0);
  const auto file = pages.keep("things page 3", "<html>no</html>");
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(*file, folder / "logs/bad/20260310T120000Z-things-page-3.txt");
  EXPECT_EQ(test::content(*file), "<html>no</html>");
  EXPECT_EQ(test::mode(*file), 0600u);
  EXPECT_EQ(test::mode(folder / "logs/bad"), 0700u);
  EXPECT_EQ(test::mode(folder / "logs"), 0700u);
}

TEST_F(BadPagesTest, AreKeptOnceHoweverOftenTheyCome) {
  const auto first = pages.keep("things page 3", "{");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(*pages.keep("things page 3", "{"), *first);
  EXPECT_NE(*pages.keep("things page 3", "{}"), *first);
  EXPECT_NE(*pages.keep("things page 4", "{"), *first);
  EXPECT_EQ(folder.names("logs/bad").size(), 3u);
}

TEST_F(BadPagesTest, AreTenAtMost) {
  for (int i = 0; i < 50; ++i) {
    const auto file = pages.keep("things page " + std::to_string(i), "{");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->empty(), i >= 10) << i;
  }
  EXPECT_EQ(folder.names("logs/bad").size(), 10u);
}

TEST_F(BadPagesTest, OverwriteNoFileOfAnotherRun) {
  const auto mine = pages.keep("things page 1", "mine");
  BadPages others{folder / "logs/bad/", redaction, clock};
  const auto theirs = others.keep("things page 1", "theirs");
  ASSERT_TRUE(mine && theirs);
  EXPECT_THAT(*theirs, testing::EndsWith("things-page-1-2.txt"));
  EXPECT_EQ(test::content(*mine), "mine");
}

TEST_F(BadPagesTest, FollowNoLink) {
  std::filesystem::create_directories(folder / "logs/bad");
  std::filesystem::create_symlink(folder / "victim",
                                  folder / "logs/bad/20260310T120000Z-things-page-1.txt");
  ASSERT_TRUE(pages.keep("things page 1", "{"));
  EXPECT_FALSE(std::filesystem::exists(folder / "victim"));
}

TEST_F(BadPagesTest, HaveNamesThatLeadNowhereElse) {
  for (const std::string what : {"things page 1 of ../../../../etc/passwd", "/etc/passwd", "..", "",
                                 "a\nb\x1b[2J", "\xff\xfe", "$(reboot);`x`", "-rf *"}) {
    const auto file = pages.keep(what, "{");
    ASSERT_TRUE(file) << what;
    const std::string name = file->substr((folder / "logs/bad/").size());
    EXPECT_EQ(
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."),
        std::string::npos)
        << name;
    EXPECT_THAT(*file, StartsWith(folder / "logs/bad/2026"));
  }
  const auto of_key = pages.keep("things page 1 of " + key, "{");
  EXPECT_EQ(of_key->find(key.substr(0, 5)), std::string::npos);
  const auto very_long = pages.keep(std::string(5000, 'x'), "{");
  ASSERT_TRUE(very_long) << very_long.error().what;
}

TEST_F(BadPagesTest, ThatCannotBeWrittenSayWhyAndLeaveNothing) {
  test::FailingFiles files;
  files.space = 3;
  BadPages full{folder / "full", redaction, clock, files};
  const auto file = full.keep("things page 1", "12345");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, HasSubstr("No space left on device"));
  EXPECT_THAT(file.error().what, HasSubstr("--bad-pages"));
  EXPECT_TRUE(folder.names("full").empty());

  test::put(folder / "file", "");
  BadPages nowhere{folder / "file/sub", redaction, clock};
  EXPECT_FALSE(nowhere.keep("things page 1", "{"));
}

TEST_F(BadPagesTest, AreCutAt16Megabytes) {
  const auto file = pages.keep("things page 1", std::string((16u << 20) + 1000, ' '));
  ASSERT_TRUE(file);
  EXPECT_EQ(std::filesystem::file_size(*file), 16u << 20);
}

TEST(MaskPage, OverwritesTheKeyAndKeepsEveryOtherByteInPlace) {
  EXPECT_EQ(mask("{\"a\":\"" + key + "\"}x"), "{\"a\":\"" + std::string(key.size(), '*') + "\"}x");
  EXPECT_EQ(mask("ends in " + key.substr(key.size() - 5) + "."), "ends in *****.");
  EXPECT_EQ(mask("<p>cut: " + key.substr(0, 13)), "<p>cut: *************");
}

TEST(MaskPage, OverwritesSecretValuesOfEveryKind) {
  EXPECT_EQ(mask(R"({"door_code":"47\"11","n":12})"), R"({"door_code":"******","n":12})");
  EXPECT_EQ(mask(R"({"door_code" : -471.5e3 , "n":12})"), R"({"door_code" : -111.1e1 , "n":12})");
  EXPECT_EQ(mask("{\"door_code\":\n\t\"4711\"}"), "{\"door_code\":\n\t\"****\"}");
  EXPECT_EQ(mask(R"({"settings":{"a":"x","b":["y",{"c":12}]},"d":"e"})"),
            R"({"settings":{"a":"*","b":["*",{"c":11}]},"d":"e"})");
  EXPECT_EQ(mask(R"({"settings":["x","y"],"d":"e"})"), R"({"settings":["*","*"],"d":"e"})");
  EXPECT_EQ(mask(R"({"d\u006for_code":"4711"})"), R"({"d\u006for_code":"****"})");
  EXPECT_EQ(mask(R"({"door_code":null,"n":12})"), R"({"door_code":null,"n":12})");
  EXPECT_EQ(mask(R"({"body":"{\"door_code\":\"4711\"}"})"),
            R"({"body":"{\"door_code\":\"****\"}"})");
  EXPECT_EQ(mask(R"({"url":"https://example.com/?access_key=abc&page=2"})"),
            R"({"url":"https://example.com/?access_key=***&page=2"})");
  EXPECT_EQ(mask(R"({"url":"https://me:pw@example.com/"})"),
            R"({"url":"https://*****@example.com/"})");
}

TEST(MaskPage, FindsSecretsInWhatIsNoJsonAnyMore) {
  EXPECT_EQ(mask(R"({"a":"b"c","door_code":"4711","n":1)"),
            R"({"a":"b"c","door_code":"****","n":1)");
  EXPECT_EQ(mask(R"({"door_code":"4711)"), R"({"door_code":"****)");
  EXPECT_EQ(mask(R"({"door_code":)"), R"({"door_code":)");
  EXPECT_EQ(mask(R"({"settings":{"a":"x)"), R"({"settings":{"a":"*)");
  EXPECT_EQ(mask(R"({"door_code":"47\)"), R"({"door_code":"***)");
}

TEST(MaskPage, LeavesTheRestOfAPageReadable) {
  const std::string page =
      R"({"things":[{"id":1,"note":"pre-authorization: done","phone":"+14045550110","mail":"a@example.com"}],"page":1})";
  EXPECT_EQ(
      mask(page),
      R"({"things":[{"id":1,"note":"pre-authorization: ****","phone":"+14045550110","mail":"a@example.com"}],"page":1})");
}

TEST(MaskPage, LeavesJsonJson) {
  const std::string page =
      R"({"things":[{"door_code":10.50,"settings":{"k":[true,null,"é\u00e9",1e9]},"token":"\\\"","n":"x"}]})";
  const std::string masked = mask(page);
  EXPECT_EQ(masked.size(), page.size());
  EXPECT_TRUE(nlohmann::json::accept(masked)) << masked;
  EXPECT_EQ(masked.find("é"), std::string::npos);
}

}  // namespace
}  // namespace callrail
