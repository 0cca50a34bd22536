#include "cursors.hpp"

#include "stored_value.hpp"
#include "window_ends.hpp"

#include <algorithm>

namespace callrail {

Status Cursors::load(Database& db, Text endpoint, std::int64_t run) {
  lists_.clear();
  const SqlValue values[] = {endpoint};
  return db.query("SELECT list, value, run_id, stopped_run FROM _cursor WHERE endpoint = $1",
                  values, [&](const SqlRow& row) {
                    List& list = lists_[std::string{row.text(0)}];
                    if (!row.is_null(1)) list.value = read_instant(row.text(1));
                    list.stopped = row.number_or_null(3) == run;
                    list.begun = list.stopped || row.number(2) == run;
                  });
}

std::optional<Clock::Wall> Cursors::value(std::string_view list) const {
  const auto found = lists_.find(list);
  return found == lists_.end() ? std::nullopt : found->second.value;
}

void Cursors::window(const std::string& name, const WindowProof& proof, bool complete,
                     std::optional<Clock::Wall> greatest, SyncMode mode) {
  List& list = lists_[name];
  if (list.stopped) return;
  List next = list;
  next.begun = true;
  const auto ends = ends_of(proof);
  // Days the user named may begin behind what was read so far: what lies between is not known.
  const bool gap =
      !list.begun && mode == SyncMode::range && (!list.value || !ends || ends->from > *list.value);
  next.stopped = !complete || gap;
  // A row from the future would keep the next run from reading anything before it.
  if (greatest && ends) greatest = std::min(*greatest, ends->to);
  if (!next.stopped && greatest && (!list.value || *list.value < *greatest)) next.value = greatest;
  if (next.stopped || next.value != list.value) before_.emplace(name, list);
  list = next;
}

Status Cursors::save(Database& db, Text endpoint, std::int64_t run) const {
  for (const auto& [name, before] : before_) {
    const List& list = lists_.find(name)->second;
    const std::optional<std::string> value =
        list.value ? std::optional{spell_instant(*list.value)} : std::nullopt;
    const SqlValue values[] = {endpoint, name, value, run,
                               list.stopped ? SqlValue{run} : SqlValue{}};
    auto done = db.change(
        "INSERT INTO _cursor (endpoint, list, value, run_id, stopped_run) VALUES ($1, $2, $3, $4, "
        "$5) ON CONFLICT (endpoint, list) DO UPDATE SET value = excluded.value, run_id = "
        "excluded.run_id, stopped_run = excluded.stopped_run",
        values);
    if (!done) return std::unexpected(std::move(done).error());
  }
  return {};
}

void Cursors::undo() {
  for (auto& [name, list] : before_) lists_[name] = list;
  before_.clear();
}

}  // namespace callrail
