/// Rows that are not listed any more.
#include "loading.hpp"
#include "window_ends.hpp"

#include <algorithm>
#include <unordered_set>

namespace callrail {

namespace {

/// Whether the API counts a row on the edge in is its own affair.
constexpr std::chrono::seconds edge{1};

void spell_known(Text account, Text key, std::string& out) {
  out.assign(account).append(1, '\x1f').append(key);
}

}  // namespace

/// Only what was read completely says what is not there; and only of rows whose place in it is
/// certain.
bool Loading::may_remove(const Window& window) const {
  if (!window.complete || window.list.narrowed) return false;
  if (plan_.has_account() == window.list.account.empty()) return false;
  const std::size_t rows = window.behind - window.first;
  for (std::size_t i = plan_.first_key(); i < plan_.columns.size(); ++i)
    if (plan_.columns[i].as != Stored::text && plan_.columns[i].as != Stored::integer) return false;
  for (std::size_t row = window.first; row < window.behind; ++row)
    if (key_text(plan_, batch_.row(row)).empty()) return false;
  if (window.whole_list) return !endpoint_.dates && rows >= window.proof.rows;
  const auto ends = ends_of(window.proof);
  if (!plan_.cursor || !ends || !ends->exact || (rows == 0 && window.proof.rows > 1)) return false;
  // A row that moves may be in a later window, as long as there is one.
  return !endpoint_.dates.moves || ends->to >= facts_.began;
}

/// Of the whole batch: rows may have moved from one of its windows to another.
std::unordered_set<Text> Loading::listed_keys(ByteStore& store) const {
  std::unordered_set<Text> listed;
  listed.reserve(batch_.size());
  std::string known;
  for (const Window& window : windows_)
    for (std::size_t row = window.first; row < window.behind; ++row) {
      const std::string key = key_text(plan_, batch_.row(row));
      spell_known(plan_.has_account() ? Text{window.list.account} : Text{key}, key, known);
      listed.insert(store.keep(known));
    }
  return listed;
}

/// Before the rows are merged: then a table that is new has nothing to be looked through.
Status Loading::remove_unlisted(Database& db, const Stamp& stamp, Applied& applied) {
  scratch_.clear();
  std::unordered_set<Text> listed;
  std::string known, key_of;
  for (const Window& window : windows_) {
    if (!may_remove(window)) continue;
    std::vector<SqlValue> values;
    if (plan_.has_account()) values.emplace_back(window.list.account);
    for (const auto& [name, value] : window.list.columns) values.emplace_back(value);
    std::string from, to;
    if (!window.whole_list) {
      const auto ends = ends_of(window.proof);
      from = spell_instant(ends->from + edge);
      to = spell_instant(ends->to - edge);
      values.insert(values.end(), {SqlValue{from}, SqlValue{to}});
    }
    const auto statements = removal_statements(plan_, window.list, !window.whole_list);
    std::vector<std::vector<std::string>> gone;
    auto status = db.query(statements.listed, values, [&](const SqlRow& row) {
      // No window of a first load comes here.
      if (listed.empty()) listed = listed_keys(scratch_);
      key_of.clear();
      for (std::size_t i = 1; i <= plan_.keys; ++i)
        key_of.append(i > 1 ? " " : "").append(row.text(i));
      spell_known(row.text(0), key_of, known);
      if (listed.contains(known)) return;
      auto& key = gone.emplace_back();
      for (std::size_t i = 0; i <= plan_.keys; ++i) key.emplace_back(row.text(i));
    });
    if (!status) return status;
    applied.counts.removed += gone.size();
    if (facts_.mode == SyncMode::dry_run) continue;
    for (const auto& key : gone) {
      std::vector<SqlValue> mark{stamp.now, stamp.run};
      mark.insert(mark.end(), key.begin(), key.end());
      if (auto done = db.change(statements.mark, mark); !done)
        return std::unexpected(std::move(done).error());
    }
  }
  return {};
}

}  // namespace callrail
