#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using Faults = Fake;
using testing::HasSubstr;

constexpr auto visits = "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=10&fields=note";
constexpr auto relative =
    "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=10&relative_pagination=true";

TEST_F(Faults, ArePlayedAtTheirRequestsOnly) {
  start_with_fault("visits:2-3=503");
  EXPECT_EQ(ask(visits).status, 200);
  EXPECT_EQ(ask("/v3/a/{shop}/labels.json").status, 200);
  EXPECT_EQ(ask(visits).status, 503);
  EXPECT_EQ(ask(visits).status, 503);
  EXPECT_EQ(ask(visits).status, 200);
}

TEST_F(Faults, OfAllEndpointsCountAllRequests) {
  start_with_fault("*:2=500");
  EXPECT_EQ(ask(visits).status, 200);
  EXPECT_EQ(ask("/v3/a/{shop}/labels.json").status, 500);
  EXPECT_EQ(ask(visits).status, 200);
}

TEST_F(Faults, CanComeBackEveryFewRequests) {
  start_with_fault("visits:*/3=500");
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += ask(visits).status == 500 ? 'x' : '.';
  EXPECT_EQ(seen, "..x..x.");
}

TEST_F(Faults, HaveTheBodiesOfTheApi) {
  start_with_fault("visits:*=429");
  EXPECT_EQ(ask(visits).body, R"({"error":"rate limit exceeded"})");
  EXPECT_EQ(ask(visits).header("Retry-After"), "");
  start_with_fault("visits:*=403");
  EXPECT_THAT(ask(visits).body, HasSubstr("do not have permission"));
  start_with_fault("visits:*=422");
  EXPECT_EQ(ask(visits).body, R"({"errors":["Color is not included in the list"]})");
  start_with_fault("visits:*=502");
  EXPECT_THAT(ask(visits).body, HasSubstr("<h1>502"));
  start_with_fault("visits:*=500-html");
  EXPECT_THAT(ask(visits).body, HasSubstr("<html>"));
  start_with_fault("visits:*=500-empty");
  EXPECT_EQ(ask(visits).body, "");
}

TEST_F(Faults, SayWhenToComeBackInManyWays) {
  const std::pair<const char*, const char*> forms[] = {
      {"429-seconds:7", "7"},
      {"503-date:90", "Tue, 10 Mar 2026 12:01:30 GMT"},
      {"429-nonsense", "soon"},
      {"429-negative", "-5"},
      {"429-huge", "99999999999"}};
  for (const auto& [kind, value] : forms) {
    start_with_fault((std::string{"visits:*="} + kind).c_str());
    EXPECT_EQ(ask(visits).header("Retry-After"), value) << kind;
  }
}

TEST_F(Faults, OfTheConnectionLeaveThePageAlone) {
  const std::string whole = ask(visits).body;
  const std::pair<const char*, Wire> kinds[] = {{"refused", Wire::refused},
                                                {"reset", Wire::reset},
                                                {"reset-in-body", Wire::reset_in_body},
                                                {"stall", Wire::stall},
                                                {"slow", Wire::slow},
                                                {"short-body", Wire::short_body},
                                                {"wrong-length", Wire::wrong_length},
                                                {"bad-chunk", Wire::bad_chunk}};
  for (const auto& [kind, wire] : kinds) {
    start_with_fault((std::string{"visits:*="} + kind).c_str());
    const Reply reply = ask(visits);
    EXPECT_EQ(reply.wire, wire) << kind;
    EXPECT_EQ(reply.body, whole);
  }
  start_with_fault("visits:*=stall:5s");
  EXPECT_EQ(ask(visits).pace, std::chrono::seconds{5});
}

TEST_F(Faults, OfTheBodySpoilIt) {
  const std::string whole = ask(visits).body;
  start_with_fault("visits:*=html");
  EXPECT_THAT(ask(visits).body, HasSubstr("<!DOCTYPE html>"));
  EXPECT_EQ(ask(visits).status, 200);
  start_with_fault("visits:*=empty");
  EXPECT_EQ(ask(visits).body, "");
  start_with_fault("visits:*=no-content");
  EXPECT_EQ(ask(visits).status, 204);
  start_with_fault("visits:*=cut-json");
  EXPECT_EQ(ask(visits).body, whole.substr(0, whole.size() / 2));
  start_with_fault("visits:*=bad-utf8");
  EXPECT_TRUE(Json::parse(ask(visits).body, nullptr, false).is_discarded());
  start_with_fault("visits:*=bad-gzip");
  EXPECT_EQ(ask(visits).header("Content-Encoding"), "gzip");
  EXPECT_TRUE(ask(visits).body.starts_with("\x1f\x8b"));
  start_with_fault("visits:*=bomb:64");
  EXPECT_LT(ask(visits).body.size(), 1'000'000U);
  start_with_fault("visits:*=wrong-envelope");
  EXPECT_TRUE(json(visits).contains("items"));
  EXPECT_FALSE(json(visits).contains("calls_made"));
  start_with_fault("visits:*=top-array");
  EXPECT_EQ(json(visits).size(), 10U);
  EXPECT_TRUE(json(visits).is_array());
}

