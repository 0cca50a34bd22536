#include "exit_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

EndpointSummary read_well(std::string name = "sales") {
  EndpointSummary endpoint;
  endpoint.name = std::move(name);
  return endpoint;
}

EndpointSummary went_wrong(Code code, Outcome outcome = Outcome::failed) {
  EndpointSummary endpoint = read_well("shops");
  endpoint.outcome = outcome;
  endpoint.code = code;
  endpoint.reason = "the reason";
  return endpoint;
}

Summary of(std::vector<EndpointSummary> endpoints, std::optional<Error> ended = {}) {
  Summary summary;
  summary.endpoints = std::move(endpoints);
  summary.ended = std::move(ended);
  return summary;
}

int code_of(const Summary& summary, bool strict = false, std::optional<int> signal = {}) {
  return exit_code(summary, strict, signal);
}

TEST(ExitCode, Is0IfAllIsRead) {
  EXPECT_EQ(code_of(of({read_well()})), 0);
  EXPECT_EQ(last_words(0, of({read_well()})), "");
}

TEST(ExitCode, Is1IfAnEndpointFailedOrWasRefused) {
  EXPECT_EQ(code_of(of({read_well(), went_wrong(Code::try_later)})), 1);
  EXPECT_EQ(code_of(of({went_wrong(Code::forbidden, Outcome::skipped)})), 1);
  EXPECT_EQ(code_of(of({went_wrong(Code::bad_answer)})), 1);
}

TEST(ExitCode, Is1IfADatabaseRejectedRows) {  // B23
  Summary summary = of({read_well("shops"), read_well()});
  summary.endpoints[1].stored = {{"a.db", {.created = 7}}, {"b.db", {.created = 5, .rejected = 2}}};
  EXPECT_EQ(code_of(summary), 1);
  EXPECT_THAT(last_words(1, summary),
              AllOf(HasSubstr("2 rows of sales were rejected"), HasSubstr("rejects of b.db")));
  summary.endpoints[1].stored.pop_back();
  EXPECT_EQ(code_of(summary), 0);
  // Whatever else went wrong comes first.
  summary.endpoints.push_back(went_wrong(Code::bad_answer));
  summary.endpoints[1].stored[0].counts.rejected = 1;
  EXPECT_THAT(last_words(1, summary), HasSubstr("1 of 3 endpoints not read"));
}

TEST(ExitCode, Is8IfAnotherRunTookTheDatabaseOver) {
  const Summary summary = of({went_wrong(Code::held)}, Error{Code::held, "a.db: taken over"});
  EXPECT_EQ(code_of(summary), 8);
  EXPECT_THAT(last_words(8, summary), HasSubstr("a.db: taken over"));
}

TEST(ExitCode, Of5TellsWhatStaysInADatabase) {
  Summary summary = of({went_wrong(Code::sink_failed)}, Error{Code::sink_failed, "a.db: full"});
  EXPECT_THAT(last_words(5, summary), HasSubstr("earlier files"));
  summary.endpoints[0].stored = {{"a.db", {}}};
  EXPECT_EQ(code_of(summary), 5);
  EXPECT_THAT(last_words(5, summary), HasSubstr("rows that were committed stay"));
}

TEST(ExitCode, Is3IfTheKeyWasRefused) {
  EXPECT_EQ(code_of(of({went_wrong(Code::bad_key)}, Error{Code::bad_key, "401"})), 3);
  EXPECT_EQ(code_of(of({read_well(), went_wrong(Code::bad_key)})), 3);
}

TEST(ExitCode, Is4IfNothingCouldBeReached) {
  EXPECT_EQ(code_of(of({went_wrong(Code::try_later), went_wrong(Code::try_later)})), 4);
  EXPECT_EQ(code_of(of({}, Error{Code::try_later, "refused"})), 4);
}

TEST(ExitCode, Is1IfTheApiAnswersButOnlyWithFailures) {  // A13, A14
  Summary summary = of({went_wrong(Code::try_later), went_wrong(Code::try_later)});
  summary.traffic.answers = 1;
  EXPECT_EQ(code_of(summary), 1);
  summary.ended = Error{Code::try_later, "500"};
  EXPECT_EQ(code_of(summary), 1);
}

