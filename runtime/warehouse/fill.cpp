#include "fill.hpp"

#include "json_member.hpp"
#include "row_values.hpp"
#include "stored_value.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace callrail {

namespace {

constexpr std::size_t page_rows = 1000;

std::vector<std::string> key_columns(const Endpoint& endpoint) {
  std::vector<std::string> keys{"_account_id"};
  for (const Text key : endpoint.keys) keys.push_back(sql_name(key));
  return keys;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : between).append(word);
  return all;
}

std::string parameters(std::size_t from, std::size_t count) {
  std::string all;
  for (std::size_t n = from; n < from + count; ++n)
    all += fmt::format("{}${}", n > from ? ", " : "", n);
  return all;
}

/// A row: its key, and the text of one column that is not null.
struct Kept {
  std::vector<std::string> key;
  std::string value;
};

/// All rows in which a column is not null, in pages by their key: what is done with a page may
/// write the table.
template <class Take>
Status each_page(Database& db, const Endpoint& endpoint, const std::string& column, Take take) {
  const auto keys = key_columns(endpoint);
  const std::string first =
      fmt::format("SELECT {}, {} FROM {} WHERE {} IS NOT NULL", joined(keys, ", "), column,
                  sql_name(endpoint.table->name), column);
  const std::string last = fmt::format(" ORDER BY {} LIMIT {}", joined(keys, ", "), page_rows);
  const std::string behind =
      fmt::format(" AND ({}) > ({})", joined(keys, ", "), parameters(1, keys.size()));
  std::vector<Kept> page;
  while (true) {
    std::vector<SqlValue> after;
    const std::vector<std::string> edge =
        page.empty() ? std::vector<std::string>{} : page.back().key;
    for (const std::string& part : edge) after.emplace_back(part);
    page.clear();
    const Status read =
        db.query(first + (edge.empty() ? "" : behind) + last, after, [&](const SqlRow& row) {
          Kept& kept = page.emplace_back();
          for (std::size_t n = 0; n < keys.size(); ++n) kept.key.emplace_back(row.text(n));
          kept.value = row.text(keys.size());
        });
    if (!read || page.empty()) return read;
    if (Status taken = take(page); !taken) return taken;
  }
}

/// A value as a database gave it back.
Cell cell_of(Stored as, const std::string& value, ByteStore& store) {
  switch (as) {
    case Stored::json: return cell_from_json(compact_json(value, store), store);
    case Stored::integer:
    case Stored::numeric: return Cell::of(value, Kind::number);
    case Stored::boolean:
      return Cell::of(value == "t" || value == "1" ? "true" : "false", Kind::boolean);
    case Stored::instant:
      if (const auto when = read_instant(value)) return Cell::of(store.keep(spell_instant(*when)));
      break;
    case Stored::text: break;
  }
  return Cell::of(value);
}

}  // namespace

Status fill(Database& db, const ColumnFill& wanted) {
  const auto keys = key_columns(*wanted.endpoint);
  std::string update =
      fmt::format("UPDATE {} SET {} = $1 WHERE ", sql_name(wanted.endpoint->table->name),
                  sql_name(wanted.column->name));
  for (std::size_t n = 0; n < keys.size(); ++n)
    update += fmt::format("{}{} = ${}", n > 0 ? " AND " : "", keys[n], n + 2);
  ByteStore store;
  return each_page(db, *wanted.endpoint, sql_name(wanted.from),
                   [&](const std::vector<Kept>& page) -> Status {
                     for (const Kept& kept : page) {
                       store.clear();
                       Cell cell = cell_of(wanted.as, kept.value, store);
                       if (!wanted.member.empty()) cell = member_of(cell, wanted.member, store);
                       std::vector<SqlValue> values(1);
                       stored_value(db.dialect(), wanted.column->as, cell, store, values[0]);
                       if (values[0].kind == SqlValue::Kind::null) continue;
                       for (const std::string& part : kept.key) values.emplace_back(part);
                       if (const auto changed = db.change(update, values); !changed)
                         return std::unexpected(changed.error());
                     }
                     return {};
                   });
}

Status fill(Database& db, const ChildFill& wanted) {
  const StoredTable& table = *wanted.endpoint->table;
  const Field& list = wanted.endpoint->fields[wanted.child->field];
  std::vector<std::string> columns{"_account_id"};
  for (const Text key : table.parent_keys) columns.push_back(sql_name(key));
  columns.emplace_back("_n");
  for (const StoredColumn& column : wanted.child->columns) columns.push_back(sql_name(column.name));
  const std::vector<std::string_view> names{columns.begin(), columns.end()};
  ByteStore store;
  return each_page(
      db, *wanted.endpoint, sql_name(list.name), [&](const std::vector<Kept>& page) -> Status {
        store.clear();
        std::vector<SqlValue> values;
        for (const Kept& kept : page) {
          std::int64_t n = 0;
          for_each_element(cell_of(Stored::json, kept.value, store), [&](Text element) {
            for (const std::string& part : kept.key) values.emplace_back(part);
            values.emplace_back(++n);
            append_element(element, list, *wanted.child, db.dialect(), store, values);
          });
        }
        std::optional<std::size_t> bad_row;
        return values.empty() ? Status{}
                              : db.load(sql_name(wanted.child->name), names, values, bad_row);
      });
}

}  // namespace callrail
