#pragma once

#include <callrail/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace callrail {

/// A database file of our own, and the first error that happened on it: later calls do nothing, so
/// that a series of them is checked once, at its end.
class Sqlite {
 public:
  /// Made for the owner alone (0600). Commits wait for the disk.
  static Result<Sqlite> open(const std::string& path);

  void run(const char* statements);
  std::int64_t last_number(const char* query);
  Status status() const;
  /// Fails `status` from here on.
  void complain(std::string what);
  /// After an error: the transaction is undone, if SQLite has not done so by itself.
  void roll_back();
  /// The error so far is dealt with.
  void forgive() { error_.reset(); }

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3*) const;
  };
  explicit Sqlite(std::string path) : path_{std::move(path)} {}
  void note();

  std::string path_;
  std::unique_ptr<sqlite3, Close> db_;
  std::optional<Error> error_;
};

/// One prepared statement. Columns and parameters are taken in their order.
class Statement {
 public:
  Statement(Sqlite&, const char* text);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::string_view text);
  Statement& bind_blob(std::string_view bytes);
  Statement& bind(std::int64_t number);
  Statement& bind(std::uint64_t number) { return bind(static_cast<std::int64_t>(number)); }
  Statement& bind(int number) { return bind(static_cast<std::int64_t>(number)); }
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }
  Statement& bind_null();

  bool step();  ///< a row is there
  void run();   ///< and no row is expected; ready to be bound anew

  std::string text();
  std::int64_t number();
  std::uint64_t count() { return static_cast<std::uint64_t>(number()); }
  std::optional<std::int64_t> number_or_null();

 private:
  Sqlite& db_;
  sqlite3_stmt* statement_ = nullptr;
  int next_parameter_ = 1, next_column_ = 0;
};

}  // namespace callrail
