#include "merge_postgresql.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace callrail {

namespace {

/// Rows that are sent together: their values take about 2 MB.
constexpr std::size_t most_rows = 1000;

std::string text_of(const SqlValue& value) {
  if (value.kind == SqlValue::Kind::integer) return std::to_string(value.integer);
  if (value.kind != SqlValue::Kind::blob) return std::string{value.text};
  std::string hex = "\\x";
  for (const char byte : value.text) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

void refuse(MergeRow& row, std::string why, MergeNotes& notes) {
  row.fate = Fate::rejected;
  notes.refused.emplace_back(row.row, std::move(why));
}

}  // namespace

Status PostgresqlMerge::merge(Database& db, const RowBatch& batch, const Stamp& stamp,
                              std::span<MergeRow> rows, MergeNotes& notes) {
  Chosen waiting;
  for (MergeRow& row : rows) waiting.push_back(&row);
  std::unordered_set<std::string> taken;
  while (!waiting.empty()) {
    // One statement cannot change a row twice, so the second of two waits.
    Chosen now, later;
    taken.clear();
    for (MergeRow* const row : waiting) {
      const bool fits =
          now.size() < most_rows &&
          taken.insert(std::string{row->account} + '\x1f' + key_text(plan_, batch.row(row->row)))
              .second;
      (fits ? now : later).push_back(row);
    }
    if (auto status = chunk(db, batch, stamp, now, notes); !status) return status;
    waiting = std::move(later);
  }
  return {};
}

Status PostgresqlMerge::chunk(Database& db, const RowBatch& batch, const Stamp& stamp,
                              const Chosen& rows, MergeNotes& notes) {
  values_.clear();
  all_.resize(rows.size() * statements_.width);
  places_.assign(batch.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    places_[rows[i]->row] = i * statements_.width;
    values_.look_up(batch, rows[i]->row, rows[i]->account, all_.data() + places_[rows[i]->row]);
  }
  if (auto status = look_up(db, rows); !status) return status;
  Chosen changed, doubtful;
  for (MergeRow* const row : rows) {
    if (is_doubtful(*row)) doubtful.push_back(row);
    if (row->fate != Fate::unchanged && (!notes.dry || is_doubtful(*row))) changed.push_back(row);
  }
  if (changed.empty()) return {};
  const std::size_t refused = notes.refused.size();
  for (MergeRow* const row : changed)
    values_.fill(batch, row->row, stamp, all_.data() + places_[row->row],
                 notes.findings_wanted && !notes.dry ? &notes.findings : nullptr);
  if (!doubtful.empty()) {
    if (auto status = compare(db, doubtful); !status) return status;
    std::unordered_set<std::size_t> same;
    for (const MergeRow* const row : doubtful)
      if (row->fate == Fate::unchanged) same.insert(row->row);
    std::erase_if(changed, [](const MergeRow* row) { return row->fate == Fate::unchanged; });
    std::erase_if(notes.findings,
                  [&](const RowFinding& finding) { return same.contains(finding.row); });
  }
  if (changed.empty() || notes.dry) return {};
  if (auto status = db.run(statements_.stage); !status) return status;
  if (auto status = put(db, changed, notes); !status) return status;
  std::erase_if(changed, [](const MergeRow* row) { return row->fate == Fate::rejected; });
  if (notes.refused.size() != refused)
    std::erase_if(notes.findings, [&](const RowFinding& finding) {
      return std::ranges::any_of(notes.refused,
                                 [&](const auto& row) { return row.first == finding.row; });
    });
  for (std::size_t i = 0; i < children_.size() && !changed.empty(); ++i)
    if (auto status = put_children(db, batch, changed, i, notes); !status) return status;
  return {};
}

const SqlValue* PostgresqlMerge::values_of(const MergeRow* row) const {
  return all_.data() + places_[row->row];
}

/// The hash, the account and each part of the key of all rows, as an array each; the hash last.
std::vector<std::string> PostgresqlMerge::keys_of(const Chosen& rows) const {
  std::vector<std::string> arrays(plan_.keys + 2);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const std::size_t column = i + 1 < arrays.size() ? statements_.hash + 1 + i : statements_.hash;
    for (const MergeRow* const row : rows)
      append_array_element(arrays[i], text_of(values_of(row)[column]), row == rows.front());
    arrays[i] += '}';
  }
  return arrays;
}

Status PostgresqlMerge::look_up(Database& db, const Chosen& rows) {
  const auto arrays = keys_of(rows);
  const std::vector<SqlValue> values{arrays.begin(), arrays.end()};
  for (MergeRow* const row : rows) row->fate = Fate::created;
  return db.query(statements_.look_up_many, values, [&](const SqlRow& found) {
    MergeRow& row = *rows[static_cast<std::size_t>(found.number(0) - 1)];
    row.fate = found.number(2) != 0   ? Fate::returned
               : found.number(1) != 0 ? Fate::unchanged
                                      : Fate::updated;
    row.hash_was_unknown = found.number(3) != 0;
    row.hash_was_taken = found.number(4) != 0;
  });
}