TEST(ExitCode, Is4IfTheQuotaIsUsedUp) {
  Summary summary = of({went_wrong(Code::try_later), went_wrong(Code::try_later)});
  summary.traffic.answers = 5;
  summary.traffic.quota_used_up = true;
  EXPECT_EQ(code_of(summary), 4);
  EXPECT_EQ(last_words(4, summary), "shops: the reason; nothing could be read: run again then");
  summary.endpoints.push_back(read_well());
  EXPECT_EQ(code_of(summary), 4) << "also if some of it was read before";
  EXPECT_EQ(last_words(4, summary),
            "shops: the reason; run again then with --endpoints shops,shops");
  summary = of({read_well(), went_wrong(Code::forbidden)});
  summary.traffic.answers = 5;
  summary.traffic.quota_used_up = true;
  EXPECT_EQ(code_of(summary), 1) << "nothing was left to ask";
}

TEST(ExitCode, Is5IfTheDestinationFailed) {
  EXPECT_EQ(code_of(of({read_well()}, Error{Code::sink_failed, "disk full"})), 5);
  EXPECT_EQ(code_of(of({went_wrong(Code::sink_failed), went_wrong(Code::try_later)})), 5);
}

TEST(ExitCode, Is6IfAnswersDrifted) {
  EndpointSummary drifted = read_well();
  drifted.drift.unknown_fields["zip"] = {3, "\"30309\""};
  EXPECT_EQ(code_of(of({drifted})), 0);
  EXPECT_EQ(code_of(of({drifted}), true), 6);
  EXPECT_THAT(last_words(6, of({drifted})), AllOf(HasSubstr("zip"), HasSubstr("--strict")));
  EXPECT_EQ(code_of(of({drifted, went_wrong(Code::forbidden)}), true), 1);
}

TEST(ExitCode, Is7IfAListCouldNotBeProven) {
  EndpointSummary short_one = read_well();
  short_one.proof = Proof::contradicted;
  short_one.windows = {{.scope = "S1",
                        .from = "2026-01-01",
                        .to = "2026-01-31",
                        .zone = "user",
                        .rows = 11,
                        .announced = 12,
                        .proof = Proof::contradicted,
                        .why = "12 announced, 11 sent"}};
  EXPECT_EQ(code_of(of({short_one})), 0);
  EXPECT_EQ(code_of(of({read_well("shops"), short_one}), true), 7);
  EXPECT_EQ(code_of(of({short_one, went_wrong(Code::forbidden)}), true), 1);
  EXPECT_THAT(
      last_words(7, of({read_well("shops"), short_one})),
      AllOf(HasSubstr("sales: contradicted, S1, 2026-01-01..2026-01-31"),
            HasSubstr("12 announced, 11 sent"), HasSubstr("run again"), HasSubstr("--strict")));
  EndpointSummary churned = read_well();
  churned.proof = Proof::proven_with_churn;
  EXPECT_EQ(code_of(of({churned}), true), 0);
}

TEST(ExitCode, Is6IfAnswersDriftedAndAListCouldNotBeProven) {
  EndpointSummary both = read_well();
  both.proof = Proof::unproven;
  both.drift.unknown_fields["zip"] = {3, "\"30309\""};
  EXPECT_EQ(code_of(of({both}), true), 6);
}

TEST(ExitCode, DoesNotTakeMistypedDataForDrift) {
  EndpointSummary mistyped = read_well();
  mistyped.drift.broken_formats["email"] = {3, "\"x\""};
  EXPECT_EQ(code_of(of({mistyped}), true), 0);
}

TEST(ExitCode, Is128AndTheNumberOfTheSignal) {
  const Summary stopped = of({went_wrong(Code::cancelled)}, Error{Code::cancelled, "stopped"});
  EXPECT_EQ(code_of(stopped, false, SIGINT), 130);
  EXPECT_EQ(code_of(stopped, false, SIGTERM), 143);
  EXPECT_EQ(code_of(stopped, false, SIGHUP), 129);
}

