#include "sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace callrail {

void Sqlite::Close::operator()(sqlite3* db) const { sqlite3_close(db); }

Result<Sqlite> Sqlite::open(const std::string& path) {
  // SQLite gives its journals the mode of the database.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail(Code::sink_failed, path + ": " + std::generic_category().message(errno) +
                                       "; free the place or choose another folder");
  ::close(fd);
  Sqlite out{path};
  sqlite3* db = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  out.db_.reset(db);
  if (opened != SQLITE_OK) {
    out.note();
    return std::unexpected(*out.error_);
  }
  sqlite3_busy_timeout(db, 5000);
  // Usually it keeps 2 MB of what it wrote; a few tables that only grow need none of it again.
  out.run(
      "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
      "PRAGMA cache_size=-256;");
  if (out.error_) return std::unexpected(*out.error_);
  return out;
}

void Sqlite::note() {
  if (error_) return;
  const int code = db_ ? sqlite3_errcode(db_.get()) : SQLITE_NOMEM;
  std::string what = path_ + ": " + (db_ ? sqlite3_errmsg(db_.get()) : "out of memory");
  what += code == SQLITE_FULL    ? "; free some space and run again"
          : code == SQLITE_IOERR ? "; check the disk and run again"
          : code == SQLITE_BUSY  ? "; end what else uses it and run again"
          : code == SQLITE_CANTOPEN
              ? "; see to it that files can be made in its folder and run again"
              : "";
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  error_ = Error{damaged ? Code::bad_answer : Code::sink_failed, std::move(what)};
}

void Sqlite::complain(std::string what) {
  if (!error_) error_ = Error{Code::bad_answer, path_ + ": " + std::move(what)};
}

void Sqlite::run(const char* statements) {
  if (error_) return;
  if (sqlite3_exec(db_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) note();
}

std::int64_t Sqlite::last_number(const char* query) {
  Statement statement{*this, query};
  return statement.step() ? statement.number() : 0;
}

void Sqlite::roll_back() {
  forgive();
  if (sqlite3_get_autocommit(db_.get()) == 0) run("ROLLBACK");
  forgive();
}

Status Sqlite::status() const {
  if (error_) return std::unexpected(*error_);
  return {};
}

Statement::Statement(Sqlite& db, const char* text) : db_{db} {
  if (db_.error_) return;
  if (sqlite3_prepare_v2(db_.db_.get(), text, -1, &statement_, nullptr) != SQLITE_OK) db_.note();
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(std::string_view text) {
  if (statement_ != nullptr)
    sqlite3_bind_text64(statement_, next_parameter_++, text.data(), text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(std::string_view bytes) {
  if (statement_ != nullptr)
    sqlite3_bind_blob64(statement_, next_parameter_++, bytes.data(), bytes.size(),
                        SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  if (statement_ != nullptr) sqlite3_bind_int64(statement_, next_parameter_++, number);
  return *this;
}

Statement& Statement::bind_null() {
  if (statement_ != nullptr) sqlite3_bind_null(statement_, next_parameter_++);
  return *this;
}

bool Statement::step() {
  if (statement_ == nullptr || db_.error_) return false;
  next_column_ = 0;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) db_.note();
  return false;
}

void Statement::run() {
  step();
  if (statement_ != nullptr) sqlite3_reset(statement_);
  next_parameter_ = 1;
}

std::string Statement::text() {
  const int column = next_column_++;
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string{} : std::string{data, size};
}

std::int64_t Statement::number() { return sqlite3_column_int64(statement_, next_column_++); }

std::optional<std::int64_t> Statement::number_or_null() {
  if (sqlite3_column_type(statement_, next_column_) == SQLITE_NULL) {
    ++next_column_;
    return std::nullopt;
  }
  return number();
}

}  // namespace callrail
