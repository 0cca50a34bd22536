#include "postgres_database.hpp"

#include "postgres_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <chrono>
#include <libpq-fe.h>
#include <poll.h>
#include <unordered_map>
#include <utility>
#include <vector>

namespace callrail {

namespace {

constexpr std::size_t most_statements = 500;
constexpr std::size_t block = 64 * 1024;
constexpr int oldest_server = 120000;

// A statement means the same on every server; a lock is waited for as long as other trouble.
constexpr const char* session =
    "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; "
    "SET IntervalStyle = 'iso_8601'; SET bytea_output = 'hex'; SET extra_float_digits = 1; "
    "SET standard_conforming_strings = on; SET lock_timeout = '10s'; "
    "SET client_min_messages = warning";

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

std::string_view field_of(const PGresult* answer, int which) {
  const char* const text = PQresultErrorField(answer, which);
  return text != nullptr ? text : "";
}

Trouble trouble_of(std::string_view state) {
  const std::string_view sort = state.substr(0, 2);
  if (sort == "08" || state == "57P01" || state == "57P02" || state == "57P03" || state == "57P05")
    return Trouble::connection;
  if (sort == "40" || state == "55P03" || state == "55006" || state == "57014")
    return Trouble::again;
  // 54: too large for an index, or nested too deeply.
  if (sort == "22" || sort == "23" || sort == "54") return Trouble::row;
  return Trouble::destination;
}

const char* advice_for(std::string_view state) {
  if (state == "53100") return "; free some space and run again";
  if (state == "53200") return "; give the server more memory and run again";
  if (state == "42501") return "; let its user do this (GRANT) and run again";
  if (state == "25006") return "; name the server that may be written to";
  if (state == "55P03") return "; end what else uses it and run again";
  if (state == "57014") return "; give statements more time (statement_timeout) and run again";
  const std::string_view sort = state.substr(0, 2);
  if (sort == "58") return "; check the server's disk and run again";
  if (sort == "XX") return "; have a look at the server's log, or restore a copy";
  if (sort == "40") return "; end what else writes to it and run again";
  if (trouble_of(state) == Trouble::connection) return "; run again: what was committed stays";
  return "";
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20;
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

/// Messages about rows quote them.
std::string without_values(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const auto opens = text.find('"');
    if (opens == text.npos) return clean.append(text);
    // What is quoted may have quotes itself.
    const auto closes = text.rfind('"');
    clean.append(text.substr(0, opens)).append("\"…\"");
    if (closes == opens) return clean;
    text.remove_prefix(closes + 1);
  }
  return clean;
}

/// "COPY calls, line 3, column duration: …", in whatever language. The first number behind the
/// name.
std::optional<std::size_t> line_of(std::string_view context) {
  const auto begins = context.find("COPY ");
  if (begins == context.npos) return std::nullopt;
  const auto comma = context.find(", ", begins);
  if (comma == context.npos) return std::nullopt;
  const auto digit = context.find_first_of("0123456789", comma);
  std::size_t line = 0;
  if (digit == context.npos ||
      std::from_chars(context.data() + digit, context.data() + context.size(), line).ec !=
          std::errc{} ||
      line == 0)
    return std::nullopt;
  return line;
}

/// The second name in it, if it has one.
std::string_view column_of(std::string_view context) {
  const auto begins = context.find(", column ");
  if (begins == context.npos) return {};
  const auto name = context.substr(begins + 9);
  return name.substr(0, name.find_first_of(":,\n"));
}

int nibble(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

class Row final : public SqlRow {
 public:
  explicit Row(const PGresult* answer) : answer_{answer} {}
  std::size_t size() const override { return static_cast<std::size_t>(PQnfields(answer_)); }
  bool is_null(std::size_t column) const override {
    return PQgetisnull(answer_, 0, static_cast<int>(column)) != 0;
  }
  std::int64_t number(std::size_t column) const override {
    const std::string_view digits = text(column);
    if (digits == "t") return 1;  // a boolean
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  std::string_view text(std::size_t column) const override {
    const int n = static_cast<int>(column);
    return {PQgetvalue(answer_, 0, n), static_cast<std::size_t>(PQgetlength(answer_, 0, n))};
  }
  std::string blob(std::size_t column) const override {
    std::string_view hex = text(column);
    if (!hex.starts_with("\\x")) return std::string{hex};
    std::string bytes;
    for (hex.remove_prefix(2); hex.size() >= 2; hex.remove_prefix(2))
      bytes += static_cast<char>(nibble(hex[0]) * 16 + nibble(hex[1]));
    return bytes;
  }

 private:
  const PGresult* answer_;
};

/// Values in the form libpq wants them: text ends in a NUL, bytes have a length.
class Parameters {
 public:
  /// False: a text has a NUL, which PostgreSQL cannot hold.
  bool fill(std::span<const SqlValue> values) {
    std::size_t size = 0;
    for (const SqlValue& value : values) size += value.text.size() + 24;
    text_.clear();
    text_.reserve(size);  // nothing moves from here on
    data_.clear(), lengths_.clear(), formats_.clear();
    for (const SqlValue& value : values) {
      const char* const at = text_.data() + text_.size();
      const bool null = value.kind == SqlValue::Kind::null;
      const bool blob = value.kind == SqlValue::Kind::blob;
      if (value.kind == SqlValue::Kind::integer)
        fmt::format_to(std::back_inserter(text_), "{}", value.integer);
      else
        text_.append(value.text);
      if (value.kind == SqlValue::Kind::text && value.text.find('\0') != value.text.npos)
        return false;
      text_ += '\0';
      data_.push_back(null ? nullptr : at);
      lengths_.push_back(blob ? static_cast<int>(value.text.size()) : 0);
      formats_.push_back(blob ? 1 : 0);
    }
    return true;
  }
  int count() const { return static_cast<int>(data_.size()); }
  const char* const* data() const { return data_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::string text_;
  std::vector<const char*> data_;
  std::vector<int> lengths_, formats_;
};

/// An address as libpq takes it.
struct Keywords {
  explicit Keywords(const PostgresAddress& address) {
    for (const auto& [keyword, value] : address.parameters) {
      keywords.push_back(keyword.c_str());
      values.push_back(value.c_str());
    }
    keywords.push_back(nullptr), values.push_back(nullptr);
  }
  std::vector<const char*> keywords, values;
};

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view special{"\\\t\n\r", 4};
  for (;;) {
    const auto at = text.find_first_of(special);
    out.append(text.substr(0, at));
    if (at == text.npos) return;
    const char c = text[at];
    out += '\\';
    out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\';
    text.remove_prefix(at + 1);
  }
}

/// In COPY's text format.
void append_value(std::string& out, const SqlValue& value) {
  switch (value.kind) {
    case SqlValue::Kind::null: out += "\\N"; return;
    case SqlValue::Kind::integer:
      fmt::format_to(std::back_inserter(out), "{}", value.integer);
      return;
    case SqlValue::Kind::text: append_escaped(out, value.text); return;
    case SqlValue::Kind::blob:
      out += "\\\\x";
      for (const char c : value.text) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      }
      return;
  }
}

}  // namespace

struct PostgresDatabase::State {
  PostgresAddress address;
  std::unique_ptr<PGconn, Finish> connection = {};
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> kept = {};  ///< text → name
  std::uint64_t prepared = 0;
  Parameters parameters = {};
  std::string rows = {};
  Trouble trouble = Trouble::none;
  bool answering = false;

