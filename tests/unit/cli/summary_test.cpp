#include "summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace callrail::cli {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Summary example() {
  EndpointSummary sales;
  sales.name = "sales";
  sales.rows = 5000;
  sales.announced = 5000;
  sales.counted = true;
  sales.proof = Proof::proven;
  sales.windows = {{.scope = "S1",
                    .from = "2024-10-22",
                    .to = "2026-11-21",
                    .zone = "user",
                    .rows = 5000,
                    .announced = 5000,
                    .proof = Proof::proven,
                    .why = {}}};
  sales.repeated = 2;
  sales.requests = 21;
  sales.retries = 1;
  sales.bytes = 1'234'567;
  sales.took = milliseconds{1900};
  sales.file = "data/sales.csv";
  sales.window = "2024-10-22..2026-11-21 user";
  sales.warnings = {"slow"};
  sales.drift.unknown_fields["zip"] = {212, "\"30309\""};
  EndpointSummary shops;
  shops.name = "shops";
  shops.outcome = Outcome::skipped;
  shops.reason = "403 Forbidden";
  shops.code = Code::forbidden;
  shops.requests = 1;
  Summary summary;
  summary.endpoints = {sales, shops};
  summary.took = milliseconds{12'300};
  summary.traffic = {.requests = 22,
                     .retries = 1,
                     .wire_bytes = 400'000,
                     .refused_429 = 1,
                     .waited_for_limits = milliseconds{500},
                     .waited_for_retries = milliseconds{1600}};
  return summary;
}

TEST(TheSummary, TellsWhatBecameOfTheRowsInEachDatabase) {  // B34
  Summary summary = example();
  summary.endpoints[0].stored = {
      {"a.db", {.created = 3, .updated = 1, .unchanged = 4990, .rejected = 6, .removed = 2}},
      {"b.db", {.created = 5000}}};
  summary.endpoints[1].stored = {{"a.db", {.warnings = 9}}, {"b.db", {}}};
  const auto lines = summary_lines(summary);
  EXPECT_THAT(
      lines, Contains("a.db   created  updated  unchanged  rejected  removed  returned  warnings"));
  EXPECT_THAT(
      lines,
      Contains(
          "sales        3        1       4990         6        2         0         0  (1.9 s)"));
  EXPECT_THAT(
      lines,
      Contains(
          "total        3        1       4990         6        2         0         9  (12.3 s)"));
  EXPECT_THAT(lines, Contains(HasSubstr("b.db")));
  EXPECT_THAT(lines, Contains("records 5000, repeated 2, rejected 6, errors 1, warnings 10"));

  const auto json = nlohmann::json::parse(
      summary_json(summary, {"1", 0, "", false}, [](auto text) { return std::string{text}; }));
  EXPECT_EQ(json["stored"][0]["database"], "a.db");
  EXPECT_EQ(json["stored"][0]["unchanged"], 4990);
  EXPECT_EQ(json["stored"][0]["warnings"], 9);
  EXPECT_EQ(json["rejected"], 6);
  EXPECT_EQ(json["warnings"], 10);
  EXPECT_EQ(json["endpoints"][0]["stored"][1]["created"], 5000);
}

TEST(TheSummary, IsAnAlignedTableAndTotals) {
  EXPECT_THAT(
      summary_lines(example()),
      ElementsAre(
          "sales: unknown field \"zip\" in 212 rows, e.g. \"30309\"",
          "endpoint  records  requests  retries   time    bytes  state     proof   file or reason",
          "sales        5000        21        1  1.9 s  1234567  complete  proven  data/sales.csv",
          "shops           0         1        0  0.0 s        0  skipped   -       403 Forbidden",
          "total time 12.3 s, endpoints 1 ok, 0 failed, 1 skipped",
          "records 5000, repeated 2, errors 1, warnings 1",
          "requests 22, retries 1, waited 2.1 s (limits 0.5 s, retries 1.6 s)",
          "received 400.0 kB, written 1.2 MB"));
}

