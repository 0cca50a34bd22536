/// Rows that are not listed any more.
#include "loading.hpp"
#include "window_ends.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace callrail {

namespace {

/// Whether the API counts a row on the edge in is its own affair.
constexpr std::chrono::seconds edge{1};

/// A key that was not used for so long sees nothing any more.
constexpr std::chrono::days longest_unused{30};
/// How often it is written that a key still sees a row.
constexpr std::chrono::days between_notes{1};

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

/// Keeps what this key never saw, or another one sees; and notes what this one sees.
Status Loading::keep_what_others_see(Database& db, const Stamp& stamp, const Window& window,
                                     std::vector<std::vector<std::string>>& gone) {
  std::map<std::string, bool> own;  // and whether that was noted lately
  std::unordered_set<std::string> others;
  const std::string lately = spell_instant(facts_.began - between_notes);
  const std::string used = spell_instant(facts_.began - longest_unused);
  const SqlValue seen[] = {endpoint_.name, facts_.seen_by, lately, used};
  auto status =
      db.query("SELECT key, seen_by = $2, at > $3, at > $4 FROM _seen WHERE endpoint = $1", seen,
               [&](const SqlRow& row) {
                 if (row.number(1) != 0)
                   own[std::string{row.text(0)}] = row.number(2) != 0;
                 else if (row.number(3) != 0)
                   others.emplace(row.text(0));
               });
  if (!status) return status;
  std::erase_if(gone, [&](const std::vector<std::string>& row) {
    return !own.contains(row.front()) || others.contains(row.front());
  });
  if (facts_.mode == SyncMode::dry_run) return {};
  for (std::size_t row = window.first; row < window.behind; ++row) {
    const std::string key = key_text(plan_, batch_.row(row));
    const auto noted = own.find(key);
    const bool is_new = noted == own.end() || !noted->second;
    if (noted != own.end()) own.erase(noted);
    if (!is_new) continue;
    const SqlValue values[] = {endpoint_.name, facts_.seen_by, key, stamp.now};
    auto done = db.change(
        "INSERT INTO _seen (endpoint, seen_by, key, at) VALUES ($1, $2, $3, $4) ON CONFLICT "
        "(endpoint, seen_by, key) DO UPDATE SET at = excluded.at",
        values);
    if (!done) return std::unexpected(std::move(done).error());
  }
  const std::string never = spell_instant({});
  for (const auto& [key, noted] : own) {
    // While somebody else sees it, it stays this key's to mark later, and does not keep others.
    const bool seen_elsewhere = others.contains(key);
    const SqlValue values[] = {endpoint_.name, facts_.seen_by, key, never};
    auto done = db.change(
        seen_elsewhere
            ? "UPDATE _seen SET at = $4 WHERE endpoint = $1 AND seen_by = $2 AND key = $3 AND at > "
              "$4"
            : "DELETE FROM _seen WHERE endpoint = $1 AND seen_by = $2 AND key = $3",
        std::span{values}.first(seen_elsewhere ? 4 : 3));
    if (!done) return std::unexpected(std::move(done).error());
  }
  return {};
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
    if (!plan_.has_account())
      if (status = keep_what_others_see(db, stamp, window, gone); !status) return status;
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
