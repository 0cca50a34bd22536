#include "fake_test.hpp"

#include <callrail/api.hpp>

#include <algorithm>
#include <map>

namespace callrail::fake {
namespace {

/// Lists below rows of other lists, single rows, and sums, of the real API.
class Collections : public testing::Test {
 protected:
  void start(FakeOptions options) {
    api_ = std::make_unique<FakeApi>(api::description(), std::move(options));
  }
  void SetUp() override { start(few_rows()); }
  static FakeOptions few_rows() {
    FakeOptions options = plain_options();
    for (const char* endpoint : {"calls", "text_messages", "sms_threads", "form_submissions"})
      options.world.rows[endpoint] = 60;
    return options;
  }

  /// Starts it anew, with a fault.
  void play(const std::string& fault) {
    FakeOptions options = few_rows();
    auto read = read_fault(fault, api::description());
    ASSERT_TRUE(read) << read.error().what;
    options.faults.push_back(*read);
    start(std::move(options));
  }

  Reply ask(const std::string& target) {
    Ask request = get("/v3/a/" + account() + target, noon);
    request.headers.emplace_back("Authorization", "Token token=fake-key");
    return api_->handle(request);
  }
  Json json(const std::string& target, int status = 200) {
    const Reply reply = ask(target);
    EXPECT_EQ(reply.status, status) << target << '\n' << reply.body;
    return Json::parse(reply.body, nullptr, false);
  }
  std::string account() { return key("accounts", 0); }
  std::string key(const char* endpoint, std::uint64_t number) {
    return api_->world().key(api_->world().row(plan(endpoint), 0, number));
  }
  const EndpointPlan& plan(Text endpoint) { return *api_->world().model().find(endpoint); }
  /// Of the first account.
  std::vector<Json> dumped(Text endpoint, const Days& days = {}) {
    std::vector<Json> rows;
    dump(
        api_->world(), api_->listing(), plan(endpoint), 0,
        [&](Text line) { rows.push_back(Json::parse(line)); }, days);
    return rows;
  }

