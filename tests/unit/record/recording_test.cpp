#include "recording_in_tests.hpp"
#include "sink/failing_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <sys/stat.h>

namespace callrail::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ARecording : public testing::Test {
 protected:
  std::unique_ptr<RecordingWriter> create(FileSystem& files = real_files()) {
    auto writer = RecordingWriter::create(path, small_header(), redaction, files);
    EXPECT_TRUE(writer) << writer.error().what;
    return writer ? *std::move(writer) : nullptr;
  }
  Recording read() {
    auto recording = Recording::open(path);
    EXPECT_TRUE(recording) << recording.error().what;
    return *std::move(recording);
  }

  TestFolder folder;
  std::string path = folder / "run.rec";
  Redaction redaction{.key = canary, .secret_names = {"signing_key"}};
};

TEST_F(ARecording, GivesBackEveryPartOfAnAnswer) {
  const std::string body = "{ \"error\" : \"é \\ud83d\\ude00 \\\"x\\\"\"\n}\r\n\t";
  Response sent = plain_response(429, body);
  sent.retry_after = "Tue, 10 Mar 2026 12:05:00 GMT";
  sent.location = "https://elsewhere.example.com/x";
  sent.hour_allowed = 1000, sent.hour_used = 999, sent.day_allowed = 10'000, sent.day_used = 0;
  sent.wire_bytes = 12;
  auto writer = create();
  ASSERT_TRUE(
      writer->add("/v3/tags.json?a=%20b", noon() + std::chrono::seconds{5}, std::move(sent)));
  ASSERT_TRUE(writer->finish());

  const Recording recording = read();
  EXPECT_THAT(recording.warnings(), IsEmpty());
  ASSERT_THAT(recording.of("/v3/tags.json?a=%20b"), ElementsAre(0));
  const auto answer = recording.answer(0);
  ASSERT_TRUE(answer && answer->result);
  const Response& got = *answer->result;
  EXPECT_EQ(answer->at, noon() + std::chrono::seconds{5});
  EXPECT_EQ(got.status, 429);
  EXPECT_EQ(got.body.text(), body);
  EXPECT_EQ(got.content_type, "application/json");
  EXPECT_EQ(got.retry_after, "Tue, 10 Mar 2026 12:05:00 GMT");
  EXPECT_EQ(got.location, "https://elsewhere.example.com/x");
  EXPECT_EQ(got.hour_allowed, 1000);
  EXPECT_EQ(got.hour_used, 999);
  EXPECT_EQ(got.day_allowed, 10'000);
  EXPECT_EQ(got.day_used, 0);
  EXPECT_EQ(got.wire_bytes, 12u);
}

TEST_F(ARecording, KeepsWhatIsAbsentAbsent) {
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(204, "")));
  ASSERT_TRUE(writer->finish());
  const auto answer = read().answer(0);
  ASSERT_TRUE(answer && answer->result);
  EXPECT_FALSE(answer->result->retry_after);
  EXPECT_FALSE(answer->result->day_used);
  EXPECT_TRUE(answer->result->body.empty());
}

TEST_F(ARecording, GivesBackBytesThatAreNoText) {
  std::string bytes = "{\"a\":\"\xff\xfe";
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, bytes)));
  ASSERT_TRUE(writer->add("/nul", noon(), plain_response(200, std::string{"a\0b", 3})));
  ASSERT_TRUE(writer->finish());
  const Recording recording = read();
  EXPECT_EQ(recording.answer(0)->result->body.text(), bytes);
  EXPECT_EQ(recording.answer(1)->result->body.text(), std::string_view("a\0b", 3));
}

TEST_F(ARecording, GivesBackErrorsOfTheNetwork) {
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), std::unexpected(NetworkError{"connection reset"})));
  ASSERT_TRUE(writer->add("/b", noon(),
                          std::unexpected(NetworkError{"too large", true, Code::bad_answer})));
  ASSERT_TRUE(writer->finish());
  const Recording recording = read();
  const auto reset = recording.answer(0), large = recording.answer(1);
  ASSERT_TRUE(reset && !reset->result && large && !large->result);
  EXPECT_EQ(reset->result.error().what, "connection reset");
  EXPECT_FALSE(reset->result.error().final);
  EXPECT_EQ(reset->result.error().code, Code::try_later);
  EXPECT_TRUE(large->result.error().final);
  EXPECT_EQ(large->result.error().code, Code::bad_answer);
}

TEST_F(ARecording, KeepsTheOrderOfAnswersToOneAddress) {
  auto writer = create();
  for (const auto* target : {"/a", "/b", "/a", "/a"})
    ASSERT_TRUE(writer->add(target, noon(), plain_response(200, "{}")));
  ASSERT_TRUE(writer->finish());
  const Recording recording = read();
  EXPECT_EQ(recording.answers(), 4u);
  EXPECT_THAT(recording.of("/a"), ElementsAre(0, 2, 3));
  EXPECT_THAT(recording.of("/c"), IsEmpty());
}

TEST_F(ARecording, TellsWhatTheRunAsked) {
  ASSERT_TRUE(create()->finish());
  const Recording recording = read();
  EXPECT_EQ(recording.header().program, "9.9.9");
  EXPECT_EQ(recording.header().schema, "0123456789abcdef");
  EXPECT_EQ(recording.header().began_at, noon());
  EXPECT_EQ(recording.header().options, small_header().options);
}