  Status connect();
  bool is_refused_for_good() const;
  std::unexpected<Error> failed(Trouble, std::string what);
  std::unexpected<Error> failed(const PGresult*);
  std::string hide_password(std::string text) const;
  Status execute(const char* statements, const char* expected_tag = nullptr);
  Status send(std::string_view text, std::span<const SqlValue> values);
  Status ask(std::string_view text, std::span<const SqlValue> values,
             const std::function<void(const PGresult*)>& take_row, std::uint64_t& changed);
  bool outlived_its_table(std::string_view text, const PGresult*);
};

/// Why a server refuses a connection libpq says in the server's language only, unless it is told to
/// give the code instead, which has to be done before it answers.
bool PostgresDatabase::State::is_refused_for_good() const {
  constexpr std::chrono::seconds longest{2};  // whoever refuses is there to answer
  const Keywords to{address};
  const std::unique_ptr<PGconn, Finish> again{
      PQconnectStartParams(to.keywords.data(), to.values.data(), 0)};
  if (again == nullptr) return false;
  PQsetErrorVerbosity(again.get(), PQERRORS_SQLSTATE);
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_FAILED;
       next = PQconnectPoll(again.get())) {
    if (next == PGRES_POLLING_OK || PQsocket(again.get()) < 0) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd socket{.fd = PQsocket(again.get()),
                  .events = static_cast<short>(next == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                  .revents = 0};
    if (left.count() <= 0 || ::poll(&socket, 1, static_cast<int>(left.count())) <= 0) return false;
  }
  // A line for each host that was tried, "…: FATAL:  28P01".
  std::string_view lines = PQerrorMessage(again.get());
  bool any = false;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (line.empty()) continue;
    const auto code = line.substr(line.rfind(' ') + 1);
    if (!code.starts_with("28") && !code.starts_with("3D") && code != "42501") return false;
    any = true;
  }
  return any;
}

std::string PostgresDatabase::State::hide_password(std::string text) const {
  const char* const known = connection ? PQpass(connection.get()) : nullptr;
  const std::string_view password = known != nullptr ? known : "";
  if (password.empty()) return text;
  for (auto at = text.find(password); at != text.npos; at = text.find(password, at + 3))
    text.replace(at, password.size(), "***");
  return text;
}

std::unexpected<Error> PostgresDatabase::State::failed(Trouble what, std::string text) {
  trouble = what;
  return fail(Code::sink_failed, address.where + ": " + hide_password(std::move(text)));
}

std::unexpected<Error> PostgresDatabase::State::failed(const PGresult* answer) {
  const std::string_view state = field_of(answer, PG_DIAG_SQLSTATE);
  const bool lost = PQstatus(connection.get()) == CONNECTION_BAD;
  const Trouble what = lost || state.empty() ? (lost ? Trouble::connection : Trouble::destination)
                                             : trouble_of(state);
  std::string text{field_of(answer, PG_DIAG_MESSAGE_PRIMARY)};
  if (text.empty()) text = PQerrorMessage(connection.get());
  text = one_line(text);
  // Their own words name tables, columns and constraints; ours of class 22 and 54 only values.
  const std::string_view sort = state.substr(0, 2);
  if (sort == "22" || sort == "54") text = without_values(text);
  if (const auto column = column_of(field_of(answer, PG_DIAG_CONTEXT)); !column.empty())
    text.append(" in column ").append(column);
  text += lost && advice_for(state)[0] == '\0' ? advice_for("08006") : advice_for(state);
  return failed(what, std::move(text));
}

Status PostgresDatabase::State::connect() {
  kept.clear();
  connection.reset();
  trouble = Trouble::none;
  const Keywords to{address};
  connection.reset(PQconnectdbParams(to.keywords.data(), to.values.data(), 0));
  if (connection == nullptr) return failed(Trouble::destination, "out of memory");
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    // Which of its reasons will pass by itself, libpq does not tell.
    return failed(Trouble::connection,
                  one_line(PQerrorMessage(connection.get())) +
                      "; check the address, the user, and that the server runs");
  }
  if (const int version = PQserverVersion(connection.get()); version < oldest_server)
    return failed(Trouble::destination,
                  fmt::format("the server is PostgreSQL {}; {} or newer is needed", version / 10000,
                              oldest_server / 10000));
  return execute(session);
}

