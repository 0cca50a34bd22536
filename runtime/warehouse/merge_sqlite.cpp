#include "merge_sqlite.hpp"

namespace callrail {

SqliteMerge::SqliteMerge(const TablePlan& plan) : TableMerge{plan, Dialect::sqlite} {
  for (const TablePlan::Child& child : plan.children)
    for (std::size_t i = 0; i < plan.first_key(); ++i)
      if (plan.columns[i].cell == child.cell && plan.columns[i].member == nullptr)
        list_values_.push_back(i);
}

/// Row by row: a call into SQLite costs less than gathering rows for it.
Status SqliteMerge::merge(Database& db, const RowBatch& batch, const Stamp& stamp,
                          std::span<MergeRow> rows, MergeNotes& notes) {
  values_.clear();
  row_.resize(statements_.width);
  for (MergeRow& row : rows)
    if (auto status = one(db, batch, stamp, row, notes); !status) return status;
  return {};
}

Status SqliteMerge::one(Database& db, const RowBatch& batch, const Stamp& stamp, MergeRow& row,
                        MergeNotes& notes) {
  values_.look_up(batch, row.row, row.account, row_.data());
  row.fate = Fate::created;
  const auto found = [&](const SqlRow& answer) {
    row.fate = answer.number(1) != 0   ? Fate::returned
               : answer.number(0) != 0 ? Fate::unchanged
                                       : Fate::updated;
    row.hash_was_unknown = answer.number(2) != 0;
    row.hash_was_taken = answer.number(3) != 0;
  };
  const auto key = std::span{row_}.subspan(statements_.hash);
  if (auto status = db.query(statements_.look_up, key, found); !status) return status;
  const bool doubtful = is_doubtful(row);
  if (row.fate == Fate::unchanged || (notes.dry && !doubtful)) return {};
  const std::size_t before = notes.findings.size();
  values_.fill(batch, row.row, stamp, row_.data(),
               notes.findings_wanted && !notes.dry ? &notes.findings : nullptr);
  // Only the statement is undone, and the next row goes on.
  const auto refused = [&](Error&& error) -> Status {
    if (db.trouble() != Trouble::row) return std::unexpected(std::move(error));
    row.fate = Fate::rejected;
    notes.findings.resize(before);
    notes.refused.emplace_back(row.row, std::move(error).what);
    return {};
  };
  if (doubtful)
    if (auto status = compare(db, row); !status) return refused(std::move(status).error());
  if (row.fate == Fate::unchanged) notes.findings.resize(before);
  if (row.fate == Fate::unchanged || notes.dry) return {};
  const bool is_new = row.fate == Fate::created;
  if (!is_new)
    if (auto status = find_same_lists(db, row); !status) return refused(std::move(status).error());
  if (auto done = db.change(is_new ? statements_.insert : statements_.update, row_); !done)
    return refused(std::move(done).error());
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (!is_new && same_lists_[i]) continue;
    if (auto status = put_children(db, batch, row, i, is_new); !status) {
      if (db.trouble() == Trouble::row) notes.refused.emplace_back(row.row, status.error().what);
      return status;
    }
  }
  return {};
}

/// What an element has comes from the list beside it, so a list that is as it was has its elements.
Status SqliteMerge::find_same_lists(Database& db, const MergeRow& row) {
  same_lists_.assign(children_.size(), false);
  // After a migration the list may be what changed.
  if (children_.empty() || row.hash_was_unknown) return {};
  asked_.clear();
  for (const std::size_t place : list_values_) asked_.push_back(row_[place]);
  asked_.insert(asked_.end(), row_.begin() + static_cast<std::ptrdiff_t>(statements_.hash + 1),
                row_.end());
  return db.query(statements_.same_lists, asked_, [&](const SqlRow& found) {
    for (std::size_t i = 0; i < same_lists_.size(); ++i) same_lists_[i] = found.number(i) != 0;
  });
}

Status SqliteMerge::compare(Database& db, MergeRow& row) {
  bool same = false;
  std::string extra;
  auto status = db.query(statements_.compare, row_, [&](const SqlRow& found) {
    same = found.number(0) != 0;
    extra = found.text(1);
  });
  if (status) compared(row, same, values_.store().keep(extra), row_.data());
  return status;
}

Status SqliteMerge::put_children(Database& db, const RowBatch& batch, const MergeRow& row,
                                 std::size_t n, bool is_new) {
  const auto key = std::span{row_}.subspan(statements_.hash + 1);
  if (!is_new)
    if (auto done = db.change(children_[n].remove, key); !done)
      return std::unexpected(std::move(done).error());
  of_children_.clear();
  values_.children(batch, row.row, plan_.children[n], row_.data(), of_children_);
  if (of_children_.empty()) return {};
  std::optional<std::size_t> bad;
  return db.load(children_[n].table, child_columns_[n], of_children_, bad);
}

}  // namespace callrail
