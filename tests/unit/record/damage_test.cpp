// Recordings come from elsewhere: with a bug report, over a bad line, from somebody who means harm.
#include "recording_in_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

namespace callrail::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string header_text =
    R"({"callrail_recording":1,"program":"9.9.9","schema":"0","began_at":0,"options":{}})"
    "\n";
const std::string answer_text = R"({"url":"/a","at":0,"status":200,"body":"{}"})"
                                "\n";

std::string what_is_wrong(const std::string& bytes, std::uint64_t most = 1u << 20) {
  const auto recording = Recording::parse(bytes, "x.rec", most);
  if (!recording) {
    EXPECT_EQ(recording.error().code, Code::bad_request);
    return recording.error().what;
  }
  for (std::size_t i = 0; i < recording->answers(); ++i) {
    const auto answer = recording->answer(i);
    if (!answer) return answer.error().what;
  }
  return {};
}

TEST(ADamagedRecording, ThatIsCutIsReadUpToThere) {
  const TestFolder folder;
  const std::string whole = small_recording(folder);
  const std::size_t first = pack(header_text).size();
  std::size_t answers = 0;
  for (std::size_t size = whole.size() - 1; size > first + 200; --size) {
    const auto cut = Recording::parse(std::string_view{whole}.substr(0, size), "x.rec");
    ASSERT_TRUE(cut) << size << ": " << cut.error().what;
    ASSERT_EQ(cut->warnings().size(), 1u) << size;
    EXPECT_THAT(cut->warnings()[0], HasSubstr("x.rec: is cut at byte " + std::to_string(size)))
        << size;
    for (std::size_t i = 0; i < cut->answers(); ++i) ASSERT_TRUE(cut->answer(i));
    answers = std::max(answers, cut->answers());
  }
  EXPECT_EQ(answers, 3u);
}

TEST(ADamagedRecording, ThatIsCutInItsFirstLineSaysSo) {
  const std::string header = pack(header_text);
  EXPECT_THAT(what_is_wrong(""), AllOf(HasSubstr("x.rec"), HasSubstr("empty")));
  for (std::size_t size = 1; size < header.size(); ++size)
    ASSERT_THAT(what_is_wrong(header.substr(0, size)),
                AllOf(HasSubstr("x.rec: byte "), HasSubstr("first line")));
}

TEST(ADamagedRecording, WithAFlippedBitNamesTheByteOrGivesTheSameAnswers) {
  const TestFolder folder;
  const std::string whole = small_recording(folder);
  std::size_t noticed = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto recording = Recording::parse(flipped, "x.rec");
    if (!recording) {
      ++noticed;
      EXPECT_THAT(recording.error().what, MatchesRegex("x.rec: .*byte [0-9]+: .*")) << bit;
      continue;
    }
    // A few bits of a gzip header mean nothing: the time, the operating system. A length that
    // became too long reads on to the end of the file, as if it had been cut.
    if (recording->warnings().empty()) {
      ASSERT_EQ(recording->answers(), 3u) << bit;
      EXPECT_EQ(recording->answer(1)->result->body.text(), "{\"tags\":[1]}") << bit;
    }
  }
  EXPECT_GT(noticed, whole.size() * 4);
}

TEST(ADamagedRecording, ThatIsSomethingElseSaysSo) {
  EXPECT_THAT(what_is_wrong("id,name\r\n1,x\r\n"),
              AllOf(HasSubstr("x.rec: is no recording: byte "),
                    HasSubstr("; name a file that a run wrote with --record")));
  for (const auto* text : {"hello\n", "{}\n", "[1]\n", "{\"callrail_recording\":\"1\"}\n", "",
                           "{\"callrail_recording\":1}"})
    EXPECT_THAT(what_is_wrong(pack(text)),
                AllOf(HasSubstr("x.rec: byte 0: is no recording"), HasSubstr("with --record")))
        << text;
  const auto nowhere = Recording::open("/nowhere/x.rec");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().what,
            "/nowhere/x.rec: cannot be read: No such file or directory; name a file that a run "
            "wrote with --record");
}

TEST(ADamagedRecording, OfAnotherFormatNamesTheProgramThatReadsIt) {
  EXPECT_THAT(
      what_is_wrong(pack("{\"callrail_recording\":2,\"program\":\"3.0.0\",\"new\":{\"a\":[]}}\n")),
      AllOf(HasSubstr("has format 2"), HasSubstr("reads format 1"),
            HasSubstr("callrail-batch 3.0.0")));
}

