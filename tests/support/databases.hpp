#pragma once

#include "scratch_folder.hpp"

#include <callrail/stored_table.hpp>

#include <database.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Empty databases for tests, of both dialects.
namespace callrail::test {

inline bool is_there(Dialect dialect) { return dialect == Dialect::sqlite; }
inline const char* why_not(Dialect) { return "this build has no PostgreSQL"; }

/// Removed with this.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(Dialect) : address_{"sqlite:" + (folder_ / "scratch.db")} {}
  const std::string& address() const { return address_; }
  /// A connection of its own; null, and the test failed, where there is none.
  std::unique_ptr<Database> open() const {
    auto opened = open_database(address_, true);
    return opened ? *std::move(opened) : nullptr;
  }

 private:
  ScratchFolder folder_;
  std::string address_;
};

/// The first column of an answer.
inline std::vector<std::string> ask(Database& db, std::string_view text,
                                    std::span<const SqlValue> values = {}) {
  std::vector<std::string> answer;
  const auto asked =
      db.query(text, values, [&](const SqlRow& row) { answer.emplace_back(row.text(0)); });
  if (!asked) answer = {asked.error().what};
  return answer;
}

}  // namespace callrail::test
