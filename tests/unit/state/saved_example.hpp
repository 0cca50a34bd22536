#pragma once

#include <callrail/checkpoint.hpp>

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace callrail::test {

/// Has something of everything but `many`.
inline SavedEndpoint saved_example() {
  SavedEndpoint e;
  e.position = {.bytes = 1234, .rows = 7, .sha256 = std::string(64, 'a')};
  e.window = "2024-10-22..2026-11-21 user";
  e.lists = {{.scope = {{"account_id", "ACC1"}}, .over = false, .total = 30, .rows = 7},
             {.scope = {{"account_id", "ACC2"}, {"company_id", "COM9"}},
              .over = true,
              .refused = true,
              .failed_once = true,
              .total = {},
              .rows = 0}};
  e.windows = {{.list = 0, .from = "2024-10-22", .to = "2025-01-01T00:00", .zone = "user"},
               {.list = 0, .from = "2025-01-01T00:00", .to = "2026-11-21", .zone = "user"},
               {.list = 1, .from = "2024-10-22", .to = "2026-11-21", .zone = "user"}};
  e.windows[2].may_be_cut = false;
  e.windows[0].settled = true;
  e.windows[0].found = {.scope = "ACC1",
                        .from = "2024-10-22",
                        .to = "2025-01-01T00:00",
                        .zone = "user",
                        .rows = 7,
                        .announced = 7,
                        .proof = Proof::proven_with_churn,
                        .why = "the list changed"};
  e.keys.add({{"account_id", "ACC1"}}, "COM1");
  e.seen = std::string("\0\x01\xff bytes", 9);
  e.repeated = 2, e.requests = 9, e.retries = 1, e.left_out = 1;
  e.took_milliseconds = 1500;
  e.healed = {"gone"};
  e.warnings = {"one", "two"};
  e.drift.unknown_fields["zip"] = {3, "\"30309\""};
  e.drift.repeated_fields["id"] = {1, ""};
  e.drift.withheld["hook.secret"] = {4, ""};
  e.drift.rows = 1234;
  e.outcome = 2;
  e.reason = "403";
  e.keys_missing = "a row came without its id";
  e.code = 3;
  return e;
}

inline void expect_equal(const SavedEndpoint& a, const SavedEndpoint& b) {
  EXPECT_EQ(a.stage, b.stage);
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(std::tie(a.window, a.where, a.seen, a.reason, a.keys_missing),
            std::tie(b.window, b.where, b.seen, b.reason, b.keys_missing));
  EXPECT_EQ(std::tie(a.repeated, a.requests, a.retries, a.left_out, a.took_milliseconds,
                     a.outcome, a.code, a.healed, a.warnings),
            std::tie(b.repeated, b.requests, b.retries, b.left_out, b.took_milliseconds,
                     b.outcome, b.code, b.healed, b.warnings));
  ASSERT_EQ(a.lists.size(), b.lists.size());
  for (std::size_t i = 0; i < a.lists.size(); ++i) {
    const auto &x = a.lists[i], &y = b.lists[i];
    EXPECT_EQ(std::tie(x.scope, x.over, x.refused, x.unknown, x.failed_once, x.total, x.rows),
              std::tie(y.scope, y.over, y.refused, y.unknown, y.failed_once, y.total, y.rows));
  }
  ASSERT_EQ(a.windows.size(), b.windows.size());
  for (std::size_t i = 0; i < a.windows.size(); ++i) {
    const auto &x = a.windows[i], &y = b.windows[i];
    EXPECT_EQ(std::tie(x.list, x.from, x.to, x.zone, x.only_count, x.may_be_cut, x.settled),
              std::tie(y.list, y.from, y.to, y.zone, y.only_count, y.may_be_cut, y.settled));
    if (x.settled) {
      EXPECT_EQ(
          std::tie(x.found.scope, x.found.rows, x.found.announced, x.found.proof, x.found.why),
          std::tie(y.found.scope, y.found.rows, y.found.announced, y.found.proof, y.found.why));
    }
  }
  ASSERT_EQ(a.keys.size(), b.keys.size());
  for (std::size_t i = 0; i < a.keys.size(); ++i)
    EXPECT_EQ(std::pair(a.keys.scope(i), a.keys[i]), std::pair(b.keys.scope(i), b.keys[i]));
  EXPECT_EQ(a.drift.unknown_fields.at("zip").example, b.drift.unknown_fields.at("zip").example);
  EXPECT_EQ(a.drift.unknown_fields.at("zip").count, b.drift.unknown_fields.at("zip").count);
  EXPECT_EQ(a.drift.repeated_fields.size(), b.drift.repeated_fields.size());
  EXPECT_EQ(a.drift.rows, b.drift.rows);
  EXPECT_EQ(a.drift.withheld.at("hook.secret").count, b.drift.withheld.at("hook.secret").count);
}

}  // namespace callrail::test
