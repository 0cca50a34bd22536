#include "test_folder.hpp"

#include <callrail/manifest.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace callrail {
namespace {

using namespace test;
using testing::HasSubstr;

Manifest example() {
  Manifest manifest;
  manifest.put({.file = "sales.csv",
                .table = "sales",
                .rows = 12,
                .bytes = 345,
                .sha256 = std::string(64, 'a'),
                .replaces = std::string(64, 'b'),
                .from = {.program = "callrail-batch 1",
                         .began_at = "2026-03-10T12:00:00Z",
                         .options = {{"endpoints", "sales"}, {"fields", "id,\"x\""}}},
                .proof = {.proof = Proof::proven_with_churn,
                          .windows = {{.scope = "ACC1",
                                       .from = "2026-01-01",
                                       .to = "2026-02-01T00:00",
                                       .zone = "user",
                                       .rows = 12,
                                       .announced = 12,
                                       .proof = Proof::proven_with_churn,
                                       .why = "the list changed \"a lot\""}}}});
  manifest.put({.file = "a.csv",
                .table = "a",
                .rows = 0,
                .bytes = 4,
                .sha256 = std::string(64, 'c'),
                .replaces = {},
                .from = {},
                .proof = {}});
  return manifest;
}

TEST(TheManifest, SumsUpListsThatAreTooManyToBeNamed) {
  Manifest manifest = example();
  ManifestFile visits = *manifest.find("sales.csv");
  visits.file = "visits.csv";
  visits.proof.sum = ListSum{.lists = 50'000,
                             .rows = 70'000,
                             .windows = {49'000, 1, 999, 0},
                             .unread = 0,
                             .unknown = 998,
                             .left_out = 3,
                             .doubtful = 2,
                             .announced = 0,
                             .counted = false};
  manifest.put(visits);
  const std::string text = manifest_text(manifest);
  EXPECT_THAT(text, HasSubstr(R"("sum": { "lists": 50000, "rows": 70000, "proven": 49000, )"
                              R"("proven with churn": 1, "unproven": 999, "contradicted": 0, )"
                              R"("unread": 0, "unknown": 998, "left_out": 3, "doubtful": 2})"));
  const auto read = parse_manifest(text);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->find("visits.csv")->proof.sum, visits.proof.sum);
  EXPECT_FALSE(read->find("sales.csv")->proof.sum);
  EXPECT_EQ(manifest_text(*read), text);
}

TEST(TheManifest, ReadsBackAsItWasWritten) {
  const auto read = parse_manifest(manifest_text(example()));
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->files.size(), 2u);
  EXPECT_EQ(read->files[0].file, "a.csv");  // in the order of names
  EXPECT_FALSE(read->files[0].proof.proof);
  const ManifestFile& sales = *read->find("sales.csv");
  EXPECT_EQ(sales.rows, 12u);
  EXPECT_EQ(sales.replaces, std::string(64, 'b'));
  EXPECT_EQ(sales.from.options[1].second, "id,\"x\"");
  EXPECT_EQ(sales.proof.proof, Proof::proven_with_churn);
  ASSERT_EQ(sales.proof.windows.size(), 1u);
  EXPECT_EQ(sales.proof.windows[0].why, "the list changed \"a lot\"");
  EXPECT_EQ(manifest_text(*read), manifest_text(example()));
}

TEST(TheManifest, IsJsonForOthers) {
  const auto json = nlohmann::json::parse(manifest_text(example()));
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["files"][1]["proof"], "proven with churn");
  EXPECT_EQ(json["files"][1]["windows"][0]["announced"], 12);
  EXPECT_TRUE(json["files"][0]["proof"].is_null());
  EXPECT_EQ(nlohmann::json::parse(manifest_text({}))["files"].size(), 0u);
}

TEST(TheManifest, HasOneEntryForAFile) {
  Manifest manifest = example();
  ManifestFile again = *manifest.find("sales.csv");
  again.rows = 13;
  manifest.put(again);
  EXPECT_EQ(manifest.files.size(), 2u);
  EXPECT_EQ(manifest.find("sales.csv")->rows, 13u);
}

TEST(TheManifest, IsEmptyWhereThereIsNone) {
  const TestFolder folder;
  const auto manifest = read_manifest(folder.path());
  ASSERT_TRUE(manifest);
  EXPECT_TRUE(manifest->files.empty());
}

TEST(TheManifest, SaysWhatIsWrongWithOneThatIsDamaged) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\"format\": 1", "cannot be read"},
      {"[]", "no format and files"},
      {R"({"format": 2, "files": []})", "of format 2"},
      {R"({"format": 1, "files": [7]})", "no object"},
      {R"({"format": 1, "files": [{"file": "a.csv"}]})", "lacks"},
      {R"({"format": 1, "files": [{"file": "../a.csv", "rows": 1, "bytes": 1, "windows": [],
          "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]})",
       "lacks"}};
  for (const auto& [text, why] : cases) {
    const auto read = parse_manifest(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::bad_answer);
    EXPECT_THAT(read.error().what, HasSubstr(why)) << text;
  }
}

TEST(Sha256, IsTheOneEverybodyComputes) {
  Sha256 hash;
  EXPECT_EQ(hash.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  hash.add("a");
  hash.add("bc");
  EXPECT_EQ(hash.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace callrail
