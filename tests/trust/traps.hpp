#pragma once

#include "small_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

/// What the tests of the traps share: the traps that public clients of the API fell into, by their
/// numbers in docs/trust.md. What is asked for, what is answered, and what stays of a run have a
/// file each.
namespace callrail::trust {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

inline constexpr Setting jsonl{FileFormat::jsonl, false, Paging::offset};
using Adapt = std::function<void(fake::FakeOptions&)>;

inline SmallRun with(const Adapt& adapt) { return SmallRun{jsonl, {}, {}, adapt}; }
inline SmallRun with_faults(std::vector<std::string> faults) {
  return SmallRun{jsonl, std::move(faults)};
}
inline Adapt quirk(std::string word) {
  return [word](fake::FakeOptions& options) { ASSERT_TRUE(options.quirks.add(Text{word})); };
}
inline Adapt rows(std::string list, std::uint64_t count) {
  return [list, count](fake::FakeOptions& options) { options.world.rows[list] = count; };
}

inline void want(SmallRun& run, std::vector<Text> lists) {
  run.job.endpoints.clear();
  for (const Text list : lists) {
    const Endpoint& endpoint = *api::description().find(list);
    run.job.endpoints.push_back({&endpoint, Selection::everything(endpoint), false});
  }
}

inline std::vector<json> rows_of(const SmallRun& run, Text list = SmallRun::list) {
  std::vector<json> out;
  const auto records = run.records(list);
  EXPECT_TRUE(records) << list << " has no whole file";
  if (records)
    for (const auto& record : *records) out.push_back(json::parse(record));
  return out;
}
inline std::vector<std::string> keys_of(const std::vector<json>& rows) {
  std::vector<std::string> out;
  for (const json& row : rows) out.push_back(row.at("id").dump());
  return out;
}
/// What the fake holds at this moment, with all fields a list can have.
inline std::vector<json> held(const SmallRun& run, Text list = SmallRun::list) {
  std::vector<json> out;
  const fake::World& world = run.api->world();
  dump(world, run.api->listing(), *world.model().find(list), std::nullopt,
       [&](Text line) { out.push_back(json::parse(line)); });
  return out;
}
inline std::vector<std::string> requests_to(const SmallRun& run, Text part) {
  std::vector<std::string> out;
  for (const std::string& url : run.asked)
    if (url.find(part) != std::string::npos) out.push_back(url);
  return out;
}

}  // namespace callrail::trust
