#include "sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace callrail {

namespace {

// Far more than a run has; what makes its statements of many lengths begins anew then.
constexpr std::size_t most_statements = 500;
/// Tables `load` is used for, for the same reason.
constexpr std::size_t most_loads = 100;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct Close {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};

struct Prepared {
  std::unique_ptr<sqlite3_stmt, Finalize> statement = {};
  /// Which value each parameter is: SQLite counts them as they appear.
  std::vector<std::size_t> places = {};
  std::size_t values = 0;
};

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

Trouble trouble_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return Trouble::row;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT: return Trouble::again;
    default: return Trouble::destination;
  }
}

const char* advice_for(int code) {
  switch (code) {
    case SQLITE_FULL: return "; free some space and run again";
    case SQLITE_IOERR: return "; check the disk and run again";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return "; end what else uses it and run again";
    case SQLITE_CANTOPEN: return "; see to it that files can be made in its folder and run again";
    case SQLITE_NOMEM: return "; end what else needs memory and run again";
    case SQLITE_READONLY: return "; see to it that it can be written to and run again";
    default: return "";
  }
}

class Row final : public SqlRow {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_{statement} {}
  std::size_t size() const override {
    return static_cast<std::size_t>(sqlite3_column_count(statement_));
  }
  bool is_null(std::size_t column) const override {
    return sqlite3_column_type(statement_, static_cast<int>(column)) == SQLITE_NULL;
  }
  std::int64_t number(std::size_t column) const override {
    return sqlite3_column_int64(statement_, static_cast<int>(column));
  }
  std::string_view text(std::size_t column) const override {
    const int n = static_cast<int>(column);
    const auto* const data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, n));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, n))};
  }
  std::string blob(std::size_t column) const override {
    const int n = static_cast<int>(column);
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(statement_, n));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, n))};
  }

 private:
  sqlite3_stmt* statement_;
};

