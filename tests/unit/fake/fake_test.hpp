#pragma once

#include "small_api.hpp"

#include <callrail/fake/dates.hpp>
#include <callrail/fake/fake_api.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace callrail::fake {

using Json = nlohmann::ordered_json;

/// "2026-03-10T12:00:00Z"
inline Instant at(Text text) {
  const auto moment = read_moment(text);
  return Instant{moment->local.time_since_epoch()} -
         moment->offset.value_or(std::chrono::minutes{0});
}
inline const Instant noon = at("2026-03-10T12:00:00Z");

/// A fake of the small API at noon of 2026-03-10: 2 shops of 3 stores, 500 visits each, no limits.
inline FakeOptions plain_options() {
  FakeOptions options;
  options.world.until = noon;
  options.limits.emplace();
  return options;
}

class Fake : public testing::Test {
 protected:
  /// Starts it anew with other options.
  FakeApi& start(FakeOptions options) {
    api_ = std::make_unique<FakeApi>(test::small_api, std::move(options));
    return *api_;
  }
  FakeApi& start_with(std::initializer_list<const char*> quirks) {
    FakeOptions options = plain_options();
    for (const char* quirk : quirks) EXPECT_TRUE(options.quirks.add(quirk)) << quirk;
    return start(std::move(options));
  }
  FakeApi& start_with_fault(const char* fault) {
    FakeOptions options = plain_options();
    auto read = read_fault(fault, test::small_api);
    EXPECT_TRUE(read) << fault;
    if (read) options.faults.push_back(*read);
    return start(std::move(options));
  }
  FakeApi& api() { return api_ ? *api_ : start(plain_options()); }

  /// "{shop}" in the target is the first shop.
  std::string filled(std::string target) {
    if (const auto place = target.find("{shop}"); place != std::string::npos)
      target.replace(place, 6, shop());
    return target;
  }
  Reply ask(const std::string& target, Instant when = noon) {
    Ask request = get(filled(target), when);
    request.headers.emplace_back("Authorization", "Token token=\"fake-key\"");
    request.headers.emplace_back("Host", "127.0.0.1:8080");
    return api().handle(request);
  }
  Json json(const std::string& target, int status = 200) {
    const Reply reply = ask(target);
    EXPECT_EQ(reply.status, status) << target << '\n' << reply.body;
    return Json::parse(reply.body, nullptr, false);
  }
  /// The rows of a page, whatever the member with them is called.
  Json rows(const std::string& target) {
    for (const Json page = json(target); const Json& member : page)
      if (member.is_array()) return member;
    return Json::array();
  }
  std::string error(const std::string& target) { return json(target, 400).value("error", ""); }

  const EndpointPlan& plan(Text endpoint) { return *api().world().model().find(endpoint); }
  std::string shop(std::uint32_t account = 0) {
    const World& world = api().world();
    return world.key(world.row(plan("shops"), account, account));
  }
  std::string store(std::uint64_t number, std::uint32_t account = 0) {
    const World& world = api().world();
    return world.key(world.row(plan("stores"), account, number));
  }
  std::vector<Json> dumped(Text endpoint) {
    std::vector<Json> rows;
    dump(api().world(), api().listing(), plan(endpoint), std::nullopt,
         [&](Text line) { rows.push_back(Json::parse(line)); });
    return rows;
  }
  static std::vector<std::string> keys(const Json& rows) {
    std::vector<std::string> out;
    for (const Json& row : rows)
      out.push_back(row["id"].is_string() ? row["id"].get<std::string>() : row["id"].dump());
    return out;
  }

 private:
  std::unique_ptr<FakeApi> api_;
};

}  // namespace callrail::fake