TEST(TheSummary, CallsAFieldGoneThatNoRowHas) {
  Drift drift;
  drift.rows = 500;
  drift.missing_fields["a"] = {500, ""};
  drift.missing_fields["b"] = {499, ""};
  drift.missing_fields["c.d"] = {800, ""};
  EXPECT_THAT(drift_lines("sales", drift),
              ElementsAre("sales: a field is gone, in none of 500 rows: a",
                          "sales: missing field \"c.d\" in 800 rows",
                          "sales: missing field \"b\" in 499 rows"));
  drift.missing_fields["e"] = {500, ""};
  EXPECT_EQ(drift_lines("sales", drift).front(),
            "sales: 2 fields are gone, in none of 500 rows: a, e");
}

TEST(TheSummary, NamesWhatIsNotKeptBecauseItSoundsLikeACredential) {
  Drift drift;
  drift.withheld["api_token"] = {3, ""};
  drift.withheld["hook.secret"] = {2, ""};
  EXPECT_TRUE(drift.empty());
  EXPECT_THAT(drift_lines("sales", drift),
              ElementsAre("sales: 5 values not kept in _extra, their names sound like credentials: "
                          "api_token, hook.secret"));
}

TEST(TheSummary, TellsOfEverySortOfDrift) {
  Drift drift;
  drift.missing_fields["a"] = {1, ""};
  drift.unknown_values["b=c"] = {2, "\"c\""};
  drift.changed_types["d"] = {3, "{}"};
  drift.repeated_fields["e"] = {4, "1"};
  drift.broken_formats["f"] = {5, "\"x\""};
  EXPECT_THAT(drift_lines("sales", drift),
              ElementsAre("sales: missing field \"a\" in 1 rows",
                          "sales: unknown value \"b=c\" in 2 rows, e.g. \"c\"",
                          "sales: changed type of \"d\" in 3 rows, e.g. {}",
                          "sales: repeated field \"e\" in 4 rows, e.g. 1",
                          "sales: unusual format of \"f\" in 5 rows, e.g. \"x\""));
}

TEST(TheSummary, CallsAFilePartialThatLacksRefusedAccounts) {
  Summary summary;
  EndpointSummary sales;
  sales.name = "sales";
  sales.outcome = Outcome::skipped;
  sales.reason = "S2: 403 Forbidden";
  sales.file = "data/sales.csv";
  summary.endpoints.push_back(sales);
  const auto lines = summary_lines(summary);
  EXPECT_THAT(lines.at(1),
              AllOf(HasSubstr("partial"), HasSubstr("data/sales.csv; S2: 403 Forbidden")));
}

TEST(TheSummary, NamesFieldsThatAreMissingTogetherInOneLine) {
  Drift drift;
  for (const char* name : {"a", "b", "c"}) drift.missing_fields[name] = {9, ""};
  drift.missing_fields["d"] = {2, ""};
  EXPECT_THAT(drift_lines("sales", drift), ElementsAre("sales: 3 fields missing in 9 rows: a, b, c",
                                                       "sales: missing field \"d\" in 2 rows"));
}

Summary with_media() {
  Summary summary = example();
  MediaSummary media;
  media.where = "audio";
  media.fetched = 12;
  media.bytes = 3'400'000;
  media.here = 5;
  media.missing = 2;
  media.failed = 1;
  media.left = 7;
  media.requests = 15;
  media.used_up = "15 requests";
  media.failures = {"sales tape of S9: 503"};
  media.took = milliseconds{2500};
  summary.media = media;
  return summary;
}

TEST(TheSummary, TellsOfTheFilesBehindRows) {
  const auto lines = summary_lines(with_media());
  EXPECT_THAT(lines, Contains("recordings in audio: 12 fetched (3.4 MB), 5 here before, 2 missing "
                              "at the API, 1 failed, 7 left, 15 requests"));
  EXPECT_THAT(lines, Contains("  sales tape of S9: 503"));
  EXPECT_THAT(lines, Contains(HasSubstr("the same command goes on with the 7 left")));
  for (const std::string& line : summary_lines(example()))
    EXPECT_EQ(line.find("recordings"), line.npos);
}