void bind(sqlite3_stmt* statement, int place, const SqlValue& value) {
  // A null pointer would be NULL.
  const char* const text = value.text.data() != nullptr ? value.text.data() : "";
  switch (value.kind) {
    case SqlValue::Kind::null: sqlite3_bind_null(statement, place); return;
    case SqlValue::Kind::integer: sqlite3_bind_int64(statement, place, value.integer); return;
    case SqlValue::Kind::text:
      sqlite3_bind_text64(statement, place, text, value.text.size(), SQLITE_STATIC, SQLITE_UTF8);
      return;
    case SqlValue::Kind::blob:
      sqlite3_bind_blob64(statement, place, text, value.text.size(), SQLITE_STATIC);
      return;
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\n\r;") == text.npos; }

/// ":memory:" and "file:…" are files like others.
std::string spelled_as_file(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

/// Why a file cannot be opened or made, and what helps.
std::unexpected<Error> cannot(const std::string& path, int error) {
  const auto parent = std::filesystem::path{path}.parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const bool is_there = ::access(path.c_str(), F_OK) == 0;
  const auto say = [&](Code code, const std::string& what) {
    return fail(code, path + ": " + what);
  };
  switch (error) {
    case ENOENT:
      return say(Code::bad_request,
                 "there is no folder " + folder + "; make it: mkdir -p " + folder);
    case ENOTDIR: return say(Code::bad_request, folder + " is no folder; name another file");
    case EISDIR:
      return say(Code::bad_request, "is a folder; name a file in it: sqlite:" + path +
                                        (path.ends_with('/') ? "callrail.db" : "/callrail.db"));
    case EACCES:
    case EPERM:
      return say(Code::sink_failed,
                 is_there ? "this user may not read and write it; give it the permission, or name "
                            "another file"
                          : "this user may not make files in " + folder +
                                "; give it the permission, or name a file elsewhere");
    case EROFS:
      return say(Code::sink_failed, "lies where nothing can be written; name another file");
    default: break;
  }
  return say(Code::sink_failed, std::generic_category().message(error) +
                                    "; see to it that it can be made there, or name another file");
}

/// Sees to it that a file is there for SQLite, which would make it readable for others. Gives its
/// journals the mode of the database. Tells whether there is nothing in it.
Result<bool> make_file(const std::string& path, const SqliteOptions& options) {
  const int flags = O_RDWR | O_CLOEXEC | (options.follow_links ? 0 : O_NOFOLLOW);
  int fd = ::open(path.c_str(), flags);
  if (fd < 0 && errno == ENOENT) {
    const auto folder = std::filesystem::path{path}.parent_path();
    if (!folder.empty() && ::access(folder.c_str(), F_OK) != 0) return cannot(path, ENOENT);
    if (!options.may_create)
      return fail(
          Code::bad_request,
          path + ": there is no such file; run: callrail-batch migrate --output sqlite:" + path);
    fd = ::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600);
    if (fd < 0 && errno == EEXIST) fd = ::open(path.c_str(), flags);  // another was as fast
  }
  if (fd < 0) return cannot(path, errno);
  std::array<char, 16> head{};
  const ssize_t size = ::pread(fd, head.data(), head.size(), 0);
  const int error = errno;
  ::close(fd);
  if (size < 0) return cannot(path, error);
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  const std::string_view found{head.data(), static_cast<std::size_t>(size)};
  if (found.empty() || found == magic) return found.empty();
  return fail(Code::bad_answer, path + ": file is not a database");
}

}  // namespace

struct SqliteDatabase::State {
  std::string path;
  SqliteOptions options;
  std::unique_ptr<sqlite3, Close> db = {};
  std::unordered_map<std::string, Prepared, Hash, std::equal_to<>> kept = {};
  /// Of `kept`, by where the text stands: a statement of some kB takes longer to hash than to
  /// compare, and its text is mostly the one of the row before.
  std::array<std::pair<const std::string, Prepared>*, 16> recent = {};
  struct Load {
    std::string table, insert;
    std::vector<std::string> columns;
  };
  std::vector<std::unique_ptr<Load>> loads = {};
  Prepared once = {};
  Trouble trouble = Trouble::none;
  bool damaged = false;
  bool connected = false;
  bool answering = false;
  bool has_journal_mode = false;

  Status connect();
  Status set_journal_mode();
  Status execute(const char* statements);
  std::unexpected<Error> failed();
  std::unexpected<Error> failed(Trouble, std::string what);
  Result<Prepared*> prepare(std::string_view text, std::size_t values);
  Result<Prepared> compile(std::string_view text, bool keep);
  Prepared* find(std::string_view text);
  const std::string& insert_of(std::string_view table, std::span<const std::string_view> columns);
  void forget_statements() {
    kept.clear();
    recent.fill(nullptr);
  }
  void quietly(const char* statements) {
    sqlite3_exec(db.get(), statements, nullptr, nullptr, nullptr);
  }
};

/// A statement with its values, ready for others when this ends.
class SqliteDatabase::Use {
 public:
  Use(State& state, const Prepared& prepared, const SqlValue* values)
      : state_{state}, statement_{prepared.statement.get()} {
    for (std::size_t n = 0; n < prepared.places.size(); ++n)
      bind(statement_, static_cast<int>(n + 1), values[prepared.places[n]]);
  }
  ~Use() { sqlite3_reset(statement_); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  /// A row is there; false: that was all.
  Result<bool> step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    return state_.failed();
  }
  Status finish() {
    for (;;) {
      const auto row = step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return {};
    }
  }

 private:
  State& state_;
  sqlite3_stmt* statement_;
};

std::unexpected<Error> SqliteDatabase::State::failed(Trouble what, std::string text) {
  trouble = what;
  return fail(Code::sink_failed, path + ": " + std::move(text));
}

std::unexpected<Error> SqliteDatabase::State::failed() {
  const int code = db ? sqlite3_extended_errcode(db.get()) & 0xff : SQLITE_NOMEM;
  damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  std::string text = db ? sqlite3_errmsg(db.get()) : "out of memory";
  text += advice_for(code);
  // Whoever opens it, or puts it aside, has advice of their own.
  if (damaged && connected && options.wal)
    text += "; put a copy in its place, or load everything into a new file";
  return failed(trouble_of(code), std::move(text));
}

Status SqliteDatabase::State::execute(const char* statements) {
  trouble = Trouble::none;
  if (sqlite3_exec(db.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
  return {};
}

Status SqliteDatabase::State::connect() {
  forget_statements();
  once = {};
  connected = false;
  db.reset();
  has_journal_mode = false;
  const auto is_empty = make_file(path, options);
  if (!is_empty) {
    trouble = Trouble::destination;
    return std::unexpected(is_empty.error());
  }
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(spelled_as_file(path).c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  db.reset(opened);
  if (result != SQLITE_OK) return failed();
  sqlite3_busy_timeout(db.get(), static_cast<int>(options.wait_for_others.count()));
  // FULL: also in WAL a commit survives that the power fails.
  auto set = execute(fmt::format("PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF; "
                                 "PRAGMA cache_size=-{};",
                                 options.cache_kilobytes)
                         .c_str());
  if (set && *is_empty) set = set_journal_mode();
  connected = set.has_value();
  return set;
}

/// It is written into the file, which may be somebody else's until we write rows into it.
Status SqliteDatabase::State::set_journal_mode() {
  if (has_journal_mode) return {};
  auto set = execute(options.wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE");
  has_journal_mode = set.has_value();
  return set;
}

Result<Prepared> SqliteDatabase::State::compile(std::string_view text, bool keep) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int result = sqlite3_prepare_v3(db.get(), text.data(), static_cast<int>(text.size()),
                                        keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement, &tail);
  Prepared prepared;
  prepared.statement.reset(statement);
  if (result != SQLITE_OK) return failed();
  if (statement == nullptr) return failed(Trouble::destination, "a statement is empty");
  if (!is_blank(text.substr(static_cast<std::size_t>(tail - text.data()))))
    return failed(Trouble::destination, "several statements where one is expected");
  for (int place = 1; place <= sqlite3_bind_parameter_count(statement); ++place) {
    const char* const name = sqlite3_bind_parameter_name(statement, place);
    const std::string_view parameter = name != nullptr ? name : "";
    std::size_t number = 0;
    const char* const end = parameter.data() + parameter.size();
    const bool ours =
        parameter.starts_with('$') &&
        std::from_chars(parameter.data() + 1, end, number) == std::from_chars_result{end, {}};
    if (!ours || number == 0)
      return failed(Trouble::destination, fmt::format("a parameter is called {}", parameter));
    prepared.places.push_back(number - 1);
    prepared.values = std::max(prepared.values, number);
  }
  return prepared;
}

Prepared* SqliteDatabase::State::find(std::string_view text) {
  const auto place = (reinterpret_cast<std::uintptr_t>(text.data()) >> 5U) ^ text.size();
  auto*& last = recent[place % recent.size()];
  if (last != nullptr && last->first == text) return &last->second;
  const auto found = kept.find(text);
  if (found == kept.end()) return nullptr;
  last = &*found;
  return &found->second;
}

Result<Prepared*> SqliteDatabase::State::prepare(std::string_view text, std::size_t values) {
  assert(!answering && "the database is used while it answers");
  trouble = Trouble::none;
  Prepared* prepared = nullptr;
  if (Prepared* const found = find(text); found != nullptr) {
    prepared = found;
  } else {
    auto compiled = compile(text, values != 0);
    if (!compiled) return std::unexpected(std::move(compiled).error());
    if (values == 0) {
      once = *std::move(compiled);
      prepared = &once;
    } else {
      if (kept.size() >= most_statements) forget_statements();
      prepared = &kept.emplace(text, *std::move(compiled)).first->second;
    }
  }
  if (prepared->values != values)
    return failed(Trouble::destination,
                  fmt::format("a statement takes {} values, not {}", prepared->values, values));
  return prepared;
}

SqliteDatabase::SqliteDatabase(std::unique_ptr<State> state) : state_{std::move(state)} {}
SqliteDatabase::~SqliteDatabase() = default;

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path,
                                                             const SqliteOptions& options) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->options = options;
  if (auto connected = state->connect(); !connected) {
    if (state->damaged) connected.error().code = Code::bad_answer;
    return std::unexpected(std::move(connected).error());
  }
  return std::unique_ptr<SqliteDatabase>{new SqliteDatabase{std::move(state)}};
}

const std::string& SqliteDatabase::where() const { return state_->path; }
Trouble SqliteDatabase::trouble() const { return state_->trouble; }
bool SqliteDatabase::damaged() const { return state_->damaged; }

Status SqliteDatabase::run(std::string_view statements) {
  return state_->execute(std::string{statements}.c_str());
}

Result<std::uint64_t> SqliteDatabase::change(std::string_view statement,
                                             std::span<const SqlValue> values) {
  const auto prepared = state_->prepare(statement, values.size());
  if (!prepared) return std::unexpected(prepared.error());
  sqlite3* const db = state_->db.get();
  // The count of the last change would stand where this statement makes none.
  const auto before = sqlite3_total_changes64(db);
  Use use{*state_, **prepared, values.data()};
  if (auto done = use.finish(); !done) return std::unexpected(std::move(done).error());
  return static_cast<std::uint64_t>(sqlite3_total_changes64(db) - before);
}

Status SqliteDatabase::query(std::string_view statement, std::span<const SqlValue> values,
                             const std::function<void(const SqlRow&)>& take) {
  const auto prepared = state_->prepare(statement, values.size());
  if (!prepared) return std::unexpected(prepared.error());
  Use use{*state_, **prepared, values.data()};
  const Row row{(*prepared)->statement.get()};
  for (;;) {
    const auto found = use.step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return {};
    state_->answering = true;
    take(row);
    state_->answering = false;
  }
}

const std::string& SqliteDatabase::State::insert_of(std::string_view table,
                                                    std::span<const std::string_view> columns) {
  for (const auto& load : loads)
    if (load->table == table && std::ranges::equal(load->columns, columns)) return load->insert;
  if (loads.size() >= most_loads) loads.clear();
  Load& load = *loads.emplace_back(std::make_unique<Load>());
  load.table = table;
  load.columns.assign(columns.begin(), columns.end());
  load.insert = fmt::format("INSERT INTO {}({}) VALUES (", table, fmt::join(columns, ", "));
  for (std::size_t n = 0; n < columns.size(); ++n)
    fmt::format_to(std::back_inserter(load.insert), "{}${}", n ? ", " : "", n + 1);
  load.insert += ')';
  return load.insert;
}

Status SqliteDatabase::load(std::string_view table, std::span<const std::string_view> columns,
                            std::span<const SqlValue> values, std::optional<std::size_t>& bad_row) {
  bad_row.reset();
  assert(in_transaction_ && "each row would be a transaction");
  assert(!columns.empty() && values.size() % columns.size() == 0);
  const auto prepared = state_->prepare(state_->insert_of(table, columns), columns.size());
  if (!prepared) return std::unexpected(prepared.error());
  for (std::size_t at = 0; at < values.size(); at += columns.size()) {
    Use use{*state_, **prepared, values.data() + at};
    if (auto done = use.finish(); !done) {
      if (state_->trouble == Trouble::row) bad_row = at / columns.size();
      return done;
    }
  }
  return {};
}

Status SqliteDatabase::begin() {
  if (auto set = state_->set_journal_mode(); !set) return set;
  auto begun = state_->execute("BEGIN IMMEDIATE");
  in_transaction_ = begun.has_value();
  return begun;
}

Status SqliteDatabase::commit() {
  auto committed = state_->execute("COMMIT");
  in_transaction_ = sqlite3_get_autocommit(state_->db.get()) == 0;
  return committed;
}

void SqliteDatabase::roll_back() {
  // After some errors SQLite has done so by itself.
  if (sqlite3_get_autocommit(state_->db.get()) == 0) state_->quietly("ROLLBACK");
  in_transaction_ = false;
}

Status SqliteDatabase::savepoint() { return state_->execute("SAVEPOINT part"); }
Status SqliteDatabase::release_savepoint() { return state_->execute("RELEASE part"); }
void SqliteDatabase::roll_back_to_savepoint() { state_->quietly("ROLLBACK TO part; RELEASE part"); }

Status SqliteDatabase::reconnect() {
  in_transaction_ = false;
  return state_->connect();
}

}  // namespace callrail