  std::unique_ptr<FakeApi> api_;
};

struct Below {
  const char *list, *rows, *parents, *parameter, *path;
};
class ListsBelowRows : public Collections, public testing::WithParamInterface<Below> {};
INSTANTIATE_TEST_SUITE_P(All, ListsBelowRows,
                         testing::Values(Below{"page_views", "page_views", "calls", "call_id",
                                               "/calls/{}/page_views.json"},
                                         Below{"conversation_messages", "messages", "text_messages",
                                               "conversation_id", "/text-messages/{}.json"},
                                         Below{"sms_thread_messages", "messages", "sms_threads",
                                               "thread_id", "/sms-threads/{}.json"},
                                         Below{"lead_timeline", "timeline", "leads", "lead_id",
                                               "/leads/{}/timeline.json"}),
                         [](const auto& one) { return std::string{one.param.list}; });

TEST_P(ListsBelowRows, AreWhatTheDumpSaysPageByPage) {
  const Below& of = GetParam();
  std::vector<Json> seen;
  for (const Json& parent : dumped(of.parents)) {
    std::string path = of.path;
    path.replace(path.find("{}"), 2, parent["id"].get<std::string>());
    for (int page = 1, place = 1;; ++page) {
      const Reply reply = ask(path + "?per_page=2&page=" + std::to_string(page));
      if (reply.status == 404 && plan(of.list).facts->not_found_is_empty) break;
      ASSERT_EQ(reply.status, 200) << reply.body;
      const Json body = Json::parse(reply.body);
      for (Json row : body[of.rows]) {
        row[of.parameter] = parent["id"];
        if (plan(of.list).facts->find("position") != Endpoint::npos) row["position"] = place++;
        seen.push_back(row);
      }
      if (page >= body["total_pages"]) break;
    }
  }
  EXPECT_GT(seen.size(), 20U);
  EXPECT_EQ(seen, dumped(of.list));
}

TEST_P(ListsBelowRows, AreEmptyForSomeRowsAndUnknownForNone) {
  const Below& of = GetParam();
  std::map<std::string, int> counts;
  for (const Json& parent : dumped(of.parents)) counts[parent["id"]] = 0;
  for (const Json& row : dumped(of.list)) {
    ASSERT_TRUE(counts.contains(row[of.parameter])) << row.dump();
    ++counts[row[of.parameter]];
  }
  std::string path = of.path;
  const auto none = std::ranges::find(counts, 0, &std::pair<const std::string, int>::second);
  ASSERT_NE(none, counts.end());
  path.replace(path.find("{}"), 2, none->first);
  if (plan(of.list).facts->not_found_is_empty)
    EXPECT_EQ(ask(path).status, 404);
  else
    EXPECT_EQ(json(path)[of.rows], Json::array());
}

TEST_P(ListsBelowRows, DoNotExistBelowARowThatDoesNot) {
  std::string path = GetParam().path;
  path.replace(path.find("{}"), 2, "CAL00000000000000000000000000000000");
  EXPECT_EQ(ask(path).status, 404);
}

TEST_F(Collections, AreTheSameWhateverWasAskedBefore) {
  const std::string target = "/calls/" + key("calls", 3) + "/page_views.json";
  const std::string before = ask(target).body;
  dumped("conversation_messages");
  EXPECT_EQ(ask(target).body, before);
}

TEST_F(Collections, MessagesComeAHundredAtATime) {
  FakeOptions options = plain_options();
  options.world.rows["sms_threads"] = 8;
  options.world.rows["sms_thread_messages"] = 400;
  start(options);
  std::map<std::string, std::size_t> counts;
  for (const Json& row : dumped("sms_thread_messages")) ++counts[row["thread_id"]];
  const auto longest =
      std::ranges::max_element(counts, {}, &std::pair<const std::string, std::size_t>::second);
  ASSERT_GT(longest->second, 100U);
  const std::string path = "/sms-threads/" + longest->first + ".json";
  EXPECT_EQ(json(path)["messages"].size(), 100U);
  EXPECT_EQ(json(path)["total_records"], longest->second);
  json(path + "?per_page=101", 400);
}

TEST_F(Collections, AConversationStandsBesideItsMessages) {
  const Json body = json("/text-messages/" + key("text_messages", 2) + ".json?fields=source");
  EXPECT_EQ(body["id"], key("text_messages", 2));
  EXPECT_TRUE(body.contains("source"));
  EXPECT_TRUE(body["messages"].is_array());
  EXPECT_EQ(body["per_page"], 100);
  json("/text-messages/" + key("text_messages", 2) + ".json?fields=never_heard_of", 400);
}

TEST_F(Collections, DetailsAreTheRowOfTheListAndMore) {
  const auto calls = dumped("calls");
  const auto details = dumped("call_details");
  ASSERT_EQ(calls.size(), details.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Json body = json("/calls/" + calls[i]["id"].get<std::string>() + ".json");
    EXPECT_TRUE(body.contains("conversational_transcript"));
    for (const auto& [name, value] : details[i].items()) {
      EXPECT_EQ(body[name], value) << name;
      EXPECT_EQ(calls[i].value(name, value), value) << name;
    }
  }
  const auto flows = dumped("message_flow_details");
  ASSERT_GT(flows.size(), 3U);
  for (const Json& flow : flows)
    EXPECT_EQ(json("/message-flows/" + flow["id"].get<std::string>() + ".json"), flow);
}

TEST_F(Collections, FaultsOfRowsTouchAnAnswerThatIsItselfARow) {
  const auto details = [&] { return "/calls/" + key("calls", 3) + ".json"; };
  const Json whole = json(details());
  const auto spoiled = [&](const std::string& fault) {
    play("call_details:1=" + fault);
    const Json answer = json(details());
    EXPECT_EQ(json(details()), whole);
    return answer;
  };
  const auto with = [&](const char* field, Json value) {
    Json out = whole;
    out[field] = std::move(value);
    return out;
  };
  const Json object = Json::parse(R"({"value":1,"unit":"new"})");
  // A field of the call itself, and one that only the details have.
  EXPECT_EQ(spoiled("type-change:duration"), with("duration", object));
  EXPECT_EQ(spoiled("type-change:conversational_transcript"),
            with("conversational_transcript", object));
  EXPECT_EQ(spoiled("new-field:planet"), with("planet", {{"since", "today"}}));
  EXPECT_EQ(spoiled("null-key"), with("id", nullptr));
  EXPECT_EQ(spoiled("unknown-enum:direction"), with("direction", "never_heard_of"));
  EXPECT_EQ(spoiled("big-text:customer_name")["customer_name"].get<std::string>().size(), 1U << 20);
  EXPECT_EQ(spoiled("nul-text:customer_name"),
            with("customer_name", std::string("before\0after", 12)));
  for (const char* field : {"duration", "conversational_transcript"}) {
    Json without = whole;
    without.erase(field);
    EXPECT_EQ(spoiled(std::string{"missing-field:"} + field), without);
  }
  EXPECT_EQ(spoiled("wrong-envelope"), (Json{{"items", Json::array({whole})}}));
  EXPECT_EQ(spoiled("top-array"), Json::array({whole}));
}

TEST_F(Collections, FaultsOfRowsTouchTheFirstOfTheSums) {
  const char* target = "/calls/summary.json?group_by=company&start_date=2024-03-01";
  const Json whole = json(target)["grouped_results"];
  const auto spoiled = [&](const std::string& fault) {
    play("calls_summary:1=" + fault);
    const Json answer = json(target);
    EXPECT_EQ(json(target)["grouped_results"], whole);
    return answer;
  };
  EXPECT_EQ(spoiled("type-change:total_calls")["grouped_results"][0]["total_calls"]["unit"], "new");
  EXPECT_EQ(spoiled("new-field")["grouped_results"][0]["never_heard_of"]["since"], "today");
  EXPECT_EQ(spoiled("new-field")["grouped_results"][1], whole[1]);
  EXPECT_EQ(spoiled("duplicate")["grouped_results"][1], whole[0]);
  EXPECT_EQ(spoiled("duplicate")["grouped_results"].size(), whole.size() + 1);
  EXPECT_EQ(spoiled("wrong-envelope")["items"], whole);
  EXPECT_EQ(spoiled("top-array"), whole);
  EXPECT_FALSE(spoiled("missing-field:total_calls")["grouped_results"][1].contains("total_calls"));
}

TEST(FaultsOfTheRealApi, AreRefusedWhereTheyWouldChangeNothing) {
  const auto wrong = [](const char* text) {
    const auto fault = read_fault(text, api::description());
    return fault ? "" : fault.error().what;
  };
  for (const char* word :
       {"repeated-page", "next-loop", "next-other-host", "totals-high", "totals-low:2"}) {
    const std::string name = std::string{word}.substr(0, std::string{word}.find(':'));
    EXPECT_EQ(wrong(("call_details:1=" + std::string{word}).c_str()),
              "fault " + name + " has no effect on call_details: its answer is one row");
    EXPECT_EQ(wrong(("calls_summary:*=" + std::string{word}).c_str()),
              "fault " + name + " has no effect on calls_summary: its sums come in one piece");
    EXPECT_EQ(wrong(("calls:*=" + std::string{word}).c_str()), "");
    EXPECT_EQ(wrong(("*:*=" + std::string{word}).c_str()), "");
  }
  EXPECT_EQ(wrong("message_flow_details:1=duplicate"),
            "fault duplicate has no effect on message_flow_details: its answer is one row");
  EXPECT_EQ(wrong("calls_summary:1=duplicate"), "");
  for (const char* word : {"null-key", "wrong-envelope", "totals-high", "duplicate"}) {
    EXPECT_EQ(wrong(("calls.recording:1=" + std::string{word}).c_str()),
              "fault " + std::string{word} +
                  " has no effect on calls.recording: there are no rows in its answers");
  }
  EXPECT_EQ(wrong("calls.recording.mp3:1=reset"), "");
  EXPECT_EQ(wrong("calls:1=type-change:duratoin"),
            "calls has no field duratoin; did you mean duration?");
  EXPECT_EQ(wrong("*:1=missing-field:duratoin"), "no endpoint has a field duratoin");
  EXPECT_EQ(wrong("*:1=missing-field:duration"), "");
  EXPECT_EQ(wrong("page_views:1=null-key"),
            "fault null-key has no effect on page_views: its key does not stand in the rows");
  EXPECT_EQ(wrong("page_views:1=unknown-enum"),
            "fault unknown-enum has no effect on page_views: none of its fields has a list of "
            "words");
}

TEST_F(Collections, TheFieldsParameterLimitsLeads) {
  const Json lead = json("/leads.json?fields=id,name")["leads"][0];
  EXPECT_EQ(lead.size(), 2U);
  EXPECT_EQ(json("/leads.json")["leads"][0].size(), 7U);
}

TEST_F(Collections, TriggersWantACompany) {
  json("/integration_triggers.json", 400);
  const Json rows =
      json("/integration_triggers.json?company_id=" + key("companies", 1))["integration_criteria"];
  ASSERT_GT(rows.size(), 2U);
  for (const Json& row : rows) EXPECT_EQ(row["company_id"], key("companies", 1));
}

TEST_F(Collections, SumsAreThoseOfTheListedRows) {
  const Days days{at("2025-06-01T00:00:00-04:00"), at("2025-12-31T23:59:59.999-05:00")};
  std::map<std::string, int> counts, answered;
  for (const Json& call : dumped("calls", days)) {
    if (call["source"].is_null()) continue;
    ++counts[call["source"]];
    answered[call["source"]] += call["answered"] == true;
  }
  ASSERT_GT(counts.size(), 2U);
  const Json body = json(
      "/calls/summary.json?group_by=source&start_date=2025-06-01&end_date=2025-12-31"
      "&fields=answered_calls");
  std::map<std::string, int> summed, summed_answered;
  for (const Json& row : body["grouped_results"]) {
    summed[row["key"]] = row["total_calls"];
    summed_answered[row["key"]] = row["answered_calls"];
    EXPECT_EQ(row.size(), 3U);
  }
  EXPECT_EQ(summed, counts);
  EXPECT_EQ(summed_answered, answered);
  // The dump has the same rows, for every word.
  std::map<std::string, int> of_dump;
  for (const Json& row : dumped("calls_summary", days))
    if (row["group_by"] == "source") of_dump[row["key"]] = row["total_calls"];
  EXPECT_EQ(of_dump, counts);
}

TEST_F(Collections, SumsTakeTheFiltersOfTheRows) {
  const std::string range = "&start_date=2024-03-01";
  const Json all = json("/calls/summary.json?group_by=company" + range);
  const Json some =
      json("/calls/summary.json?group_by=company&company_id=" + key("companies", 0) + range);
  ASSERT_EQ(some["grouped_results"].size(), 1U);
  EXPECT_EQ(all["grouped_results"].size(), 3U);
  EXPECT_THAT(all["grouped_results"], testing::Contains(some["grouped_results"][0]));
}

TEST_F(Collections, PointsAreThereForEveryDayAndAddUpToMonths) {
  const std::string range = "&start_date=2025-12-01&end_date=2026-02-28&fields=answered_calls";
  const Json by_day = json("/calls/timeseries.json?interval=day" + range)["data"];
  ASSERT_EQ(by_day.size(), 90U);
  EXPECT_EQ(by_day[0]["date"], "2025-12-01");
  std::map<std::string, int> months;
  for (const Json& day : by_day)
    months[day["date"].get<std::string>().substr(0, 7) + "-01"] += day["total_calls"].get<int>();
  const Json by_month = json("/calls/timeseries.json?interval=month" + range)["data"];
  ASSERT_EQ(by_month.size(), 3U);
  for (const Json& month : by_month) EXPECT_EQ(month["total_calls"], months[month["date"]]);
  EXPECT_EQ(json("/calls/timeseries.json?interval=hour&start_date=2026-03-08&end_date=2026-03-08")
                ["data"][1]["date"],
            "2026-03-08T01:00:00-0500");
}

TEST_F(Collections, MoreThanTwoHundredPointsAreRefused) {
  json("/calls/timeseries.json?interval=day&start_date=2025-01-01&end_date=2025-07-19", 200);
  json("/calls/timeseries.json?interval=day&start_date=2025-01-01&end_date=2025-07-20", 400);
}

TEST_F(Collections, SumsWantOneOfTheirWords) {
  json("/calls/summary.json?start_date=2026-01-01", 400);
  json("/calls/summary.json?group_by=weather&start_date=2026-01-01", 400);
  json("/forms/summary.json?group_by=form_name&start_date=2026-01-01", 200);
}

TEST_F(Collections, AreNotChangedByThemselves) {
  EXPECT_FALSE(api_->world().insert("page_views", 0, noon));
  EXPECT_FALSE(api_->world().insert("calls_summary", 0, noon));
}

}  // namespace
}  // namespace callrail::fake
