#include "copy_tables.hpp"

#include "byte_store.hpp"
#include "canonical.hpp"
#include "history.hpp"
#include "own_tables.hpp"
#include "row_hash.hpp"
#include "stored_value.hpp"
#include "tables_there.hpp"

#include <callrail/sql_names.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <checkpoint_store.hpp>
#include <cstring>
#include <map>
#include <optional>
#include <plain_text.hpp>
#include <utility>

namespace callrail {

namespace {

constexpr std::size_t most_rows = 2000, most_bytes = 4u << 20;

/// `bytes` beside what fields are stored as.
enum class Sort : std::uint8_t { text, integer, numeric, boolean, instant, json, bytes };

struct Column {
  std::string name;
  Sort sort = Sort::text;
};
using Tables = std::map<std::string, std::vector<Column>, std::less<>>;

/// SQLite's types may have a default behind them.
Sort sort_of(std::string_view type) {
  const auto is = [&](std::string_view name) { return type.starts_with(name); };
  if (is("jsonb")) return Sort::json;
  if (is("boolean")) return Sort::boolean;
  if (is("bytea") || is("BLOB")) return Sort::bytes;
  if (is("timestamp")) return Sort::instant;
  if (is("numeric") || is("NUMERIC")) return Sort::numeric;
  if (is("bigint") || is("BIGINT") || is("integer") || is("INTEGER")) return Sort::integer;
  return Sort::text;
}

/// For columns only SQLite has: what they hold is known no closer.
std::string_view postgres_type(Sort sort) {
  switch (sort) {
    case Sort::integer: return "bigint";
    case Sort::numeric: return "numeric";
    case Sort::bytes: return "bytea";
    default: return "text";
  }
}

Result<Tables> tables_of(Database& db) {
  const auto there = tables_there(db);
  if (!there) return std::unexpected(there.error());
  Tables tables;
  for (const auto& [name, columns] : there->tables)
    for (const ColumnThere& column : columns)
      if (!name.starts_with("sqlite_")) tables[name].push_back({column.name, sort_of(column.type)});
  return tables;
}

/// Who runs, how far it came and what migrate did are of the database, not of its rows.
bool stays(std::string_view table) {
  if (table == "_lease" || table == "_schema") return true;
  const auto checkpoint = CheckpointStore::tables(checkpoint_prefix);
  return std::ranges::find(checkpoint, table) != checkpoint.end();
}

/// Adds up what rows hash to, so that their order does not count and a double does.
class Checksum {
 public:
  void add(const RowHash& hash) {
    std::uint64_t half = 0;
    std::memcpy(&half, hash.data(), sizeof half);
    low_ += half;
    std::memcpy(&half, hash.data() + sizeof half, sizeof half);
    high_ += half;
    ++rows_;
  }
  std::uint64_t rows() const { return rows_; }
  std::string text() const { return fmt::format("{:016x}{:016x}", high_, low_); }
  friend bool operator==(const Checksum&, const Checksum&) = default;

 private:
  std::uint64_t low_ = 0, high_ = 0, rows_ = 0;
};

/// What a value is, whichever database gave it.
void append_canonical(Sort sort, std::string_view value, std::string& out) {
  switch (sort) {
    case Sort::numeric: return append_canonical_number(value, out);
    case Sort::json: return append_canonical_json(value, out);
    case Sort::instant: {
      const auto time = read_instant(value);
      out += time ? spell_instant(*time) : std::string{value};
      return;
    }
    case Sort::boolean: out += value == "t" || value == "1" ? '1' : '0'; return;
    default: out += value;
  }
}

class RowDigest {
 public:
  void begin() { hasher_.begin(); }
  void add(const Column& column, std::string_view value) {
    canonical_.clear();
    append_canonical(column.sort, value, canonical_);
    hasher_.add(column.name, Cell::of(canonical_));
  }
  void end(Checksum& sum) { sum.add(hasher_.end()); }

 private:
  RowHasher hasher_;
  std::string canonical_;
};

std::string all_of(const std::string& table, const std::vector<Column>& columns) {
  std::string query;
  for (const Column& column : columns)
    query.append(query.empty() ? "SELECT " : ", ").append(sql_name(column.name));
  return query + " FROM " + sql_name(table);
}

/// One table on its way.
class Copy {
 public:
  Copy(Database& from, Database& to, const std::string& table, const std::vector<Column>& columns)
      : from_{from}, to_{to}, table_{table}, columns_{columns} {
    for (const Column& column : columns) names_.push_back(sql_name(column.name));
    for (const std::string& name : names_) views_.push_back(name);
  }

  Result<CopiedTable> run() {
    Checksum sent, found;
    const std::string query = all_of(table_, columns_);
    auto read = from_.query(query, {}, [&](const SqlRow& row) {
      if (status_) take(row, sent);
    });
    if (read && status_) load();
    if (!status_) return std::unexpected(std::move(status_).error());
    if (!read) return std::unexpected(std::move(read).error());
    auto again = to_.query(query, {}, [&](const SqlRow& row) { count(row, found); });
    if (!again) return std::unexpected(std::move(again).error());
    if (sent != found)
      return fail(
          Code::sink_failed,
          fmt::format("{}: {} has {} rows with checksum {}, and its source {} with {}; "
                      "nothing was copied; let nobody write into it and run again",
                      to_.where(), table_, found.rows(), found.text(), sent.rows(), sent.text()));
    return CopiedTable{table_, sent.rows(), sent.text()};
  }