/// `expected_tag`: the server answers "ROLLBACK" to a COMMIT of what it has given up before.
Status PostgresDatabase::State::execute(const char* statements, const char* expected_tag) {
  assert(!answering && "the database is used while it answers");
  trouble = Trouble::none;
  const Answer answer{PQexec(connection.get(), statements)};
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
    return failed(answer.get());
  if (expected_tag != nullptr && std::string_view{PQcmdStatus(answer.get())} != expected_tag)
    return failed(Trouble::destination, "an error before the commit undid the transaction");
  return {};
}

Status PostgresDatabase::State::send(std::string_view text, std::span<const SqlValue> values) {
  assert(!answering && "the database is used while it answers");
  trouble = Trouble::none;
  PGconn* const c = connection.get();
  if (values.empty()) {
    if (PQsendQueryParams(c, std::string{text}.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) ==
        0)
      return failed(nullptr);
    return {};
  }
  auto found = kept.find(text);
  if (found == kept.end()) {
    if (kept.size() >= most_statements) {
      if (auto dropped = execute("DEALLOCATE ALL"); !dropped) return dropped;
      kept.clear();
    }
    std::string name = fmt::format("s{}", ++prepared), whole{text};
    const Answer answer{PQprepare(c, name.c_str(), whole.c_str(), 0, nullptr)};
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed(answer.get());
    found = kept.emplace(std::move(whole), std::move(name)).first;
  }
  if (!parameters.fill(values))
    return failed(Trouble::row, "a text holds a NUL, which PostgreSQL cannot keep");
  if (PQsendQueryPrepared(c, found->second.c_str(), parameters.count(), parameters.data(),
                          parameters.lengths(), parameters.formats(), 0) == 0)
    return failed(nullptr);
  return {};
}