TEST(TheSummaryAsJson, TellsOfTheFilesBehindRows) {
  const auto keep = [](std::string_view text) { return std::string{text}; };
  const auto json =
      nlohmann::json::parse(summary_json(with_media(), {"0.1.0", 1, "x", false}, keep));
  EXPECT_EQ(json["recordings"], nlohmann::json::parse(R"(
    { "folder": "audio", "tried": true, "fetched": 12, "bytes": 3400000, "here": 5, "missing": 2,
      "failed": 1, "left": 7, "requests": 15, "seconds": 2.5, "used_up": "15 requests",
      "failures": ["sales tape of S9: 503"] })"));
}

// The names are a contract: scripts read them.
TEST(TheSummaryAsJson, HasTheSameNumbers) {
  const auto keep = [](std::string_view text) { return std::string{text}; };
  const auto json = nlohmann::json::parse(
      summary_json(example(), {"0.1.0", 1, "1 of 2 endpoints not read", false}, keep));
  EXPECT_EQ(json, nlohmann::json::parse(R"({
    "program": "callrail-batch", "version": "0.1.0", "exit_code": 1,
    "error": "1 of 2 endpoints not read", "dry_run": false, "seconds": 12.3,
    "endpoints_ok": 1, "endpoints_failed": 0, "endpoints_skipped": 1, "errors": 1,
    "rows": 5000, "repeated": 2, "rejected": 0, "warnings": 1, "requests": 22, "retries": 1, "refused_429": 1,
    "waited_seconds": 2.1, "waited_for_limits_seconds": 0.5, "waited_for_retries_seconds": 1.6,
    "bytes": 1234567, "received_bytes": 400000, "recordings": null, "stored": [], "warning_texts": [],
    "endpoints": [
      { "name": "sales", "state": "complete", "reason": null, "rows": 5000, "announced": 5000,
        "proof": "proven", "count_differs": false, "resumed": false, "repeated": 2, "requests": 21, "retries": 1, "seconds": 1.9, "bytes": 1234567,
        "file": "data/sales.csv", "window": "2024-10-22..2026-11-21 user",
        "windows": [{ "scope": "S1", "from": "2024-10-22", "to": "2026-11-21", "rows": 5000,
                      "announced": 5000, "proof": "proven", "why": null }], "stored": [], "warnings": ["slow"],
        "drift": { "unknown_fields": { "zip": { "count": 212, "example": "\"30309\"" } },
                   "missing_fields": {}, "unknown_values": {}, "changed_types": {},
                   "broken_formats": {}, "repeated_fields": {}, "withheld": {},
                   "null_since": {}, "id_forms": {} } },
      { "name": "shops", "state": "skipped", "reason": "403 Forbidden", "rows": 0,
        "announced": null, "proof": null, "count_differs": false, "resumed": false, "repeated": 0, "requests": 1, "retries": 0, "seconds": 0, "bytes": 0,
        "file": null, "window": null, "windows": [], "stored": [], "warnings": [],
        "drift": { "unknown_fields": {}, "missing_fields": {}, "unknown_values": {},
                   "changed_types": {}, "broken_formats": {}, "repeated_fields": {}, "withheld": {},
                   "null_since": {}, "id_forms": {} } }
    ] })"));
}

TEST(TheSummaryAsJson, MarksListsThatDoNotAddUp) {
  const auto keep = [](std::string_view text) { return std::string{text}; };
  Summary summary = example();
  summary.endpoints.front().proof = Proof::contradicted;
  summary.endpoints.front().announced = 5001;
  const auto json = nlohmann::json::parse(summary_json(summary, {"0.1.0", 7, "x", false}, keep));
  EXPECT_TRUE(json["endpoints"][0]["count_differs"]);
}

TEST(TheSummaryAsJson, CleansEveryText) {
  const auto hide = [](std::string_view text) {
    return text.empty() ? std::string{} : std::string{"*"};
  };
  const std::string json = summary_json(example(), {"0.1.0", 0, "", false}, hide);
  for (const auto* text : {"slow", "30309", "403", "data/", "zip"})
    EXPECT_EQ(json.find(text), json.npos) << text;
  EXPECT_TRUE(nlohmann::json::accept(json));
}

TEST(TheSummaryAsJson, IsValidWithoutEndpoints) {
  const auto keep = [](std::string_view text) { return std::string{text}; };
  const auto json = nlohmann::json::parse(summary_json({}, {"0.1.0", 0, "", true}, keep));
  EXPECT_TRUE(json["endpoints"].empty());
  EXPECT_TRUE(json["error"].is_null());
  EXPECT_TRUE(json["dry_run"]);
}

}  // namespace
}  // namespace callrail::cli
