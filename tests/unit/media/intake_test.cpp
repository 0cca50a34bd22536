#include "intake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using testing::HasSubstr;

constexpr std::string_view mp3 = "ID3\x04 and what follows it";
constexpr std::string_view frame = "\xff\xfb\x90\x64 and what follows it";
constexpr std::string_view page = "<!DOCTYPE html><title>Sign in</title>";

TEST(WhyNotMedia, IsEmptyForWhatIsSaidToBeAudioOrBeginsLikeIt) {
  EXPECT_EQ(why_not_media("audio/mpeg", "audio/mpeg", mp3), "");
  EXPECT_EQ(why_not_media("audio/mpeg", "Audio/MP3; rate=8000", "anything"), "");
  EXPECT_EQ(why_not_media("audio/mpeg", "audio/x-wav", "RIFF1234WAVE"), "");
  EXPECT_EQ(why_not_media("audio/mpeg", "binary/octet-stream", mp3), "");
  EXPECT_EQ(why_not_media("audio/mpeg", "application/octet-stream", frame), "");
  EXPECT_EQ(why_not_media("audio/mpeg", "", frame), "");
}

TEST(WhyNotMedia, TellsWhatCameInstead) {
  EXPECT_THAT(why_not_media("audio/mpeg", "text/html; charset=utf-8", page),
              HasSubstr("is text/html instead of audio/mpeg"));
  EXPECT_THAT(why_not_media("audio/mpeg", "application/json", mp3), HasSubstr("application/json"));
  EXPECT_THAT(why_not_media("audio/mpeg", "audio/mpeg", page), HasSubstr("page of text"));
  EXPECT_THAT(why_not_media("audio/mpeg", "audio/mpeg", R"( {"error":"x"})"),
              HasSubstr("page of text"));
  EXPECT_THAT(why_not_media("audio/mpeg", "", page), HasSubstr("page of text"));
  EXPECT_THAT(why_not_media("audio/mpeg", "application/octet-stream", "MZ\x90"),
              HasSubstr("does not begin like audio/mpeg"));
  EXPECT_THAT(why_not_media("audio/mpeg", "", "\xff"), HasSubstr("of no type"));
  EXPECT_THAT(why_not_media("audio/mpeg", "audio/mpeg", ""), HasSubstr("is empty"));
}

struct Kept {
  std::string bytes;
  int opened = 0, kept = 0;
  bool full = false;
};

class Writer final : public MediaWriter {
 public:
  explicit Writer(Kept& kept) : kept_{kept} {}
  Status write(std::string_view bytes) override {
    if (kept_.full) return fail(Code::sink_failed, "no space left");
    kept_.bytes += bytes;
    return {};
  }
  Status keep() override {
    ++kept_.kept;
    return {};
  }

 private:
  Kept& kept_;
};

Intake intake(Kept& kept, std::uint64_t file = 1000, std::uint64_t budget = 1000) {
  return Intake{"audio/mpeg", {file, budget}, [&]() -> Result<std::unique_ptr<MediaWriter>> {
                  ++kept.opened;
                  return std::make_unique<Writer>(kept);
                }};
}

const MediaHead audio{200, "audio/mpeg", {}, {}};

TEST(Intake, OpensNothingBeforeTheBeginningIsKnown) {
  Kept kept;
  Intake in = intake(kept);
  for (const char c : page) {
    if (!in.take(audio, {&c, 1})) break;
    EXPECT_EQ(kept.opened, 0);
  }
  EXPECT_FALSE(in.refusal().empty());
  EXPECT_EQ(kept.opened, 0);
}

TEST(Intake, KeepsWhatCameByteByByteAndWhatIsVeryShort) {
  Kept kept;
  Intake in = intake(kept);
  for (const char c : mp3) ASSERT_TRUE(in.take(audio, {&c, 1}));
  EXPECT_TRUE(in.keep());
  EXPECT_EQ(kept.bytes, mp3);
  Kept brief;
  Intake small = intake(brief);
  ASSERT_TRUE(small.take(audio, "ID3"));
  EXPECT_TRUE(small.keep());
  EXPECT_EQ(brief.bytes, "ID3");
  EXPECT_EQ(small.bytes(), 3u);
}

TEST(Intake, TakesNoMoreThanThereIsRoomForAndSaysWhichRoom) {
  Kept kept;
  Intake announced = intake(kept, 1000, 100);
  EXPECT_FALSE(announced.take({200, "audio/mpeg", {}, 101}, "ID3"));
  EXPECT_TRUE(announced.over_budget());
  Intake grows = intake(kept, 1000, 30);
  EXPECT_TRUE(grows.take(audio, mp3));
  EXPECT_FALSE(grows.take(audio, mp3));
  EXPECT_TRUE(grows.over_budget());
  Intake large = intake(kept, 30, 1000);
  EXPECT_FALSE(large.take({200, "audio/mpeg", {}, 31}, "ID3"));
  EXPECT_THAT(large.refusal(), HasSubstr("more than 30 bytes"));
  EXPECT_FALSE(large.over_budget());
  EXPECT_EQ(kept.kept, 0);
}

TEST(Intake, TellsAFullDiskFromAWrongAnswer) {
  Kept kept;
  kept.full = true;
  Intake in = intake(kept);
  EXPECT_FALSE(in.take(audio, mp3));
  ASSERT_TRUE(in.error());
  EXPECT_EQ(in.error()->code, Code::sink_failed);
  EXPECT_EQ(in.refusal(), "");
}

}  // namespace
}  // namespace callrail