TEST(ADamagedRecording, WithALineThatIsNoneNamesTheByteWhereItBegins) {
  const std::string before = pack(header_text) + pack(answer_text);
  const std::string place = "x.rec: byte " + std::to_string(before.size()) + ": ";
  for (const auto* line :
       {"", "\n", "{}\n", "nonsense\n", "{\"url\":\"/a\"}\n", "{\"url\":\"/a\",\"status\":200\n",
        "{\"url\":\"/a\",\"status\":2e400,\"body\":\"\"}\n", "{\"url\":\"/a\",\"status\":200}x\n",
        "{\"url\":1,\"status\":200}\n", "{\"url\":\"/a\",\"status\":200,\"error\":\"x\"}\n",
        "{\"url\":\"/a\",\"status\":99999999999}\n", "{\"url\":\"/a\",\"status\":200,\"at\":-1}\n",
        "{\"url\":\"\\ud800\",\"status\":200}\n",
        "{\"url\":\"/a\",\"error\":\"x\",\"code\":\"y\"}\n",
        "{\"url\":\"/a\",\"status\":200}\n{\"url\":\"/a\",\"status\":200}\n", "{\"end\":7}\n",
        "{\"url\":\"/a\",\"status\":200,\"at\":9999999999999999}\n",
        "{\"callrail_recording\":1}\n"})
    EXPECT_THAT(what_is_wrong(before + pack(line)), HasSubstr(place)) << line;
}

TEST(ADamagedRecording, WithABodyThatCannotBeReadSaysSoWhenItIsAskedFor) {
  for (const auto* body : {"\"body\":\"\\ud800\"", "\"body\":\"\\x\"", "\"body_base64\":\"a\"",
                           "\"body_base64\":\"\xff\xff\xff\xff\""})
    EXPECT_THAT(what_is_wrong(pack(header_text) +
                              pack("{\"url\":\"/a\",\"status\":200," + std::string{body} + "}\n")),
                HasSubstr("x.rec: byte " + std::to_string(pack(header_text).size())))
        << body;
}

TEST(ADamagedRecording, ThatGoesOnAfterItsEndSaysSo) {
  const std::string whole = pack(header_text) + pack(answer_text) + pack("{\"end\":1}\n");
  EXPECT_EQ(what_is_wrong(whole), "");
  for (const auto& more : {pack(answer_text), pack(answer_text).substr(0, 9)})
    EXPECT_THAT(what_is_wrong(whole + more), HasSubstr("goes on after its end"));
  // zlib looks at two bytes before it says that they begin nothing.
  EXPECT_THAT(what_is_wrong(whole + "more"),
              HasSubstr("x.rec: byte " + std::to_string(whole.size() + 2)));
}

TEST(ADamagedRecording, WithALineBeyondTheLimitIsRefusedWithoutUnpackingIt) {
  const std::string before = pack(header_text);
  std::string huge = "{\"url\":\"/a\",\"status\":200,\"body\":\"";
  std::mt19937 random{1};
  while (huge.size() < (2u << 20)) huge += static_cast<char>('a' + random() % 26);
  EXPECT_THAT(what_is_wrong(before + pack(huge + "\"}\n")),
              AllOf(HasSubstr("byte " + std::to_string(before.size())),
                    HasSubstr("larger than 1048576 bytes")));
}

/// What nobody's packer writes: here by zlib itself, without the packer's care.
TEST(ADamagedRecording, ThatIsABombIsRefused) {
  const std::string blanks(20u << 20, ' ');
  const std::string bomb = "{\"url\":\"/a\",\"status\":200,\"body\":\"" + blanks + "\"}\n";
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(1u << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bomb.data()));
  stream.avail_in = static_cast<uInt>(bomb.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  EXPECT_THAT(what_is_wrong(pack(header_text) + packed, Recording::most_unpacked),
              HasSubstr("as no answer does"));
}

TEST(ADamagedRecording, MadeOfAnyLinesIsNoDanger) {
  std::mt19937 random{3};
  for (int round = 0; round < 3000; ++round) {
    std::string line = round % 2 == 0 ? header_text : answer_text;
    for (std::size_t n = 1 + random() % 4; n != 0; --n) {
      constexpr std::string_view bytes = "{}[]:,\"\\0-9e\n\xff";
      line[random() % line.size()] = bytes[random() % bytes.size()];
    }
    const std::string bytes =
        round % 2 == 0 ? pack(line) : pack(header_text) + pack(line) + pack(answer_text);
    (void)what_is_wrong(bytes);
  }
}

TEST(ADamagedRecording, ThatIsNoFileSaysSo) {
  EXPECT_THAT(Recording::open("no/such.rec").error().what,
              HasSubstr("no/such.rec: cannot be read"));
  EXPECT_THAT(Recording::open("/dev/null").error().what, HasSubstr("not a plain file"));
  EXPECT_THAT(Recording::open("/").error().what, HasSubstr("/: "));
}

}  // namespace
}  // namespace callrail::test
