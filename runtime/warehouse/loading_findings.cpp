/// What is to be said about rows: why they were rejected, and what is odd about them.
#include "loading.hpp"

#include <callrail/sha256.hpp>
#include <callrail/sql_names.hpp>

#include <algorithm>
#include <string_view>

namespace callrail {

namespace {

/// What a warehouse says about a row may hold the text of the row.
SqlValue safe(Dialect dialect, Text text, ByteStore& store) {
  SqlValue value;
  stored_value(dialect, Stored::text, Cell::of(text), store, value);
  return value;
}

/// By which a reject is found again; the row itself is too long for an index.
std::string print_of(Text reason, Text raw) {
  Sha256 hash;
  hash.add(reason);
  hash.add(Text{"\0", 1});
  hash.add(raw);
  return hash.hex();
}

}  // namespace

Status Loading::put_findings(Database& db, const Stamp& stamp, const std::vector<MergeRow>& rows,
                             MergeNotes& notes, Applied& applied) {
  std::vector<Finding> found;
  std::vector<const MergeRow*> of_row(batch_.size());
  for (const MergeRow& row : rows) {
    of_row[row.row] = &row;
    if (!facts_.checks || row.fate == Fate::unchanged || row.fate == Fate::rejected) continue;
    found.clear();
    find_oddities(plan_, batch_.row(row.row), found);
    for (const Finding& finding : found) notes.findings.push_back({row.row, finding});
  }
  applied.counts.warnings += notes.findings.size();
  if (notes.dry) return {};
  if (auto status = forget_findings(db, rows); !status) return status;
  if (notes.findings.empty()) return {};
  static constexpr std::string_view columns[] = {"run_id", "endpoint", "_account_id", "key",
                                                 "field",  "rule",     "value",       "at"};
  scratch_.clear();
  std::vector<SqlValue> values;
  for (const auto& [row, finding] : notes.findings) {
    const Text key = scratch_.keep(key_text(plan_, batch_.row(row)));
    const Text account = plan_.has_account() ? of_row[row]->account : key;
    values.insert(values.end(), {SqlValue{stamp.run}, SqlValue{endpoint_.name}, SqlValue{account},
                                 SqlValue{key}, SqlValue{finding.field}, SqlValue{finding.rule},
                                 safe(dialect_, finding.value, scratch_), SqlValue{stamp.now}});
  }
  std::optional<std::size_t> bad;
  return db.load("quality_issues", columns, values, bad);
}

/// What was odd about the rows before they changed.
Status Loading::forget_findings(Database& db, const std::vector<MergeRow>& rows) {
  const auto is_old = [](const MergeRow& row) {
    return row.fate == Fate::updated || row.fate == Fate::returned;
  };
  std::string of_fields;
  if (!plan_.part.empty()) {
    for (const std::size_t field : plan_.fields)
      of_fields +=
          (of_fields.empty() ? " AND field IN (" : ", ") + sql_text(endpoint_.fields[field].name);
    for (const TablePlan::Column& column : plan_.columns) of_fields += ", " + sql_text(column.name);
    of_fields += ')';
  }
  if (dialect_ == Dialect::sqlite) {
    for (const MergeRow& row : rows) {
      if (!is_old(row)) continue;
      const std::string key = key_text(plan_, batch_.row(row.row));
      const SqlValue values[] = {endpoint_.name, plan_.has_account() ? row.account : Text{key},
                                 key};
      if (auto done = db.change("DELETE FROM quality_issues WHERE endpoint = $1 AND _account_id = "
                                "$2 AND key = $3" +
                                    of_fields,
                                values);
          !done)
        return std::unexpected(std::move(done).error());
    }
    return {};
  }
  std::string accounts, keys;
  for (const MergeRow& row : rows) {
    if (!is_old(row)) continue;
    const std::string key = key_text(plan_, batch_.row(row.row));
    append_array_element(accounts, plan_.has_account() ? row.account : Text{key}, keys.empty());
    append_array_element(keys, key, keys.empty());
  }
  if (keys.empty()) return {};
  accounts += '}';
  keys += '}';
  const SqlValue values[] = {endpoint_.name, accounts, keys};
  auto done = db.change(
      "DELETE FROM quality_issues AS q USING unnest($2::text[], $3::text[]) AS k(account, key) "
      "WHERE "
      "q.endpoint = $1 AND q._account_id = k.account AND q.key = k.key" +
          of_fields,
      values);
  if (!done) return std::unexpected(std::move(done).error());
  return {};
}

/// The same row for the same reason is stored once, and counted each time.
Status Loading::put_rejects(Database& db, const Stamp& stamp, Applied& applied) {
  applied.counts.rejected += rejected_.size();
  if (facts_.mode == SyncMode::dry_run) return {};
  for (const Window& window : windows_)
    for (auto at = rejected_.lower_bound(window.first);
         at != rejected_.end() && at->first < window.behind; ++at) {
      scratch_.clear();
      const auto cells = batch_.row(at->first);
      const std::string raw = raw_json(plan_, cells), account = account_of(window, at->first);
      const std::string print = print_of(at->second, raw);
      const SqlValue values[] = {endpoint_.name,
                                 safe(dialect_, account, scratch_),
                                 safe(dialect_, at->second, scratch_),
                                 SqlValue{raw},
                                 SqlValue{print},
                                 SqlValue{stamp.run},
                                 SqlValue{stamp.now}};
      bool known = false;
      // Those of an older program have no print.
      auto status = db.query(
          "SELECT 1 FROM rejects WHERE endpoint = $1 AND _account_id = $2 AND _print IN ($5, '') "
          "AND reason = $3 AND raw = $4 LIMIT 1",
          std::span{values}.first(5), [&](const SqlRow&) { known = true; });
      if (!status) return status;
      if (known) continue;
      auto done = db.change(
          "INSERT INTO rejects (endpoint, _account_id, reason, raw, _print, run_id, at) VALUES "
          "($1, $2, $3, $4, $5, $6, $7)",
          values);
      if (!done) return std::unexpected(std::move(done).error());
    }
  return {};
}

}  // namespace callrail
