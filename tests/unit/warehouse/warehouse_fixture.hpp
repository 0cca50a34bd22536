#pragma once

#include "toy_api.hpp"
#include "watched_database.hpp"

#include <callrail/warehouse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <databases.hpp>
#include <memory>
#include <own_tables.hpp>
#include <string>
#include <vector>
#include <virtual_time.hpp>

namespace callrail::test {

inline WindowProof whole(Proof proof = Proof::proven) {
  WindowProof found;
  found.proof = proof;
  return found;
}
inline WindowProof days(std::string from, std::string to,
                        std::optional<Proof> proof = Proof::proven) {
  WindowProof found;
  found.from = std::move(from);
  found.to = std::move(to);
  found.zone = "UTC";
  found.proof = proof;
  return found;
}
inline Scope shelf(const std::string& shelf_id = "S1", const std::string& account = "ACC1") {
  return {{"account_id", account}, {"shelf_id", shelf_id}};
}

inline CheckpointChange change_of(const SavedEndpoint& saved) {
  CheckpointChange change;
  change.facts = &saved;
  change.lists = true;
  return change;
}

/// One process that uses a warehouse.
class Session {
 public:
  Session(std::unique_ptr<Database> inner, const Clock& clock, WarehouseOptions options = {}) {
    auto watched = std::make_unique<WatchedDatabase>(std::move(inner));
    db = watched.get();
    if (!options.wait) options.wait = [this](std::chrono::milliseconds) { ++waits; };
    if (options.identity.print.empty()) options.identity = {"print", "--all"};
    auto opened = Warehouse::open(std::move(watched), toy_api, clock, options);
    if (!opened) {
      ADD_FAILURE() << opened.error().what;
      std::abort();
    }
    warehouse = *std::move(opened);
  }

  Status begin(std::vector<const Endpoint*> endpoints = {&toys, &labels, &shops},
               const std::vector<std::string>& accounts = {}) {
    return warehouse->begin_run(endpoints, accounts);
  }
  /// Rows of one window of a list.
  void read(const Endpoint& endpoint, const Rows& rows, WindowProof proof, const Scope& scope) {
    proof.rows = std::max<std::uint64_t>(proof.rows, rows.count);
    const bool whole_list = proof.from.empty();
    Writer& into = writer(endpoint);
    if (rows.count != 0) {
      const Status written = into.write(rows);
      EXPECT_TRUE(written);
    }
    into.settled(scope, proof, whole_list);
  }
  void read_toys(const Rows& rows, WindowProof proof = days("2026-03-01", "2026-03-10")) {
    read(toys, rows, std::move(proof), shelf());
  }
  Status save(const Endpoint& endpoint = toys,
              SavedEndpoint::Stage stage = SavedEndpoint::Stage::reading,
              const std::string& window = "") {
    SavedEndpoint& saved = saved_[std::string{endpoint.name}];
    auto committed = writer(endpoint).commit();
    if (!committed) return std::unexpected(committed.error());
    saved.position = *committed;
    saved.stage = stage;
    saved.window = window;
    return warehouse->save(endpoint.name, change_of(saved));
  }
  Writer& writer(const Endpoint& endpoint) {
    auto& table = tables_[std::string{endpoint.name}];
    auto& writer = writers_[std::string{endpoint.name}];
    if (!writer) {
      table = only ? table_of(endpoint, *only, Nested::json, true) : table_of_all(endpoint);
      auto opened = warehouse->open(table, position);
      if (!opened) {
        ADD_FAILURE() << opened.error().what;
        std::abort();
      }
      writer = *std::move(opened);
    }
    return *writer;
  }
  /// "created 1, updated 2, …", those that are not 0.
  std::string counts(const Endpoint& endpoint = toys) const {
    return spell(warehouse->counts(endpoint.name));
  }
  static std::string spell(const TableCounts& c) {
    std::string text;
    const std::pair<const char*, std::uint64_t> named[] = {
        {"created", c.created},   {"updated", c.updated}, {"unchanged", c.unchanged},
        {"rejected", c.rejected}, {"removed", c.removed}, {"returned", c.returned},
        {"warnings", c.warnings}};
    for (const auto& [name, count] : named)
      if (count != 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + name;
    return text;
  }
  Status end(bool resumable = false, Outcome outcome = Outcome::complete) {
    Summary summary;
    summary.resumable = resumable;
    for (const auto& [name, writer] : writers_) {
      EndpointSummary of;
      of.name = name;
      of.outcome = outcome;
      of.proof = Proof::proven;
      summary.endpoints.push_back(of);
    }
    return warehouse->end_run(summary, std::nullopt);
  }

  std::unique_ptr<Warehouse> warehouse;
  WatchedDatabase* db = nullptr;
  Position position = {};
  int waits = 0;
  std::optional<Selection> only = {};  ///< --fields

 private:
  std::map<std::string, SavedEndpoint> saved_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::unique_ptr<Writer>> writers_;
};

class Warehouses : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!is_there(GetParam())) GTEST_SKIP() << why_not(GetParam());
    scratch.emplace(GetParam());
    db = scratch->open();
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->run(toy_tables(GetParam())));
    ASSERT_TRUE(db->begin());
    ASSERT_TRUE(make_own_tables(*db));
    ASSERT_TRUE(db->commit());
  }
  bool lite() const { return GetParam() == Dialect::sqlite; }
  std::unique_ptr<Session> session(WarehouseOptions options = {}) {
    return std::make_unique<Session>(scratch->open(), clock, std::move(options));
  }
  /// A whole run that reads these toys, and what came of it.
  std::string run(const Rows& rows, WindowProof proof = days("2026-03-01", "2026-03-10"),
                  WarehouseOptions options = {}) {
    auto s = session(std::move(options));
    EXPECT_TRUE(s->begin());
    s->read_toys(rows, std::move(proof));
    const Status saved = s->save();
    EXPECT_TRUE(saved) << saved.error().what;
    EXPECT_TRUE(s->end());
    return s->counts();
  }
  std::vector<std::string> rows_of(std::string_view statement) { return ask(*db, statement); }

  std::optional<ScratchDatabase> scratch;
  std::unique_ptr<Database> db;  ///< to look at what is there
  VirtualClock clock;
};

}  // namespace callrail::test