 private:
  void take(const SqlRow& row, Checksum& sent) {
    digest_.begin();
    for (std::size_t n = 0; n < columns_.size(); ++n) {
      SqlValue& value = values_.emplace_back();
      if (row.is_null(n)) continue;
      value = value_of(columns_[n].sort, row, n);
      digest_.add(columns_[n], value.text);
    }
    digest_.end(sent);
    if (values_.size() / columns_.size() >= most_rows || store_.size() >= most_bytes) load();
  }

  SqlValue value_of(Sort sort, const SqlRow& row, std::size_t n) {
    if (sort == Sort::bytes) return SqlValue::blob(store_.keep(row.blob(n)));
    const Text text = store_.keep(row.text(n));
    if (sort == Sort::json) {
      SqlValue value;
      (void)stored_value(Dialect::postgresql, Stored::json, Cell::of(text, Kind::json), store_,
                         value);
      return value;
    }
    return is_plain_text(text) ? SqlValue{text} : SqlValue{store_.keep(plain_text(text))};
  }

  void load() {
    if (values_.empty()) return;
    std::optional<std::size_t> bad_row;
    status_ = to_.load(sql_name(table_), views_, values_, bad_row);
    if (!status_ && bad_row)
      status_.error().what +=
          fmt::format("; it is row {} of {} in {}", copied_ + *bad_row + 1, table_, from_.where());
    copied_ += values_.size() / columns_.size();
    values_.clear();
    store_.clear();
  }

  void count(const SqlRow& row, Checksum& found) {
    digest_.begin();
    for (std::size_t n = 0; n < columns_.size(); ++n)
      if (!row.is_null(n))
        digest_.add(columns_[n], columns_[n].sort == Sort::bytes ? row.blob(n) : row.text(n));
    digest_.end(found);
  }

  Database &from_, &to_;
  const std::string& table_;
  const std::vector<Column>& columns_;
  std::vector<std::string> names_;
  std::vector<std::string_view> views_;
  ByteStore store_;
  std::vector<SqlValue> values_;
  RowDigest digest_;
  std::size_t copied_ = 0;
  Status status_;
};

/// The columns to copy, by what they are in the target; those it lacks are made there.
Result<std::vector<Column>> matched(Database& to, const std::string& table,
                                    const std::vector<Column>& source,
                                    const std::vector<Column>& target, CopyReport& report) {
  std::vector<Column> columns;
  for (const Column& column : source) {
    const auto there = std::ranges::find(target, column.name, &Column::name);
    if (there != target.end()) {
      columns.push_back(*there);
      continue;
    }
    const auto type = postgres_type(column.sort);
    if (auto added = to.run(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", sql_name(table),
                                        sql_name(column.name), type));
        !added)
      return std::unexpected(std::move(added).error());
    columns.push_back({column.name, sort_of(type)});
    report.added.push_back(table + '.' + column.name);
  }
  return columns;
}

Status make_room(Database& to, const std::string& table, bool replace) {
  if (replace) return to.run("TRUNCATE " + sql_name(table));
  bool rows = false;
  auto asked = to.query("SELECT 1 FROM " + sql_name(table) + " LIMIT 1", {},
                        [&](const SqlRow&) { rows = true; });
  if (asked && rows)
    return fail(Code::bad_request,
                fmt::format("{}: {} has rows already; name an empty database, or say that they may "
                            "be replaced",
                            to.where(), table));
  return asked;
}

Result<CopyReport> copy_all(Database& from, Database& to, const CopyOptions& options) {
  for (Database* const db : {&from, &to})
    if (auto free = nobody_runs(*db); !free) return std::unexpected(std::move(free).error());
  auto source = tables_of(from), target = tables_of(to);
  if (!source) return std::unexpected(std::move(source).error());
  if (!target) return std::unexpected(std::move(target).error());
  CopyReport report;
  std::vector<std::string> wanted;
  for (const auto& [table, columns] : *source) {
    if (stays(table)) continue;
    (target->contains(table) ? wanted : report.left).push_back(table);
  }
  // All of them first: a refusal should not take an hour.
  for (const std::string& table : wanted)
    if (auto made = make_room(to, table, options.replace); !made)
      return std::unexpected(std::move(made).error());
  for (const std::string& table : wanted) {
    const auto columns = matched(to, table, (*source)[table], (*target)[table], report);
    if (!columns) return std::unexpected(columns.error());
    auto copied = Copy{from, to, table, *columns}.run();
    if (!copied) return std::unexpected(std::move(copied).error());
    if (auto analyzed = to.run("ANALYZE " + sql_name(table)); !analyzed)
      return std::unexpected(std::move(analyzed).error());
    if (options.done) options.done(*copied);
    report.tables.push_back(*std::move(copied));
  }
  return report;
}

}  // namespace

Result<CopyReport> copy_tables(Database& from, Database& to, const CopyOptions& options) {
  if (from.dialect() != Dialect::sqlite || to.dialect() != Dialect::postgresql)
    return fail(Code::bad_request,
                "copies go from sqlite:FILE to postgresql://…; a file is copied by copying it");
  // One state of the source for all tables; its writers go on.
  if (auto begun = from.run("BEGIN"); !begun) return std::unexpected(std::move(begun).error());
  auto status = to.begin();
  Result<CopyReport> report =
      status ? copy_all(from, to, options) : std::unexpected(status.error());
  if (report) {
    status = to.commit();
    if (!status) report = std::unexpected(status.error());
  }
  if (!report) to.roll_back();
  (void)from.run("COMMIT");
  return report;
}

}  // namespace callrail