/// A statement was prepared for a table that looks otherwise now: it is prepared anew.
bool PostgresDatabase::State::outlived_its_table(std::string_view text, const PGresult* answer) {
  const auto found = kept.find(text);
  if (field_of(answer, PG_DIAG_SQLSTATE) != "0A000" || found == kept.end()) return false;
  kept.erase(found);
  return true;
}

Status PostgresDatabase::State::ask(std::string_view text, std::span<const SqlValue> values,
                                    const std::function<void(const PGresult*)>& take_row,
                                    std::uint64_t& changed) {
  if (auto sent = send(text, values); !sent) return sent;
  if (take_row) PQsetSingleRowMode(connection.get());
  Status status;
  bool anew = false;
  while (const Answer answer{PQgetResult(connection.get())}) {
    const ExecStatusType result = PQresultStatus(answer.get());
    if (result == PGRES_SINGLE_TUPLE) {
      answering = true;
      take_row(answer.get());
      answering = false;
    } else if (result == PGRES_COMMAND_OK || result == PGRES_TUPLES_OK) {
      const std::string_view count = PQcmdTuples(answer.get());
      changed = 0;
      std::from_chars(count.data(), count.data() + count.size(), changed);
    } else if (status) {
      status = failed(answer.get());
      anew = outlived_its_table(text, answer.get());
    }
    if (PQstatus(connection.get()) == CONNECTION_BAD) break;
  }
  if (!anew) return status;
  if (PQtransactionStatus(connection.get()) == PQTRANS_IDLE)
    return ask(text, values, take_row, changed);
  trouble = Trouble::again;
  return status;
}

PostgresDatabase::PostgresDatabase(std::unique_ptr<State> state) : state_{std::move(state)} {}
PostgresDatabase::~PostgresDatabase() = default;

Result<std::unique_ptr<PostgresDatabase>> PostgresDatabase::open(const std::string& address) {
  auto read = read_postgres_address(address);
  if (!read) return std::unexpected(std::move(read).error());
  auto state = std::make_unique<State>();
  state->address = *std::move(read);
  if (auto connected = state->connect(); !connected)
    return std::unexpected(std::move(connected).error());
  return std::unique_ptr<PostgresDatabase>{new PostgresDatabase{std::move(state)}};
}

const std::string& PostgresDatabase::where() const { return state_->address.where; }
Trouble PostgresDatabase::trouble() const { return state_->trouble; }

Status PostgresDatabase::run(std::string_view statements) {
  return state_->execute(std::string{statements}.c_str());
}

