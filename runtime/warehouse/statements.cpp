#include "statements.hpp"

#include "row_hash.hpp"

#include <fmt/format.h>

namespace callrail {

std::vector<std::size_t> compared_values(const TablePlan& plan, const RowStatements& s) {
  std::vector<std::size_t> places;
  const std::size_t own = plan.first_key() + (plan.part.empty() ? 1 : 0);
  for (std::size_t i = 0; i < own; ++i) places.push_back(i);
  for (std::size_t i = s.hash + 1; i < s.width; ++i) places.push_back(i);
  return places;
}

namespace {

/// "a, b, c"
template <class Items, class Spell>
std::string joined(const Items& items, Text between, Spell spell) {
  std::string text;
  for (const auto& item : items) text.append(text.empty() ? Text{} : between).append(spell(item));
  return text;
}

std::vector<std::string> key_columns(const TablePlan& plan) {
  std::vector<std::string> names{"_account_id"};
  for (std::size_t i = plan.first_key(); i < plan.columns.size(); ++i)
    names.push_back(sql_name(plan.columns[i].name));
  return names;
}

Stored stored_key(const TablePlan& plan, std::size_t n) {
  return n == 0 ? Stored::text : plan.columns[plan.first_key() + n - 1].as;
}

/// "a = $3 AND b = $4"
std::string equal(const std::vector<std::string>& names, std::size_t first_value) {
  std::string text;
  for (const std::string& name : names)
    text += fmt::format("{}{} = ${}", text.empty() ? "" : " AND ", name, first_value++);
  return text;
}

const std::string& same(const std::string& name) { return name; }

std::string excluded(const std::string& name) { return name + " = excluded." + name; }

/// "unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(_account_id, id, n)"
std::string unnested(const TablePlan& plan, std::size_t first_value, Text also) {
  std::string arrays;
  const auto keys = key_columns(plan);
  for (std::size_t n = 0; n < keys.size(); ++n)
    arrays += fmt::format("{}${}::{}[]", n == 0 ? "" : ", ", first_value + n,
                          sql_type(Dialect::postgresql, stored_key(plan, n)));
  return fmt::format("unnest({}{}) WITH ORDINALITY AS k({}{}, n)", arrays,
                     also.empty() ? "" : fmt::format(", ${}::bytea[]", first_value + keys.size()),
                     joined(keys, ", ", same), also);
}

std::string merge_of(const TablePlan& plan, const RowStatements& s, Text which) {
  const auto keys = key_columns(plan);
  std::vector<std::string> set{s.columns.begin(),
                               s.columns.end() - static_cast<std::ptrdiff_t>(keys.size())};
  return fmt::format(
      "INSERT INTO {0} AS t ({1}, _first_seen_at) SELECT {2}, s._updated_at FROM {3} AS s WHERE "
      "{4} "
      "ON CONFLICT ({5}) DO UPDATE SET {6}, _removed_at = NULL, _removed_reason = NULL",
      sql_name(plan.table->name), joined(s.columns, ", ", same),
      joined(s.columns, ", ", [](const std::string& name) { return "s." + name; }), s.staging,
      which, joined(keys, ", ", same), joined(set, ", ", excluded));
}

/// The hash of a whole row has a length of its own.
std::string of_something_else(const TablePlan& plan, Text theirs, Text ours) {
  const std::string not_whole = fmt::format("length({}) <> {}", theirs, sizeof(RowHash));
  if (plan.part.empty()) return not_whole;
  return fmt::format("{0} AND substr({1}, 1, {3}) <> substr({2}, 1, {3})", not_whole, theirs, ours,
                     part_mark_size);
}

Stored stored_as(const TablePlan& plan, const RowStatements& s, std::size_t place) {
  if (place < plan.first_key()) return plan.columns[place].as;
  return place == plan.first_key() ? Stored::json : stored_key(plan, place - s.hash - 1);
}

template <class Same>
std::string same_columns(const TablePlan& plan, const RowStatements& s, Same same) {
  std::string text;
  for (const std::size_t i : compared_values(plan, s))
    if (i < s.hash) text += fmt::format("{}{}", text.empty() ? "" : " AND ", same(i, s.columns[i]));
  return text.empty() ? "1 = 1" : text;
}

}  // namespace

RowStatements row_statements(const TablePlan& plan, Dialect dialect) {
  RowStatements s;
  const std::string table = sql_name(plan.table->name);
  for (std::size_t i = 0; i < plan.first_key(); ++i)
    s.columns.push_back(sql_name(plan.columns[i].name));
  for (const char* name : {"_extra", "_updated_at", "_run_id", "_row_hash"})
    s.columns.emplace_back(name);
  s.hash = s.columns.size() - 1;
  const auto keys = key_columns(plan);
  s.columns.insert(s.columns.end(), keys.begin(), keys.end());
  s.width = s.columns.size();

  std::size_t n = 0;
  const std::string values =
      joined(s.columns, ", ", [&](const std::string&) { return fmt::format("${}", ++n); });
  n = 0;
  std::string set;
  for (; n <= s.hash; ++n) set += fmt::format("{} = ${}, ", s.columns[n], n + 1);
  s.look_up = fmt::format(
      "SELECT _row_hash = $1, _removed_at IS NOT NULL, {}, length(_row_hash) = 0 FROM {} WHERE {}",
      of_something_else(plan, "_row_hash", "$1"), table, equal(keys, 2));
  s.compare = fmt::format("SELECT {}, _extra FROM {} WHERE {}",
                          same_columns(plan, s,
                                       [](std::size_t i, const std::string& name) {
                                         return fmt::format("{} IS ${}", name, i + 1);
                                       }),
                          table, equal(keys, s.hash + 2));
  s.insert = fmt::format("INSERT INTO {} ({}, _first_seen_at) VALUES ({}, ${})", table,
                         joined(s.columns, ", ", same), values, s.hash - 1);
  s.update = fmt::format("UPDATE {} SET {}_removed_at = NULL, _removed_reason = NULL WHERE {}",
                         table, set, equal(keys, s.hash + 2));
  if (dialect == Dialect::sqlite) {
    if (plan.children.empty()) return s;
    n = 0;
    s.same_lists = fmt::format("SELECT {} FROM {} WHERE {}",
                               joined(plan.children, ", ",
                                      [&](const auto& child) {
                                        const Text list =
                                            plan.endpoint->fields[plan.fields[child.cell]].name;
                                        return fmt::format("{} IS ${}", sql_name(list), ++n);
                                      }),
                               table, equal(keys, plan.children.size() + 1));
    return s;
  }

  const std::string on_keys =
      joined(keys, " AND ", [](const std::string& key) { return "t." + key + " = k." + key; });
  s.staging = "_stage_" + std::string{plan.table->name};
  s.look_up_many = fmt::format(
      "SELECT k.n, t._row_hash = k._row_hash, t._removed_at IS NOT NULL, {}, "
      "length(t._row_hash) = 0 FROM {} JOIN {} AS t ON {}",
      of_something_else(plan, "t._row_hash", "k._row_hash"), unnested(plan, 1, ", _row_hash"),
      table, on_keys);
  s.compare_many = fmt::format(
      "SELECT k._n, {}, t._extra FROM unnest({}) WITH ORDINALITY AS k({}, _n) JOIN {} AS t ON {}",
      same_columns(plan, s,
                   [](std::size_t, const std::string& name) {
                     return fmt::format("t.{0} IS NOT DISTINCT FROM k.{0}", name);
                   }),
      joined(compared_values(plan, s), ", ",
             [&, n = 0](const std::size_t i) mutable {
               return fmt::format("${}::{}[]", ++n,
                                  sql_type(Dialect::postgresql, stored_as(plan, s, i)));
             }),
      joined(compared_values(plan, s), ", ", [&](const std::size_t i) { return s.columns[i]; }),
      table, on_keys);
  s.stage = fmt::format(
      "CREATE TEMPORARY TABLE IF NOT EXISTS {} ON COMMIT DELETE ROWS AS SELECT 0 AS _n, {} FROM {} "
      "WHERE false",
      s.staging, joined(s.columns, ", ", same), table);
  s.merge = merge_of(plan, s, "s._n BETWEEN $1 AND $2");
  s.one_row = merge_of(plan, s, "s._n = r._n");
  return s;
}

std::string RowStatements::merge_one_by_one(std::int64_t first, std::int64_t last) const {
  return fmt::format(
      "CREATE TEMPORARY TABLE IF NOT EXISTS _stage_bad (n integer, why text) ON COMMIT DELETE "
      "ROWS; DO $each$ DECLARE r record; BEGIN FOR r IN SELECT s._n FROM {0} AS s WHERE s._n "
      "BETWEEN {1} AND {2} ORDER BY s._n LOOP BEGIN {3}; EXCEPTION WHEN data_exception OR "
      "integrity_constraint_violation OR program_limit_exceeded THEN INSERT INTO _stage_bad VALUES "
      "(r._n, SQLERRM); END; END LOOP; END $each$",
      staging, first, last, one_row);
}

ChildStatements child_statements(const TablePlan& plan, const ChildTable& child, Dialect dialect) {
  ChildStatements s;
  s.table = sql_name(child.name);
  std::vector<std::string> keys{"_account_id"};
  for (const Text key : plan.table->parent_keys) keys.push_back(sql_name(key));
  s.columns = keys;
  s.columns.emplace_back("_n");
  for (const StoredColumn& column : child.columns) s.columns.push_back(sql_name(column.name));
  s.remove = fmt::format("DELETE FROM {} WHERE {}", s.table, equal(keys, 1));
  if (dialect == Dialect::sqlite) return s;
  std::string on;
  const auto ours = key_columns(plan);
  for (std::size_t n = 0; n < keys.size(); ++n)
    on += fmt::format("{}t.{} = k.{}", n == 0 ? "" : " AND ", keys[n], ours[n]);
  // A plain join reads and sorts the whole table where the server has no statistics of it yet, or
  // takes an index on the account. Only the primary key has this order.
  s.remove_many = fmt::format(
      "DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT old.ctid FROM {1}, LATERAL (SELECT t.ctid "
      "FROM {0} AS t WHERE {2} ORDER BY t._n) AS old))",
      s.table, unnested(plan, 1, {}), on);
  return s;
}

RemovalStatements removal_statements(const TablePlan& plan, const ListValues& list,
                                     bool in_window) {
  RemovalStatements s;
  const std::string table = sql_name(plan.table->name);
  const auto keys = key_columns(plan);
  std::vector<std::string> common;
  if (plan.has_account()) common.emplace_back("_account_id");
  for (const auto& [name, value] : list.columns) common.push_back(sql_name(name));
  std::string which = "_removed_at IS NULL";
  if (!common.empty()) which += " AND " + equal(common, 1);
  if (in_window) {
    const auto cursor = sql_name(plan.endpoint->dates.cursor);
    which +=
        fmt::format(" AND {0} > ${1} AND {0} < ${2}", cursor, common.size() + 1, common.size() + 2);
  }
  s.listed = fmt::format("SELECT {} FROM {} WHERE {}", joined(keys, ", ", same), table, which);
  s.mark = fmt::format(
      "UPDATE {} SET _removed_at = $1, _removed_reason = 'not_listed', _run_id = $2 WHERE {}",
      table, equal(keys, 3));
  return s;
}

void append_array_element(std::string& array, Text text, bool first) {
  array += first ? "{\"" : ",\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

}  // namespace callrail
