#pragma once

#include "database.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace callrail {

struct SqliteOptions {
  bool may_create = false;
  /// Others may read while a transaction is on its way. Else a file alone holds everything between
  /// two transactions. A file that has something in it is left as it is until the first one.
  bool wal = true;
  bool follow_links = true;
  int cache_kilobytes = 16 * 1024;
  std::chrono::milliseconds wait_for_others{5000};
};

/// A database file. A new one is made for its owner alone (0600). Commits wait for the disk.
class SqliteDatabase final : public Database {
 public:
  /// Code::bad_request: there is no file. Code::bad_answer: it is damaged, or no database.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path,
                                                      const SqliteOptions&);
  ~SqliteDatabase() override;

  Dialect dialect() const override { return Dialect::sqlite; }
  const std::string& where() const override;
  Trouble trouble() const override;
  /// The trouble is that the file is damaged, or no database.
  bool damaged() const;

  Status run(std::string_view statements) override;
  Result<std::uint64_t> change(std::string_view statement,
                               std::span<const SqlValue> values) override;
  Status query(std::string_view statement, std::span<const SqlValue> values,
               const std::function<void(const SqlRow&)>& take) override;
  Status load(std::string_view table, std::span<const std::string_view> columns,
              std::span<const SqlValue> values, std::optional<std::size_t>& bad_row) override;
  Status begin() override;
  Status commit() override;
  void roll_back() override;
  Status savepoint() override;
  Status release_savepoint() override;
  void roll_back_to_savepoint() override;
  Status reconnect() override;

 private:
  struct State;
  class Use;
  explicit SqliteDatabase(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace callrail
