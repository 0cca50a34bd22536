#pragma once

#include "database.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace callrail {

/// A PostgreSQL server through libpq: everything its addresses can say, and its environment
/// (PGPASSWORD, ~/.pgpass, PGSSLMODE …), works as it does in psql.
class PostgresDatabase final : public Database {
 public:
  /// Code::bad_request: the address cannot be understood.
  static Result<std::unique_ptr<PostgresDatabase>> open(const std::string& address);
  ~PostgresDatabase() override;

  Dialect dialect() const override { return Dialect::postgresql; }
  const std::string& where() const override;
  Trouble trouble() const override;

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
  explicit PostgresDatabase(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

/// Of a build without libpq: says so.
Result<std::unique_ptr<Database>> open_postgres(const std::string& address);

}  // namespace callrail
