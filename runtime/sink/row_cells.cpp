#include "row_cells.hpp"

#include "json_text.hpp"

#include <algorithm>

namespace callrail {

RowCells::RowCells(const Table& table) : cells_(table.columns.size()) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.path.empty() && !column.rest) {
      plain_.push_back({i, column.field});
      continue;
    }
    auto spread = std::ranges::find(spreads_, column.field, &Spread::field);
    if (spread == spreads_.end()) {
      spread = spreads_.insert(spread, {column.field, groups_.size(), {}});
      groups_.emplace_back();
    }
    spread->columns.push_back(i);
    std::size_t group = spread->group;
    const std::size_t objects = column.path.size() - (column.rest ? 0 : 1);
    for (std::size_t depth = 0; depth < objects; ++depth) {
      auto& members = groups_[group].members;
      const auto member = std::ranges::find(members, column.path[depth], &Member::name);
      if (member != members.end()) {
        group = member->group;
        continue;
      }
      members.push_back({.name = column.path[depth], .group = groups_.size()});
      group = groups_.size();
      groups_.emplace_back();
    }
    if (column.rest)
      groups_[group].rest = i;
    else
      groups_[group].members.push_back({.name = column.path.back(), .column = i});
  }
  are_fields_ =
      spreads_.empty() && !plain_.empty() && std::ranges::all_of(plain_, [&](const Plain& plain) {
        return plain.field == plain_.front().field + plain.column;
      });
}

std::span<const Cell> RowCells::of(const Rows& rows, std::size_t row) {
  const Cell* const cells = rows.cells + row * rows.width;
  if (are_fields_) return {cells + plain_.front().field, plain_.size()};
  for (const auto [column, field] : plain_) cells_[column] = cells[field];
  if (!spreads_.empty()) {
    reserve(cells);
    for (const Spread& spread : spreads_) this->spread(spread, cells[spread.field]);
  }
  return cells_;
}

/// Room for the text of a row. Unescaped text is never longer than its JSON, what is left of an
/// object is a part of it in new braces, and a control character takes six characters in JSON.
void RowCells::reserve(const Cell* row) {
  std::size_t most = groups_.size() * 2;
  for (const Spread& spread : spreads_) {
    const Cell& cell = row[spread.field];
    most += cell.kind == Kind::text ? std::size_t{cell.size} * 6 + 2 : std::size_t{cell.size} * 2;
  }
  scratch_.clear();
  if (scratch_.capacity() < most) scratch_.reserve(most);
}

void RowCells::spread(const Spread& spread, const Cell& cell) {
  const auto clear = [&] {
    for (const std::size_t column : spread.columns) cells_[column] = {};
  };
  clear();
  if (cell.kind == Kind::absent) return;
  if (cell.kind == Kind::json) {
    JsonScan json{cell.text()};
    rest_.clear();
    if (object(json, spread.group) && json.done()) return;
    clear();
  }
  // No object. The column of the rest holds JSON, so text gets its quotes back.
  Cell kept = cell;
  if (cell.kind == Kind::text) {
    const std::size_t begin = scratch_.size();
    append_json_string(cell.text(), scratch_);
    kept = Cell::of(Text{scratch_}.substr(begin), Kind::json);
  }
  put(groups_[spread.group].rest, kept);
}

bool RowCells::object(JsonScan& json, std::size_t group_index) {
  Group& group = groups_[group_index];
  const std::size_t first_rest = rest_.size();
  const std::uint64_t object_number = ++objects_;
  if (!json.take('{')) return false;
  if (json.take('}')) {
    // Without this an empty object would look like one that was not sent.
    put(group.rest, Cell::of("{}", Kind::json));
    return true;
  }
  std::size_t next = 0;
  do {
    const char* const begin = json.at();
    const auto key = json.string();
    if (!key || !json.take(':')) return false;
    Member* const known = find(group, *key, next);
    if (known != nullptr && known->seen_in != object_number) {
      known->seen_in = object_number;
      if (!member(json, *known)) return false;
    } else {
      if (!json.value()) return false;
      rest_.emplace_back(begin, static_cast<std::size_t>(json.at() - begin));
    }
  } while (json.take(','));
  if (!json.take('}')) return false;
  keep_rest(group, first_rest);
  return true;
}

bool RowCells::member(JsonScan& json, Member& member) {
  if (member.group != none && json.sees('{')) return object(json, member.group);
  const auto value = json.value();
  if (!value) return false;
  if (member.group == none) {
    put(member.column, cell_of_json(*value, scratch_));
  } else {
    const Cell plain = cell_of_json(*value, scratch_);
    put(groups_[member.group].rest,
        plain.kind == Kind::text ? Cell::of(*value, Kind::json) : plain);
  }
  return true;
}

/// Objects repeat the order of their members, so the one after the last is nearly always right.
RowCells::Member* RowCells::find(Group& group, Text quoted_key, std::size_t& next) {
  Text key = quoted_key.substr(1, quoted_key.size() - 2);
  const std::size_t scratch = scratch_.size();
  if (key.find('\\') != Text::npos && append_unescaped(key, scratch_))
    key = Text{scratch_}.substr(scratch);
  Member* found = nullptr;
  if (next < group.members.size() && group.members[next].name == key) {
    found = &group.members[next];
  } else if (const auto at = std::ranges::find(group.members, key, &Member::name);
             at != group.members.end()) {
    found = &*at;
  }
  scratch_.resize(scratch);
  if (found != nullptr) next = static_cast<std::size_t>(found - group.members.data()) + 1;
  return found;
}

void RowCells::keep_rest(const Group& group, std::size_t first) {
  if (rest_.size() == first) return;
  const std::size_t begin = scratch_.size();
  for (std::size_t i = first; i < rest_.size(); ++i) {
    scratch_ += i == first ? '{' : ',';
    scratch_ += rest_[i];
  }
  scratch_ += '}';
  rest_.resize(first);
  put(group.rest, Cell::of(Text{scratch_}.substr(begin), Kind::json));
}

}  // namespace callrail