TEST_F(ARecording, IsLinesOfJsonForOtherTools) {
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, "{\"x\":\n[1]}")));
  ASSERT_TRUE(writer->finish());
  std::istringstream lines{unpack(content(path))};
  std::vector<nlohmann::json> read;
  for (std::string line; std::getline(lines, line);) read.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0]["callrail_recording"], 1);
  EXPECT_EQ(read[0]["options"]["days"][0], "7");
  EXPECT_EQ(read[1]["url"], "/a");
  EXPECT_EQ(nlohmann::json::parse(read[1]["body"].get<std::string>())["x"][0], 1);
  EXPECT_EQ(read[2]["end"], 1);
}

TEST_F(ARecording, HoldsNeitherTheKeyNorSecrets) {
  RecordingHeader header = small_header();
  header.options["account-id"] = {canary};
  auto writer = RecordingWriter::create(path, header, redaction);
  ASSERT_TRUE(writer);
  Response everywhere = plain_response(200, "{\"signing_key\":\"canarysecret\",\"a\":\"" + canary +
                                                "\",\"id\":\"CAL" + canary.substr(0, 5) + "1\"}");
  everywhere.content_type = canary;
  everywhere.retry_after = canary;
  everywhere.location = "https://example.com/?key=" + canary;
  ASSERT_TRUE((*writer)->add("/a?k=" + canary, noon(), std::move(everywhere)));
  ASSERT_TRUE((*writer)->add("/b", noon(), plain_response(401, "<p>" + canary + "</p>")));
  ASSERT_TRUE(
      (*writer)->add("/c", noon(), plain_response(200, "\xff{\"signing_key\":\"canarysecret")));
  ASSERT_TRUE((*writer)->add("/d", noon(), std::unexpected(NetworkError{"refused " + canary})));
  ASSERT_TRUE((*writer)->finish());
  const std::string lines = unpack(content(path));
  EXPECT_THAT(lines, AllOf(Not(HasSubstr(canary.substr(0, 5))), Not(HasSubstr("9vjh")),
                           Not(HasSubstr("canary")), HasSubstr("[removed]"), HasSubstr("[key]")));
  // An id that happens to begin like the key is still that id.
  EXPECT_THAT(read().answer(0)->result->body.text(), HasSubstr("\"CALzqkx71\""));
  EXPECT_THAT(read().answer(2)->result->body.text(), Not(HasSubstr("canarysecret")));
}

TEST_F(ARecording, IsForItsOwnerAlone) {
  create();
  EXPECT_EQ(mode(path), 0600u);
}

TEST_F(ARecording, TakesThePlaceOfAnEarlierOneAndOfNothingElse) {
  create();
  put(folder / "empty", "");
  put(folder / "calls.csv", "id,name\r\n");
  ::chmod(path.c_str(), 0644);
  create();
  EXPECT_EQ(mode(path), 0600u);
  EXPECT_TRUE(RecordingWriter::create(folder / "empty", small_header(), redaction));
  const auto refused = RecordingWriter::create(folder / "calls.csv", small_header(), redaction);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::bad_request);
  EXPECT_THAT(refused.error().what, HasSubstr("no recording"));
  EXPECT_EQ(content(folder / "calls.csv"), "id,name\r\n");
  for (const auto* bad : {"/dev/null", "no/such/folder/run.rec"})
    EXPECT_FALSE(RecordingWriter::create(bad, small_header(), redaction)) << bad;
  EXPECT_FALSE(RecordingWriter::create(folder.path(), small_header(), redaction));
}

TEST_F(ARecording, ReplacesALinkAndNotWhatItLeadsTo) {
  put(folder / "precious", "x");
  std::filesystem::create_symlink(folder / "precious", path);
  create();
  EXPECT_EQ(content(folder / "precious"), "x");
  EXPECT_FALSE(std::filesystem::is_symlink(path));
}

TEST_F(ARecording, OfARunThatWasKilledHoldsEveryAnswerItTook) {
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, "{}")));
  // Nobody finishes it.
  const Recording recording = read();
  EXPECT_EQ(recording.answers(), 1u);
  EXPECT_THAT(recording.warnings(), ElementsAre(HasSubstr("is cut at byte")));
}

TEST_F(ARecording, SaysSoWhenTheDiskIsFullAndStopsThere) {
  FailingFiles files;
  auto writer = create(files);
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, "{}")));
  files.space = 10;
  const auto failed = writer->add("/b", noon(), plain_response(200, "{}"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::sink_failed);
  EXPECT_THAT(failed.error().what, AllOf(HasSubstr("run.rec"), HasSubstr("no space left")));
  files.space = 1'000'000;
  EXPECT_FALSE(writer->add("/c", noon(), plain_response(200, "{}")));
  EXPECT_FALSE(writer->status());
  EXPECT_FALSE(writer->finish());
  // What came before is still a recording.
  EXPECT_EQ(read().answers(), 1u);
}

TEST_F(ARecording, SaysSoWhenItCannotBeMadeDurable) {
  FailingFiles files;
  files.fail_call = "sync";
  EXPECT_FALSE(create(files)->finish());
}

TEST_F(ARecording, IsWrittenWholeHoweverLittleTheSystemTakesAtOnce) {
  FailingFiles files;
  files.most_at_once = 3;
  files.interrupt = true;
  auto writer = create(files);
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, "{\"a\":1}")));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(read().answer(0)->result->body.text(), "{\"a\":1}");
}

TEST_F(ARecording, OfPagesThatPackTooWellCanStillBeRead) {
  const std::string blanks = "[" + std::string(12u << 20, ' ') + "]";
  auto writer = create();
  ASSERT_TRUE(writer->add("/a", noon(), plain_response(200, blanks)));
  ASSERT_TRUE(writer->finish());
  const auto answer = read().answer(0);
  ASSERT_TRUE(answer && answer->result);
  EXPECT_EQ(answer->result->body.text(), blanks);
}

}  // namespace
}  // namespace callrail::test