TEST(ExitCode, Is0IfTheSignalCameTooLateToStopAnything) {
  EXPECT_EQ(code_of(of({read_well()}), false, SIGINT), 0);
}

Summary with_media(std::uint64_t failed, std::optional<Error> ended = {}) {
  Summary summary = of({read_well()});
  summary.media.emplace();
  summary.media->failed = failed;
  summary.media->failures.assign(failed, "sales tape of S9: 503");
  summary.media->left = 4;
  summary.media->ended = std::move(ended);
  return summary;
}

TEST(ExitCode, TellsWhetherFilesBehindRowsCouldBeFetched) {
  EXPECT_EQ(code_of(with_media(0)), 0);  // a budget left four
  EXPECT_EQ(code_of(with_media(2)), 1);
  EXPECT_EQ(code_of(with_media(0, Error{Code::bad_key, "401"})), 3);
  EXPECT_EQ(code_of(with_media(0, Error{Code::sink_failed, "audio: no space"})), 5);
  EXPECT_EQ(code_of(with_media(0, Error{Code::cancelled, "stopped"}), false, SIGTERM), 143);
  Summary silent = with_media(3, Error{Code::try_later, "no route"});
  silent.traffic.answers = 9;
  EXPECT_EQ(code_of(silent), 1);
  silent.traffic.quota_used_up = true;
  EXPECT_EQ(code_of(silent), 4);
}

TEST(LastWords, SayThatOnlyFilesBehindRowsAreLeft) {
  EXPECT_THAT(last_words(1, with_media(2)),
              AllOf(HasSubstr("2 recordings not fetched: sales tape of S9: 503"),
                    HasSubstr("run the same command again")));
  EXPECT_THAT(last_words(1, with_media(3, Error{Code::try_later, "no route"})),
              HasSubstr("7 recordings not fetched: no route"));
  EXPECT_THAT(last_words(5, with_media(0, Error{Code::sink_failed, "audio: no space"})),
              HasSubstr("audio: no space"));
  EXPECT_THAT(last_words(143, with_media(0, Error{Code::cancelled, "stopped"})),
              AllOf(HasSubstr("all rows are read"), HasSubstr("run the same command again")));
  Summary day = with_media(0, Error{Code::try_later, "limit 10000/d"});
  day.traffic.quota_used_up = true;
  EXPECT_THAT(last_words(4, day), HasSubstr("run the same command again then"));
}

TEST(LastWords, NameReasonAndNextStep) {
  EXPECT_THAT(last_words(1, of({read_well(), went_wrong(Code::forbidden)})),
              AllOf(HasSubstr("1 of 2 endpoints not read"), HasSubstr("shops: the reason"),
                    HasSubstr("run again")));
  EXPECT_THAT(last_words(1, of({went_wrong(Code::forbidden, Outcome::skipped)})),
              HasSubstr("ask for the permission to read shops"));
  EXPECT_THAT(last_words(1, of({went_wrong(Code::bad_request, Outcome::skipped)})),
              AllOf(HasSubstr("some lists of shops could not be read: run again"),
                    testing::Not(HasSubstr("permission"))));
  EXPECT_THAT(last_words(3, of({}, Error{Code::bad_key, "accounts: 401"})),
              AllOf(HasSubstr("accounts: 401"), HasSubstr("CALLRAIL_API_KEY")));
  EXPECT_THAT(last_words(4, of({went_wrong(Code::try_later)})),
              AllOf(HasSubstr("the reason"), HasSubstr("later")));
  EXPECT_THAT(last_words(5, of({}, Error{Code::sink_failed, "data/sales.csv: no space"})),
              AllOf(HasSubstr("no space"), HasSubstr("destination")));
  EXPECT_THAT(last_words(130, of({})), AllOf(HasSubstr("interrupted"), HasSubstr("run again")));
}

TEST(LastWords, SayThatTheSameCommandGoesOnWhereSomethingIsKept) {
  Summary kept = of({went_wrong(Code::try_later)});
  kept.resumable = true;
  for (const int code : {1, 4, 130})
    EXPECT_THAT(last_words(code, kept),
                AllOf(HasSubstr("the same command again"), HasSubstr("it goes on")));
}

}  // namespace
}  // namespace callrail::cli
