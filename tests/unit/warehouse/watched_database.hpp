#pragma once

#include <database.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace callrail::test {

/// A database that counts what it is asked for, and fails where a test wants it to.
class WatchedDatabase final : public Database {
 public:
  explicit WatchedDatabase(std::unique_ptr<Database> inner) : inner_{std::move(inner)} {}

  std::size_t calls = 0;  ///< that reach the database, undoing apart
  /// Told of each call before it happens ("begin", "commit", the statement); its trouble comes
  /// instead of it.
  std::function<std::optional<Trouble>(std::string_view what)> before = {};
  /// Told of each commit that succeeded; its trouble hides that.
  std::function<std::optional<Trouble>()> after_commit = {};
  std::size_t reconnects = 0;

  Dialect dialect() const override { return inner_->dialect(); }
  const std::string& where() const override { return inner_->where(); }
  Trouble trouble() const override { return trouble_ ? *trouble_ : inner_->trouble(); }

  Status run(std::string_view statements) override {
    if (auto failed = stop(statements)) return *failed;
    return inner_->run(statements);
  }
  Result<std::uint64_t> change(std::string_view statement,
                               std::span<const SqlValue> values) override {
    if (auto failed = stop(statement)) return *failed;
    return inner_->change(statement, values);
  }
  Status query(std::string_view statement, std::span<const SqlValue> values,
               const std::function<void(const SqlRow&)>& take) override {
    if (auto failed = stop(statement)) return *failed;
    return inner_->query(statement, values, take);
  }
  Status load(std::string_view table, std::span<const std::string_view> columns,
              std::span<const SqlValue> values, std::optional<std::size_t>& bad_row) override {
    if (auto failed = stop(table)) return *failed;
    return inner_->load(table, columns, values, bad_row);
  }
  Status begin() override {
    if (auto failed = stop("begin")) return *failed;
    auto status = inner_->begin();
    in_transaction_ = inner_->in_transaction();
    return status;
  }
  Status commit() override {
    if (auto failed = stop("commit")) return *failed;
    auto status = inner_->commit();
    in_transaction_ = inner_->in_transaction();
    if (!status || !after_commit) return status;
    if ((trouble_ = after_commit())) return fail(Code::sink_failed, "the answer was lost");
    return status;
  }
  void roll_back() override {
    inner_->roll_back();
    in_transaction_ = false;
  }
  Status savepoint() override {
    if (auto failed = stop("savepoint")) return *failed;
    return inner_->savepoint();
  }
  Status release_savepoint() override {
    if (auto failed = stop("release")) return *failed;
    return inner_->release_savepoint();
  }
  void roll_back_to_savepoint() override {
    ++calls;
    inner_->roll_back_to_savepoint();
  }
  Status reconnect() override {
    ++reconnects;
    in_transaction_ = false;
    if (auto failed = stop("reconnect")) return *failed;
    return inner_->reconnect();
  }

 private:
  std::optional<std::unexpected<Error>> stop(std::string_view what) {
    ++calls;
    trouble_.reset();
    if (before) trouble_ = before(what);
    if (!trouble_) return std::nullopt;
    return fail(Code::sink_failed, "stopped at " + std::string{what});
  }

  std::unique_ptr<Database> inner_;
  std::optional<Trouble> trouble_;
};

}  // namespace callrail::test
