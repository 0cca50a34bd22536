#include "row_values.hpp"

#include "canonical.hpp"
#include "json_member.hpp"

#include <algorithm>
#include <json_text.hpp>

namespace callrail {

void RowValues::look_up(const RowBatch& batch, std::size_t row, Text account, SqlValue* values) {
  SqlValue* at = values + statements_.hash;
  const Text hash = bytes_of(batch.hash(row));
  *at++ = SqlValue::blob(plan_.part.empty() ? hash : store_.keep(plan_.part + std::string{hash}));
  const auto cells = batch.row(row);
  SqlValue* const own = at++;
  for (std::size_t i = plan_.first_key(); i < plan_.columns.size(); ++i, ++at) {
    const auto& column = plan_.columns[i];
    stored_value(dialect_, column.as, cells[column.cell], store_, *at);
    // A key has no null: there it would be another key each time.
    if (at->kind == SqlValue::Kind::null) *at = SqlValue{Text{""}};
  }
  *own = SqlValue{account};
  if (!plan_.has_account()) *own = SqlValue{store_.keep(key_text(plan_, cells))};
}

void RowValues::fill(const RowBatch& batch, std::size_t row, const Stamp& stamp, SqlValue* values,
                     std::vector<RowFinding>* findings) {
  const auto cells = batch.row(row);
  misfits_.clear();
  found_.clear();
  for (std::size_t i = 0; i < plan_.first_key(); ++i) {
    const auto& column = plan_.columns[i];
    const Cell cell = cell_of(column, cells, store_);
    const Fit fit = stored_value(dialect_, column.as, cell, store_, values[i]);
    // What a member loses, the object beside it still has.
    if (fit == Fit::whole || column.member != nullptr) continue;
    if (findings != nullptr) note_misfit(column, cell, fit, found_);
    if (fit != Fit::none) continue;
    misfits_ += misfits_.empty() ? "{" : ",";
    append_json_string(column.name, misfits_);
    misfits_ += ':';
    append_json(cell, misfits_);
  }
  SqlValue* at = values + plan_.first_key();
  *at++ = extra(cells.back(), misfits_);
  *at++ = SqlValue{stamp.now};
  *at = SqlValue{stamp.run};
  if (findings != nullptr)
    for (Finding& finding : found_) findings->push_back({row, finding});
}

/// Members the schema does not know, and values that do not fit, as one object.
SqlValue RowValues::extra(const Cell& unknown, Text misfits) {
  Text json = unknown.kind == Kind::json ? unknown.text() : Text{};
  if (!misfits.empty()) {
    std::string both{misfits};
    const bool more = json.size() > 2;
    both += more ? "," : "}";
    if (more) both += json.substr(1);
    json = store_.keep(both);
  }
  SqlValue value;
  if (!json.empty())
    stored_value(dialect_, Stored::json, Cell::of(json, Kind::json), store_, value);
  return value;
}

bool RowValues::keep_extra(Text stored, SqlValue* values) {
  SqlValue& extra = values[plan_.first_key()];
  const Text now = extra.text;
  bool same = true;
  std::string both;
  const auto add = [&](Text name, Text value) {
    both.append(both.empty() ? "{" : ",").append(name).append(1, ':').append(value);
  };
  const auto old = compact_json(stored, store_);
  const auto find = [&](Text json, const Cell& wanted) {
    std::optional<Text> found;
    for_each_member(json, [&](Text name, Text value) {
      if (cell_from_json(name, store_).text() == wanted.text()) found = value;
    });
    return found;
  };
  const auto canonical = [](Text json) {
    std::string text;
    append_canonical_json(json, text);
    return text;
  };
  for_each_member(old, [&](Text name, Text value) {
    const Cell spelled = cell_from_json(name, store_);
    if (const auto ours = find(now, spelled))
      same = same && canonical(*ours) == canonical(value);
    else if (std::ranges::find(plan_.columns, spelled.text(), &TablePlan::Column::name) ==
             plan_.columns.end())
      add(name, value);
    else
      same = false;  // its column holds what is there now
  });
  for_each_member(now, [&](Text name, Text value) {
    same = same && find(old, cell_from_json(name, store_)).has_value();
    add(name, value);
  });
  extra = both.empty() ? SqlValue{} : SqlValue{store_.keep(both + "}")};
  return same;
}

void append_element(Text element, const Field& list, const ChildTable& table, Dialect dialect,
                    ByteStore& store, std::vector<SqlValue>& out) {
  const Cell whole = cell_from_json(element, store);
  bool named = whole.kind == Kind::json;
  for (const StoredColumn& column : table.columns) {
    Cell cell;
    if (column.from == StoredColumn::whole) {
      if (whole.kind != Kind::json) cell = whole;
    } else if (const Field& member = list.members[column.from]; whole.kind == Kind::json) {
      cell = member_of(whole, member.name, store);
    } else if (!named && member.type == Type::text) {
      // What came in place of an object is what people call it: its first text that is no id.
      cell = whole;
      named = true;
    }
    // The list itself has what does not fit.
    stored_value(dialect, column.as, cell, store, out.emplace_back());
  }
}

void RowValues::children(const RowBatch& batch, std::size_t row, const TablePlan::Child& child,
                         const SqlValue* values, std::vector<SqlValue>& out) {
  std::int64_t n = 0;
  const SqlValue* const key = values + statements_.hash + 1;
  for_each_element(batch.row(row)[child.cell], [&](Text element) {
    out.insert(out.end(), key, key + 1 + plan_.keys);
    out.emplace_back(++n);
    append_element(element, plan_.endpoint->fields[child.table->field], *child.table, dialect_,
                   store_, out);
  });
}

std::string key_text(const TablePlan& plan, std::span<const Cell> row) {
  std::string text;
  for (std::size_t i = plan.first_key(); i < plan.columns.size(); ++i) {
    if (i != plan.first_key()) text += ' ';
    const Cell& cell = row[plan.columns[i].cell];
    if (cell.has_value()) text += cell.text();
  }
  return text;
}

}  // namespace callrail
