#pragma once

#include "crash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <database.hpp>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace callrail::test {

/// A connection that counts what is asked of it, and breaks where a test wants it to, the way its
/// dialect does: after an error PostgreSQL does nothing until it is undone, a full disk makes
/// SQLite undo the transaction by itself, and what is lost stays lost until `reconnect`. Nothing of
/// it waits.
class FaultyConnection final : public Database {
 public:
  enum class Call : std::uint8_t {
    run,
    change,
    query,
    load,
    begin,
    commit,
    savepoint,
    release,
    reconnect,
  };
  static constexpr std::size_t calls = 9;
  static constexpr std::size_t for_good = std::numeric_limits<std::size_t>::max();
  static const char* name_of(Call);

  struct Fault {
    std::optional<Call> call = {};  ///< nothing: whatever is the nth of all but `reconnect`
    std::size_t nth = 1;            ///< from one
    std::size_t times = 1;          ///< so many of them, one after the other
    Trouble trouble = Trouble::connection;
    bool after = false;  ///< Trouble::connection: it was done, and the answer is lost
    std::optional<std::size_t> bad_row = {};  ///< Trouble::row in `load`: which it says it was
    /// PostgreSQL: its server itself raises this instead, "40001"; "57P01" ends the connection.
    std::string_view state = {};
    bool gone = false;  ///< Trouble::connection: afterwards `reconnect` fails too, as often
    bool dies = false;  ///< the process, with Crash; `after`: when the call was done
  };

  explicit FaultyConnection(std::unique_ptr<Database> real) : real_{std::move(real)} {}

  /// The next fault, from now on: calls before are not counted.
  void fail(const Fault& fault) {
    fault_ = fault;
    hits_ = 0;
    since_ = counts_;
  }
  void mend() { fault_.reset(); }
  /// Statements that carry this text fail with Trouble::row, those with others beside it too.
  /// `says_which`: `load` gives the row. `into`: only those that name this table.
  void poison(std::string text, bool says_which = true, std::string into = {}) {
    poison_ = std::move(text);
    says_which_ = says_which;
    poisoned_table_ = std::move(into);
  }

  /// Told of each call before it happens.
  std::function<void(const char* name)> on_call = [](const char*) {};
  std::size_t count(Call call) const { return counts_[static_cast<std::size_t>(call)]; }
  std::size_t count() const;                  ///< of all but `reconnect`
  std::size_t hits() const { return hits_; }  ///< how often the fault struck
  Database& real() { return *real_; }

  Dialect dialect() const override { return real_->dialect(); }
  const std::string& where() const override { return real_->where(); }
  Trouble trouble() const override { return trouble_; }
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
  template <class Work>
  auto turn(Call, std::string_view statement, std::span<const SqlValue>, const Work&)
      -> decltype(std::declval<Work>()());
  bool is_due(Call);
  bool is_poisoned(std::string_view statement, std::span<const SqlValue>) const;
  std::unexpected<Error> strike(Call, Trouble);
  std::unexpected<Error> raise(Call, std::string_view state);
  std::unexpected<Error> say(Trouble, std::string_view what);
  void lose();

  std::unique_ptr<Database> real_;
  std::optional<Fault> fault_;
  std::string poison_, poisoned_table_;
  bool says_which_ = true;
  std::array<std::size_t, calls> counts_{}, since_{};
  std::size_t hits_ = 0;
  Trouble trouble_ = Trouble::none;
  bool lost_ = false;
};

}  // namespace callrail::test