TEST_F(Faults, RedirectHereAndElsewhere) {
  start_with_fault("visits:*=redirect-same");
  EXPECT_EQ(ask(visits).status, 302);
  EXPECT_EQ(ask(visits).header("Location"), "/moved/v3/a/" + shop() + "/visits.json");
  start_with_fault("visits:*=redirect-other:http://127.0.0.1:9/x");
  EXPECT_EQ(ask(visits).header("Location"), "http://127.0.0.1:9/x");
}

TEST_F(Faults, OfPagingMisleadTheReader) {
  const Json one = json(visits);
  const Json second = json(std::string{visits} + "&page=2");
  start_with_fault("visits:*=repeated-page");
  const Json repeated = json(std::string{visits} + "&page=2");
  EXPECT_EQ(repeated["calls_made"], one["calls_made"]);
  EXPECT_EQ(repeated["page"], 2);
  start_with_fault("visits:*=totals-high:5");
  EXPECT_EQ(json(visits)["total_records"], one["total_records"].get<int>() + 5);
  start_with_fault("visits:*=totals-low");
  EXPECT_EQ(json(visits)["total_records"], one["total_records"].get<int>() - 7);
  start_with_fault("visits:*=next-loop");
  EXPECT_THAT(json(relative)["next_page"].get<std::string>(), HasSubstr("offset=0&"));
  start_with_fault("visits:*=next-other-host");
  EXPECT_THAT(json(relative)["next_page"].get<std::string>(),
              HasSubstr("http://elsewhere.example.com/v3/a/555010001/visits?"));
}

TEST_F(Faults, OfRowsTouchTheFirstRow) {
  const Json whole = json(visits)["calls_made"];
  start_with_fault("visits:*=duplicate");
  EXPECT_EQ(json(visits)["calls_made"][1], whole[0]);
  EXPECT_EQ(json(visits)["calls_made"].size(), 11U);
  start_with_fault("visits:*=new-field:planet");
  EXPECT_TRUE(json(visits)["calls_made"][0].contains("planet"));
  EXPECT_EQ(json(visits)["calls_made"][1], whole[1]);
  start_with_fault("visits:*=type-change:phone");
  EXPECT_TRUE(json(visits)["calls_made"][0]["phone"].is_object());
  start_with_fault("visits:*=null-key");
  EXPECT_TRUE(json(visits)["calls_made"][0]["id"].is_null());
  start_with_fault("visits:*=unknown-enum");
  EXPECT_EQ(json(visits)["calls_made"][0]["mood"], "never_heard_of");
  start_with_fault("visits:*=big-text:note");
  EXPECT_EQ(json(visits)["calls_made"][0]["note"].get<std::string>().size(), 1U << 20);
  start_with_fault("visits:*=nul-text:note");
  EXPECT_EQ(json(visits)["calls_made"][0]["note"], std::string("before\0after", 12));
  start_with_fault("visits:*=missing-field:phone");
  for (const Json& row : rows(visits)) EXPECT_FALSE(row.contains("phone"));
}

TEST_F(Faults, EveryOneOnTheListCanBePlayed) {
  for (const TroubleName& name : all_troubles()) {
    std::string spelled{name.name};
    if (name.trouble == Trouble::status) spelled.replace(0, 3, "503");
    const auto fault = read_fault("visits:1=" + spelled, test::small_api);
    ASSERT_TRUE(fault) << spelled;
    EXPECT_EQ(fault->trouble, name.trouble);
    FakeOptions options = plain_options();
    options.faults.push_back(*fault);
    start(std::move(options));
    const Reply good = [&] {
      const Reply spoiled = ask(visits);
      const Reply after = ask(visits);
      EXPECT_TRUE(spoiled.body != after.body || spoiled.wire != after.wire ||
                  name.trouble == Trouble::repeated_page || name.trouble == Trouble::next_loop ||
                  name.trouble == Trouble::next_other_host)
          << spelled;
      return after;
    }();
    EXPECT_EQ(good.status, 200);
  }
}

TEST(FaultOptions, SayWhatIsWrong) {
  const auto wrong = [](const char* text) {
    return read_fault(text, test::small_api).error().what;
  };
  EXPECT_EQ(wrong("vists:1=500"), "no endpoint is called vists; did you mean visits?");
  EXPECT_THAT(wrong("visits=500"), HasSubstr("not ENDPOINT:N=WHAT"));
  EXPECT_THAT(wrong("visits:0=500"), HasSubstr("0 is no number of a request"));
  EXPECT_THAT(wrong("visits:4-2=500"), HasSubstr("4-2 is no number of a request"));
  EXPECT_THAT(wrong("visits:1=rest"), HasSubstr("unknown fault rest; did you mean reset?"));
  EXPECT_THAT(wrong("visits:1=200"), HasSubstr("no status from 300 to 599"));
  EXPECT_THAT(wrong("visits:1=429-later"), HasSubstr("no form of a status"));
  EXPECT_THAT(wrong("visits:1=stall:5"), HasSubstr("no duration"));
  EXPECT_THAT(wrong("visits:1=reset:5"), HasSubstr("takes no value"));
}

}  // namespace
}  // namespace callrail::fake
