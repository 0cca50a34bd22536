#pragma once

#include <callrail/result.hpp>
#include <callrail/stored_table.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace callrail {

/// A value on its way into a database. Text is borrowed.
struct SqlValue {
  enum class Kind : std::uint8_t { null, integer, text, blob };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string_view text = {};

  SqlValue() = default;
  SqlValue(std::nullopt_t) {}
  SqlValue(std::int64_t number) : kind{Kind::integer}, integer{number} {}
  SqlValue(std::uint64_t number) : SqlValue{static_cast<std::int64_t>(number)} {}
  SqlValue(int number) : SqlValue{std::int64_t{number}} {}
  SqlValue(bool is) : SqlValue{is ? 1 : 0} {}
  SqlValue(std::string_view value) : kind{Kind::text}, text{value} {}
  SqlValue(const std::string& value) : SqlValue{std::string_view{value}} {}
  SqlValue(const char* value) : SqlValue{std::string_view{value}} {}
  template <class T>
  SqlValue(const std::optional<T>& value) {
    if (value) *this = SqlValue{*value};
  }
  static SqlValue blob(std::string_view bytes) {
    SqlValue value{bytes};
    value.kind = Kind::blob;
    return value;
  }
};

/// One row of an answer; columns by their place. Numbers are asked for as numbers, everything may
/// be asked for as text.
class SqlRow {
 public:
  virtual ~SqlRow() = default;
  virtual std::size_t size() const = 0;
  virtual bool is_null(std::size_t column) const = 0;
  virtual std::int64_t number(std::size_t column) const = 0;
  virtual std::string_view text(std::size_t column) const = 0;  ///< good until the next row
  virtual std::string blob(std::size_t column) const = 0;
  std::optional<std::int64_t> number_or_null(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional{number(column)};
  }
};

/// What the last error means for whoever wants to go on.
enum class Trouble : std::uint8_t {
  none,
  row,          ///< a value or a constraint: other rows may be fine
  again,        ///< busy, deadlock, serialization failure: the transaction may be done again
  connection,   ///< lost; whether a commit on its way arrived is not known
  destination,  ///< full, read-only, not allowed, damaged: nothing of it helps
};

/// One connection to one database, for one thread. Errors are Code::sink_failed (Code::held where
/// somebody else holds it), name the database without its password, and say what to do. They hold
/// no values of rows.
///
/// Statements are in the SQL both dialects share: parameters `$1`, `$2`, …, ON CONFLICT, RETURNING,
/// CAST (SQLite takes `$1::text` for a name). A statement with parameters is prepared once and
/// kept.
class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;
  /// "callrail.db", "postgresql://db.example.com/crm"
  virtual const std::string& where() const = 0;
  /// Of the last call; undoing something does not change it.
  virtual Trouble trouble() const = 0;

  /// Statements without parameters, several if need be.
  virtual Status run(std::string_view statements) = 0;
  /// One statement; gives the number of rows it changed.
  virtual Result<std::uint64_t> change(std::string_view statement,
                                       std::span<const SqlValue> values = {}) = 0;
  /// One statement that answers rows. They come as the database gives them, however many they are;
  /// `take` must not use the database.
  virtual Status query(std::string_view statement, std::span<const SqlValue> values,
                       const std::function<void(const SqlRow&)>& take) = 0;

  /// Rows into a table without looking at what is there, as fast as the database can, within a
  /// transaction: `values` has them one after the other. Names come as they stand in SQL, quoted
  /// where they need it. On Trouble::row `bad_row` may tell which one it was; whether rows before
  /// it are in the table is not said, so undo.
  virtual Status load(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const SqlValue> values, std::optional<std::size_t>& bad_row) = 0;

  /// For writing: SQLite keeps others from writing at once.
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  /// Undoes what was begun; does not fail, also where nothing was.
  virtual void roll_back() = 0;
  /// Part of a transaction that may be undone by itself; parts may have parts.
  virtual Status savepoint() = 0;
  virtual Status release_savepoint() = 0;
  /// Undoes the part and ends it; does not fail: what follows would.
  virtual void roll_back_to_savepoint() = 0;

  /// A new connection in place of a lost one; temporary tables are gone with the old one.
  virtual Status reconnect() = 0;
  bool in_transaction() const { return in_transaction_; }

 protected:
  bool in_transaction_ = false;
};

/// Opens what `--output` names: `sqlite:FILE` or `postgresql://…`. Fails with Code::bad_request on
/// anything else, where this build has no PostgreSQL, and on a file that is not there or no
/// database; with Code::sink_failed where the database cannot be had.
Result<std::unique_ptr<Database>> open_database(const std::string& address, bool may_create);

/// The same for all names of one database, as far as tables are concerned, while it is up.
Result<std::string> identity_of(Database&);

/// Whether this names a database and no folder.
bool names_database(std::string_view address);

}  // namespace callrail