Result<std::uint64_t> PostgresDatabase::change(std::string_view statement,
                                               std::span<const SqlValue> values) {
  std::uint64_t changed = 0;
  if (auto done = state_->ask(statement, values, {}, changed); !done)
    return std::unexpected(std::move(done).error());
  return changed;
}

Status PostgresDatabase::query(std::string_view statement, std::span<const SqlValue> values,
                               const std::function<void(const SqlRow&)>& take) {
  std::uint64_t changed = 0;
  return state_->ask(
      statement, values, [&](const PGresult* answer) { take(Row{answer}); }, changed);
}

Status PostgresDatabase::load(std::string_view table, std::span<const std::string_view> columns,
                              std::span<const SqlValue> values,
                              std::optional<std::size_t>& bad_row) {
  bad_row.reset();
  assert(in_transaction_ && "as in SQLite");
  assert(!columns.empty() && values.size() % columns.size() == 0);
  State& state = *state_;
  assert(!state.answering && "the database is used while it answers");
  state.trouble = Trouble::none;
  PGconn* const c = state.connection.get();
  std::string text = fmt::format("COPY {}(", table);
  for (std::size_t n = 0; n < columns.size(); ++n) text.append(n ? ", " : "").append(columns[n]);
  text += ") FROM STDIN";
  {
    const Answer answer{PQexec(c, text.c_str())};
    if (PQresultStatus(answer.get()) != PGRES_COPY_IN) return state.failed(answer.get());
  }
  std::string& rows = state.rows;
  rows.clear();
  const auto flush = [&] {
    const bool sent = PQputCopyData(c, rows.data(), static_cast<int>(rows.size())) == 1;
    rows.clear();
    return sent;
  };
  bool sending = true;
  for (std::size_t n = 0; sending && n < values.size(); ++n) {
    append_value(rows, values[n]);
    rows += (n + 1) % columns.size() == 0 ? '\n' : '\t';
    if (rows.size() >= block) sending = flush();
  }
  if (sending && !rows.empty()) sending = flush();
  if (sending) sending = PQputCopyEnd(c, nullptr) == 1;
  Status status;
  while (const Answer answer{PQgetResult(c)}) {
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) continue;
    if (status) {
      status = state.failed(answer.get());
      if (state.trouble == Trouble::row)
        if (const auto line = line_of(field_of(answer.get(), PG_DIAG_CONTEXT))) bad_row = *line - 1;
    }
    // Else it asks for more rows for ever.
    if (PQresultStatus(answer.get()) == PGRES_COPY_IN || PQstatus(c) == CONNECTION_BAD) break;
  }
  if (status && !sending) return state.failed(nullptr);
  return status;
}

Status PostgresDatabase::begin() {
  auto begun = state_->execute("BEGIN");
  in_transaction_ = begun.has_value();
  return begun;
}

Status PostgresDatabase::commit() {
  in_transaction_ = false;
  return state_->execute("COMMIT", "COMMIT");
}

void PostgresDatabase::roll_back() {
  in_transaction_ = false;
  PGconn* const c = state_->connection.get();
  if (c == nullptr || PQstatus(c) != CONNECTION_OK || PQtransactionStatus(c) == PQTRANS_IDLE)
    return;
  PQclear(PQexec(c, "ROLLBACK"));
}

Status PostgresDatabase::savepoint() { return state_->execute("SAVEPOINT part"); }
Status PostgresDatabase::release_savepoint() { return state_->execute("RELEASE SAVEPOINT part"); }
void PostgresDatabase::roll_back_to_savepoint() {
  // One round trip; both fail where the connection is lost.
  PQclear(PQexec(state_->connection.get(), "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part"));
}

Status PostgresDatabase::reconnect() {
  in_transaction_ = false;
  auto connected = state_->connect();
  if (!connected && state_->trouble == Trouble::connection && state_->is_refused_for_good())
    state_->trouble = Trouble::destination;
  return connected;
}

Result<std::unique_ptr<Database>> open_postgres(const std::string& address) {
  return PostgresDatabase::open(address);
}

}  // namespace callrail