Status PostgresqlMerge::compare(Database& db, const Chosen& rows) {
  // Without a transaction nothing has to be undone.
  const bool apart = db.in_transaction();
  if (apart)
    if (auto status = db.savepoint(); !status) return status;
  std::vector<std::string> arrays;
  for (const std::size_t column : compared_values(plan_, statements_)) {
    std::string& array = arrays.emplace_back();
    for (const MergeRow* const row : rows) {
      const SqlValue& value = values_of(row)[column];
      const bool first = row == rows.front();
      if (value.kind == SqlValue::Kind::null)
        array += first ? "{NULL" : ",NULL";
      else
        append_array_element(array, text_of(value), first);
    }
    array += '}';
  }
  const std::vector<SqlValue> values{arrays.begin(), arrays.end()};
  auto status = db.query(statements_.compare_many, values, [&](const SqlRow& found) {
    MergeRow& row = *rows[static_cast<std::size_t>(found.number(0) - 1)];
    compared(row, found.number(1) != 0, values_.store().keep(found.text(2)),
             all_.data() + places_[row.row]);
  });
  if (status) return apart ? db.release_savepoint() : status;
  if (db.trouble() != Trouble::row) return status;
  if (apart) db.roll_back_to_savepoint();
  // A value the server does not take: its row is refused when it is put.
  if (rows.size() == 1) return {};
  const auto middle = rows.begin() + std::ssize(rows) / 2;
  if (auto first = compare(db, {rows.begin(), middle}); !first) return first;
  return compare(db, {middle, rows.end()});
}

Status PostgresqlMerge::stage(Database& db, const Chosen& rows, std::optional<std::size_t>& bad) {
  staged_.clear();
  for (const MergeRow* const row : rows) {
    staged_.emplace_back(next_++);
    staged_.insert(staged_.end(), values_of(row), values_of(row) + statements_.width);
  }
  std::vector<std::string_view> columns{"_n"};
  columns.insert(columns.end(), statements_.columns.begin(), statements_.columns.end());
  return db.load(statements_.staging, columns, staged_, bad);
}

Status PostgresqlMerge::put(Database& db, Chosen rows, MergeNotes& notes) {
  while (!rows.empty()) {
    if (auto status = db.savepoint(); !status) return status;
    std::optional<std::size_t> bad;
    auto staged = stage(db, rows, bad);
    Status merged;
    if (staged) {
      const SqlValue span[] = {next_ - std::ssize(rows), next_ - 1};
      if (auto done = db.change(statements_.merge, span); !done)
        merged = std::unexpected(std::move(done).error());
    }
    if (staged && merged) return db.release_savepoint();
    auto& failed = staged ? merged : staged;
    if (db.trouble() != Trouble::row) return failed;
    db.roll_back_to_savepoint();
    if (staged) return put_each(db, rows, notes);
    if (!bad) return put_halves(db, rows, std::move(failed).error().what, notes);
    refuse(*rows[*bad], std::move(failed).error().what, notes);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(*bad));
  }
  return {};
}

/// Nobody said which row it was.
Status PostgresqlMerge::put_halves(Database& db, const Chosen& rows, std::string why,
                                   MergeNotes& notes) {
  if (rows.size() == 1) {
    refuse(*rows.front(), std::move(why), notes);
    return {};
  }
  const auto middle = rows.begin() + std::ssize(rows) / 2;
  if (auto status = put(db, {rows.begin(), middle}, notes); !status) return status;
  return put(db, {middle, rows.end()}, notes);
}

/// The rows are fine for the staging table and not all of them for the table: the server finds out
/// which.
Status PostgresqlMerge::put_each(Database& db, const Chosen& rows, MergeNotes& notes) {
  std::optional<std::size_t> bad;
  if (auto status = stage(db, rows, bad); !status) return status;
  const std::int64_t first = next_ - std::ssize(rows), last = next_ - 1;
  if (auto status = db.run(statements_.merge_one_by_one(first, last)); !status) return status;
  const SqlValue span[] = {first, last};
  return db.query("SELECT n, why FROM _stage_bad WHERE n BETWEEN $1 AND $2", span,
                  [&](const SqlRow& row) {
                    refuse(*rows[static_cast<std::size_t>(row.number(0) - first)],
                           std::string{row.text(1)}, notes);
                  });
}

Status PostgresqlMerge::put_children(Database& db, const RowBatch& batch, const Chosen& rows,
                                     std::size_t n, MergeNotes& notes) {
  Chosen old;
  for (MergeRow* const row : rows)
    if (row->fate != Fate::created) old.push_back(row);
  if (!old.empty()) {
    auto arrays = keys_of(old);
    arrays.pop_back();  // the hashes
    const std::vector<SqlValue> values{arrays.begin(), arrays.end()};
    if (auto done = db.change(children_[n].remove_many, values); !done)
      return std::unexpected(std::move(done).error());
  }
  staged_.clear();
  std::vector<const MergeRow*> parents;
  const std::size_t width = child_columns_[n].size();
  for (const MergeRow* const row : rows) {
    values_.children(batch, row->row, plan_.children[n], values_of(row), staged_);
    parents.resize(staged_.size() / width, row);
  }
  if (staged_.empty()) return {};
  std::optional<std::size_t> bad;
  auto status = db.load(children_[n].table, child_columns_[n], staged_, bad);
  if (!status && bad && db.trouble() == Trouble::row)
    notes.refused.emplace_back(parents[*bad]->row, status.error().what);
  return status;
}

}  // namespace callrail
