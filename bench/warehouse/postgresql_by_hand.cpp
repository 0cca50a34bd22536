#include "by_hand.hpp"

#include <fmt/format.h>

#include <libpq-fe.h>
#include <unordered_map>

namespace callrail::bench {

namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

/// In COPY's text format.
void append(std::string& out, const HandValue& value) {
  switch (value.kind) {
    case HandValue::Kind::null: out += "\\N"; return;
    case HandValue::Kind::integer: out += std::to_string(value.integer); return;
    case HandValue::Kind::text:
      for (const char c : value.text) switch (c) {
          case '\\': out += "\\\\"; break;
          case '\t': out += "\\t"; break;
          case '\n': out += "\\n"; break;
          case '\r': out += "\\r"; break;
          default: out += c;
        }
      return;
    case HandValue::Kind::blob:
      out += "\\\\x";
      for (const char c : value.text) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
      }
      return;
  }
}

class PostgresqlByHand final : public Side {
 public:
  PostgresqlByHand(const Calls& calls, const Place& place) : rows_{calls.task()}, place_{place} {}

  Status begin() override {
    db_.reset(PQconnectdb(place_.name().c_str()));
    if (PQstatus(db_.get()) != CONNECTION_OK) return failed();
    const auto& columns = rows_.columns();
    const std::string names = fmt::format("{}", fmt::join(columns, ", "));
    std::string set;
    for (const std::string& name : columns)
      if (name != "_account_id" && name != "id" && name != "_first_seen_at")
        set += fmt::format("{0} = excluded.{0}, ", name);
    merge_ = fmt::format(
        "INSERT INTO calls AS t ({0}) SELECT {0} FROM staging ON CONFLICT (_account_id, id) DO "
        "UPDATE SET {1}_removed_at = NULL, _removed_reason = NULL WHERE t._row_hash <> "
        "excluded._row_hash OR t._removed_at IS NOT NULL RETURNING id, xmax = 0",
        names, set);
    if (auto set_up = run("SET client_min_messages = warning; SET TimeZone = 'UTC'"); !set_up)
      return set_up;
    for (const HandRows::Child& child : rows_.children()) {
      const std::string text = fmt::format(
          "DELETE FROM {} WHERE _account_id = $1 AND call_id = ANY ($2::text[])", child.table);
      const Answer prepared{PQprepare(db_.get(), child.table.c_str(), text.c_str(), 0, nullptr)};
      if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return failed();
    }
    return run(fmt::format("CREATE TEMPORARY TABLE staging ON COMMIT DELETE ROWS AS SELECT {} FROM "
                           "calls WHERE false",
                           names)
                   .c_str());
  }

  Status load(const Calls::Part& part) override {
    if (auto begun = run("BEGIN"); !begun) return begun;
    std::vector<HandValue> values(rows_.columns().size());
    text_.clear();
    std::unordered_map<Text, std::size_t> places;
    for (std::size_t row = 0; row < part.rows.count; ++row) {
      rows_.spell(part.rows, row, values.data());
      add(values, values.size());
      places.emplace(values[rows_.key()].text, row);
      rows_.forget();
    }
    if (auto copied = copy("staging", rows_.columns()); !copied) return copied;
    const Answer merged{PQexec(db_.get(), merge_.c_str())};
    if (PQresultStatus(merged.get()) != PGRES_TUPLES_OK) return failed();
    std::vector<std::size_t> changed;
    std::string old;
    for (int n = 0; n < PQntuples(merged.get()); ++n) {
      const Text id = PQgetvalue(merged.get(), n, 0);
      changed.push_back(places.at(id));
      if (PQgetvalue(merged.get(), n, 1)[0] != 't') old.append(old.empty() ? "{" : ",").append(id);
    }
    for (const HandRows::Child& child : rows_.children())
      if (auto put = put_children(part.rows, changed, old, child); !put) return put;
    return run("COMMIT");
  }

  Status end() override {
    db_.reset();
    return {};
  }

  Result<Read> ask(std::string_view question) override {
    if (PQsendQueryParams(db_.get(), std::string{question}.c_str(), 0, nullptr, nullptr, nullptr,
                          nullptr, 0) == 0 ||
        PQsetSingleRowMode(db_.get()) == 0)
      return failed();
    Read read;
    while (const Answer answer{PQgetResult(db_.get())}) {
      if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) continue;
      if (PQresultStatus(answer.get()) != PGRES_SINGLE_TUPLE) return failed();
      ++read.rows;
      for (int n = 0; n < PQnfields(answer.get()); ++n)
        read.bytes += static_cast<std::size_t>(PQgetlength(answer.get(), 0, n));
    }
    return read;
  }

  std::int64_t server() const override { return PQbackendPID(db_.get()); }

 private:
  std::unexpected<Error> failed() {
    return fail(Code::sink_failed, std::string{"by hand: "} + PQerrorMessage(db_.get()));
  }
  Status run(const char* text) {
    const Answer answer{PQexec(db_.get(), text)};
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failed();
    return {};
  }
  void add(const std::vector<HandValue>& values, std::size_t width) {
    for (std::size_t n = 0; n < values.size(); ++n) {
      append(text_, values[n]);
      text_ += (n + 1) % width == 0 ? '\n' : '\t';
    }
  }
  Status copy(const std::string& table, const std::vector<std::string>& columns) {
    {
      const Answer answer{
          PQexec(db_.get(),
                 fmt::format("COPY {} ({}) FROM STDIN", table, fmt::join(columns, ", ")).c_str())};
      if (PQresultStatus(answer.get()) != PGRES_COPY_IN) return failed();
    }
    if (PQputCopyData(db_.get(), text_.data(), static_cast<int>(text_.size())) != 1 ||
        PQputCopyEnd(db_.get(), nullptr) != 1)
      return failed();
    bool fine = true;
    while (const Answer answer{PQgetResult(db_.get())})
      fine = fine && PQresultStatus(answer.get()) == PGRES_COMMAND_OK;
    if (!fine) return failed();
    return {};
  }
  Status put_children(const Rows& rows, const std::vector<std::size_t>& changed,
                      const std::string& old, const HandRows::Child& child) {
    if (!old.empty()) {
      const std::string owner{account}, ids = old + '}';
      const char* const values[] = {owner.c_str(), ids.c_str()};
      const Answer answer{
          PQexecPrepared(db_.get(), child.table.c_str(), 2, values, nullptr, nullptr, 0)};
      if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed();
    }
    text_.clear();
    for (const std::size_t row : changed) {
      of_child_.clear();
      rows_.spell_children(rows, row, child, of_child_);
      add(of_child_, child.columns.size());
      rows_.forget();
    }
    return text_.empty() ? Status{} : copy(child.table, child.columns);
  }

  HandRows rows_;
  const Place& place_;
  std::unique_ptr<PGconn, Finish> db_;
  std::string merge_, text_;
  std::vector<HandValue> of_child_;
};

}  // namespace

std::unique_ptr<Side> postgresql_by_hand(const Calls& calls, const Place& place) {
  return std::make_unique<PostgresqlByHand>(calls, place);
}

}  // namespace callrail::bench
