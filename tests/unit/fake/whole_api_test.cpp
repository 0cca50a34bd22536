#include "fake_test.hpp"

#include <callrail/api.hpp>
#include <callrail/page.hpp>

namespace callrail::fake {
namespace {

/// The tables of the real API: what must hold for every endpoint, whatever is added to the schema.
class WholeApi : public testing::Test {
 protected:
  static FakeOptions options(std::uint64_t seed = 1) {
    FakeOptions options = plain_options();
    options.world.seed = seed;
    options.world.rows["companies"] = 4;
    return options;
  }
  void start(std::uint64_t seed) {
    api_ = std::make_unique<FakeApi>(api::description(), options(seed));
  }
  void SetUp() override { start(1); }

  Reply ask(const std::string& target) {
    Ask request = get(target, noon);
    request.headers.emplace_back("Authorization", "Token token=fake-key");
    return api_->handle(request);
  }
  std::string key(const char* endpoint, std::uint64_t number) {
    const auto& plan = *api_->world().model().find(endpoint);
    return api_->world().key(api_->world().row(plan, 0, number));
  }
  const EndpointPlan& plan(const Endpoint& facts) const {
    return *api_->world().model().find(facts.name);
  }
  /// Lists of an endpoint with every field it can send: of each company, below some rows, for each
  /// word.
  std::vector<std::string> targets(const Endpoint& facts) {
    std::string fields;
    for (const Field& field : facts.fields)
      if (field.sent == Sent::on_request) fields += std::string{field.name} + ',';
    std::vector<std::string> out{std::string{facts.path} + "?per_page=" +
                                 std::to_string(facts.most_rows != 0 ? facts.most_rows : 250)};
    if (facts.dates)
      out[0] += facts.dates.whole ? "&start_date=2026-01-01" : "&start_date=2024-02-11";
    if (!facts.select.empty()) out[0] += "&fields=" + fields;
    for (const Parent& parent : facts.parents) {
      std::vector<std::string> values{parent.values.begin(), parent.values.end()};
      for (std::uint64_t n = 0; !parent.endpoint.empty() && n < 4; ++n)
        if (n == 0 || parent.endpoint != "accounts")
          values.push_back(key(std::string{parent.endpoint}.c_str(), n));
      std::vector<std::string> filled;
      for (const std::string& target : out)
        for (const std::string& value : values) {
          const std::string name{parent.parameter};
          std::string one = target;
          if (!parent.in_path)
            one += '&' + name + '=' + value;
          else
            one.replace(one.find('{' + name + '}'), name.size() + 2, value);
          filled.push_back(one);
        }
      out = filled;
    }
    return out;
  }

