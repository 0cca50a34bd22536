#include "loading.hpp"

#include "window_ends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace callrail {

Loading::Loading(const Endpoint& endpoint, const Table* table, Dialect dialect,
                 const LoadFacts& facts, Cursors& cursors)
    : endpoint_{endpoint},
      facts_{facts},
      dialect_{dialect},
      plan_{TablePlan::of(endpoint, *endpoint.table, table)},
      batch_{plan_},
      merge_{make_table_merge(plan_, dialect)},
      cursors_{cursors} {}

void Loading::write(const Rows& rows) { batch_.add(rows); }

void Loading::settled(const Scope& scope, const WindowProof& proof, bool whole_list) {
  Window window{.first = std::exchange(settled_, batch_.size()),
                .behind = batch_.size(),
                .list = values_of(endpoint_, scope),
                .proof = proof,
                .whole_list = whole_list,
                .complete = proof.proof && is_complete(*proof.proof)};
  check(window);
  if (plan_.cursor) {
    std::optional<Clock::Wall> greatest;
    for (std::size_t row = window.first; row < window.behind; ++row)
      if (const auto value = cursor_of(row); value && (!greatest || *greatest < *value))
        greatest = value;
    cursors_.window(name_of(endpoint_, scope, facts_.narrowed), proof, window.complete, greatest,
                    facts_.mode);
  }
  windows_.push_back(std::move(window));
}

void Loading::settle_rest() {
  if (settled_ != batch_.size()) settled({}, {}, false);
}

/// Finds the rows that cannot be stored.
void Loading::check(Window& window) {
  for (std::size_t row = window.first; row < window.behind; ++row) {
    const auto cells = batch_.row(row);
    scratch_.clear();
    auto reason = reason_to_reject(plan_, cells, facts_.checks, scratch_);
    if (!reason && facts_.strict && facts_.checks) reason = first_oddity(plan_, cells, scratch_);
    if (reason) rejected_.emplace(row, *std::move(reason));
  }
}

std::optional<Clock::Wall> Loading::cursor_of(std::size_t row) const {
  Timestamp time;
  if (!plan_.cursor || !read(batch_.row(row)[*plan_.cursor], time)) return std::nullopt;
  return time.utc;
}

std::string Loading::account_of(const Window& window, std::size_t row) const {
  return plan_.has_account() ? window.list.account : key_text(plan_, batch_.row(row));
}

Status Loading::apply(Database& db, const std::string& now, Applied& applied) {
  const Stamp stamp{now, facts_.run};
  applied = {};
  learnt_ = false;
  if (auto status = remove_unlisted(db, stamp, applied); !status) return status;
  if (auto status = merge(db, stamp, applied); !status) return status;
  if (auto status = put_rejects(db, stamp, applied); !status) return status;
  if (facts_.mode == SyncMode::dry_run) return {};
  if (auto status = put_edit_ages(db, applied); !status) return status;
  return cursors_.save(db, endpoint_.name, facts_.run);
}

void Loading::committed() {
  bytes_before_ += batch_.bytes();
  rows_before_ += batch_.size();
  clear();
  cursors_.committed();
}

void Loading::discard() {
  clear();
  cursors_.undo();
}

void Loading::clear() {
  batch_.clear();
  windows_.clear();
  rejected_.clear();
  settled_ = 0;
}

Status Loading::merge(Database& db, const Stamp& stamp, Applied& applied) {
  std::vector<MergeRow> rows;
  for (const Window& window : windows_)
    for (std::size_t row = window.first; row < window.behind; ++row)
      if (!rejected_.contains(row)) rows.push_back({.row = row, .account = window.list.account});
  MergeNotes notes{.dry = facts_.mode == SyncMode::dry_run, .findings_wanted = facts_.checks};
  auto status = merge_->merge(db, batch_, stamp, rows, notes);
  for (auto& [row, why] : notes.refused) learnt_ |= rejected_.emplace(row, std::move(why)).second;
  if (!status) return status;
  for (const MergeRow& row : rows) {
    TableCounts& counts = applied.counts;
    switch (row.fate) {
      case Fate::created: ++counts.created; break;
      case Fate::returned: ++counts.returned; [[fallthrough]];
      case Fate::updated: ++counts.updated; break;
      case Fate::unchanged: ++counts.unchanged; break;
      case Fate::rejected: break;  // counted with those that never got there
    }
    const auto cursor =
        row.fate == Fate::updated && !row.hash_was_unknown ? cursor_of(row.row) : std::nullopt;
    if (cursor && *cursor <= facts_.began)
      ++applied.edit_ages[std::chrono::floor<std::chrono::days>(facts_.began - *cursor).count()];
  }
  return put_findings(db, stamp, rows, notes, applied);
}

Status Loading::put_edit_ages(Database& db, const Applied& applied) {
  for (const auto& [days, edits] : applied.edit_ages) {
    const SqlValue values[] = {endpoint_.name, days, edits};
    auto done = db.change(
        "INSERT INTO _edit_ages (endpoint, days, edits) VALUES ($1, $2, $3) ON CONFLICT (endpoint, "
        "days) DO UPDATE SET edits = _edit_ages.edits + excluded.edits",
        values);
    if (!done) return std::unexpected(std::move(done).error());
  }
  return {};
}

Status Loading::look_at_table(Database& db) const {
  const RowStatements statements = row_statements(plan_, dialect_);
  std::string columns;
  // With the table in front: SQLite takes a quoted name it does not know for a text.
  for (const std::string& column : statements.columns)
    columns.append(columns.empty() ? "t." : ", t.").append(column);
  return db.query(fmt::format("SELECT {}, t._first_seen_at, t._removed_at, t._removed_reason FROM "
                              "{} AS t WHERE 1 = 0",
                              columns, sql_name(plan_.table->name)),
                  {}, [](const SqlRow&) {});
}

}  // namespace callrail