  std::unique_ptr<FakeApi> api_;
};

class WholeApiOfSeed : public WholeApi, public testing::WithParamInterface<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, WholeApiOfSeed, testing::Values(1, 2, 3));

TEST_P(WholeApiOfSeed, SendsPagesThatAreJustWhatTheSchemaSays) {
  start(GetParam());
  PageDecoder decoder;
  for (const Endpoint* facts : api::description().endpoints) {
    Selection all = Selection::everything(*facts), asked;
    for (std::size_t i = 0; i < facts->fields.size(); ++i)
      if (facts->fields[i].sent == Sent::on_request) asked.add(i);
    Drift drift;
    std::size_t rows = 0;
    for (const std::string& target : targets(*facts))
      for (int page = 1; page <= (facts->paging[0] == Paging::whole ? 1 : 2); ++page) {
        const Reply reply = ask(target + "&page=" + std::to_string(page));
        if (reply.status == 404 && facts->not_found_is_empty) continue;
        ASSERT_EQ(reply.status, 200) << target << reply.body;
        const auto decoded =
            decoder.decode(*facts, api::description().paging, Body{reply.body}, all, asked, drift);
        ASSERT_TRUE(decoded) << facts->name << ": " << decoded.error().what;
        rows += decoded->size();
        EXPECT_TRUE(!plan(*facts).stands_alone() || decoded->envelope.total.value_or(0) >= 1)
            << facts->name;
      }
    EXPECT_GE(rows, 2U) << facts->name;
    for (const auto& [path, finding] : drift.unknown_fields)
      ADD_FAILURE() << facts->name << " unknown " << path;
    for (const auto& [path, finding] : drift.missing_fields)
      ADD_FAILURE() << facts->name << " missing " << path;
    for (const auto& [path, finding] : drift.unknown_values)
      ADD_FAILURE() << facts->name << " value " << path;
    for (const auto& [path, finding] : drift.changed_types)
      ADD_FAILURE() << facts->name << " type " << path << ' ' << finding.example;
    for (const auto& [path, finding] : drift.repeated_fields)
      ADD_FAILURE() << facts->name << " twice " << path;
    for (const auto& [path, finding] : drift.broken_formats)
      ADD_FAILURE() << facts->name << " format " << path << ' ' << finding.example;
  }
}

TEST_F(WholeApi, EveryRowCanBeAskedForByItself) {
  for (const Endpoint* facts : api::description().endpoints) {
    std::string path{facts->path};
    if (const auto place = path.find('{'); place != std::string::npos)
      path.replace(place, path.find('}') - place + 1, key("accounts", 0));
    path.resize(path.size() - std::string{".json"}.size());
    const auto& plan = this->plan(*facts);
    if (!plan.stands_alone()) continue;
    for (std::uint64_t n : {0U, 1U}) {
      const std::string id = api_->world().key(api_->world().row(plan, 0, n));
      const Reply reply = ask(path + '/' + id + ".json");
      EXPECT_EQ(reply.status, 200) << facts->name;
      const Json row = Json::parse(reply.body);
      for (const Field& field : facts->fields)
        EXPECT_TRUE(field.sent != Sent::single || field.may_be_absent || row.contains(field.name))
            << field.name;
    }
  }
}

TEST_F(WholeApi, EveryKeyIsThereOnce) {
  for (const Endpoint* facts : api::description().endpoints) {
    std::set<std::string> keys;
    std::size_t rows = 0;
    dump(api_->world(), api_->listing(), *api_->world().model().find(facts->name), std::nullopt,
         [&](Text line) {
           ++rows;
           const Json row = Json::parse(line);
           std::string key;
           for (const Text name : facts->keys) key += row.at(std::string{name}).dump() + ' ';
           keys.insert(key);
         });
    EXPECT_EQ(keys.size(), rows) << facts->name;
    EXPECT_GT(rows, 1U);
  }
}

TEST_F(WholeApi, EveryReferenceLeadsToARow) {
  const Model& model = api_->world().model();
  for (const EndpointPlan& plan : model.endpoints) {
    if (plan.counted >= 0) continue;
    for (std::size_t i = 0; i < plan.fields.size(); ++i) {
      const Text refers = plan.facts->notes[i].refers_to;
      if (refers.empty() || plan.fields[i].field->sent == Sent::of_request) continue;
      const EndpointPlan& to = *model.find(refers.substr(0, refers.find('.')));
      for (std::uint64_t n = 0; n < 20; ++n) {
        std::string value;
        if (!api_->world().append_field(value, api_->world().row(plan, 0, n), i) || value == "null")
          continue;
        std::erase(value, '"');
        EXPECT_TRUE(api_->world().find(to, 0, value))
            << plan.facts->name << '.' << plan.fields[i].field->name;
      }
    }
  }
}

TEST_F(WholeApi, CallsAndTheirTrackersAreOfOneCompany) {
  const Json calls =
      Json::parse(ask("/v3/a/" + key("accounts", 0) +
                      "/calls.json?start_date=2025-06-01&fields=company_id,tracker_id,company_name")
                      .body)["calls"];
  ASSERT_GT(calls.size(), 50U);
  for (const Json& call : calls) {
    if (call["tracker_id"].is_null()) continue;
    const Json tracker = Json::parse(ask("/v3/a/" + key("accounts", 0) + "/trackers/" +
                                         call["tracker_id"].get<std::string>() + ".json")
                                         .body);
    EXPECT_EQ(tracker["company"]["id"], call["company_id"]);
    EXPECT_EQ(tracker["company"]["name"], call["company_name"]);
  }
}

TEST_F(WholeApi, ConversationsAndCallerIdsHaveTheirOwnEnvelope) {
  EXPECT_TRUE(Json::parse(ask("/v3/a/" + key("accounts", 0) + "/text-messages.json").body)
                  .contains("conversations"));
  EXPECT_TRUE(Json::parse(ask("/v3/a/" + key("accounts", 0) +
                              "/caller_ids.json?company_id=" + key("companies", 0))
                              .body)
                  .contains("caller_ids"));
  EXPECT_EQ(
      ask("/v3/a/" + key("accounts", 0) + "/companies/" + key("companies", 0) + "/trackers.json")
          .status,
      404);
  EXPECT_EQ(ask("/v3/a/" + key("accounts", 0) + "/text_messages.json").status, 404);
}

TEST_F(WholeApi, LimitsAreThoseOfTheTable) {
  FakeOptions options = plain_options();
  options.limits.reset();
  FakeApi strict{api::description(), options};
  int allowed = 0;
  for (int i = 0; i < 20; ++i) {
    Ask request = get("/v3/a.json", noon);
    request.headers.emplace_back("Authorization", "Token token=fake-key");
    allowed += strict.handle(request).status == 200;
  }
  EXPECT_EQ(allowed, 10);
}

}  // namespace
}  // namespace callrail::fake
