#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/page.hpp>
#include <callrail/stored_table.hpp>
#include <callrail/table.hpp>

#include <array>
#include <deque>
#include <map>
#include <string>
#include <vector>

/// An API whose tables have one column of each sort, so that these tests do not depend on what
/// CallRail happens to send: `toys` with dates, `labels` read whole, `shops` without an account.
namespace callrail::test {

inline constexpr std::array<Text, 2> toy_colours{"red", "green"};
inline constexpr std::array<Field, 2> toy_maker{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text}};
inline constexpr std::array<Field, 2> toy_mark{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "word", .type = Type::text, .accepts = accept_text}};

inline constexpr std::array<Field, 13> toy_fields{
    Field{.name = "name", .type = Type::text, .accepts = accept_text | accept_null},
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "colour",
          .type = Type::enumeration,
          .accepts = accept_text | accept_null,
          .values = toy_colours},
    Field{.name = "count", .type = Type::integer, .accepts = accept_number | accept_null},
    Field{.name = "price", .type = Type::number, .accepts = accept_number | accept_null},
    Field{.name = "works", .type = Type::boolean, .accepts = accept_boolean | accept_null},
    Field{.name = "made_at", .type = Type::timestamp, .accepts = accept_text | accept_null},
    Field{.name = "maker",
          .type = Type::object,
          .accepts = accept_object | accept_null,
          .members = toy_maker},
    Field{.name = "marks",
          .type = Type::list,
          .accepts = accept_array | accept_null,
          .item_accepts = accept_object | accept_text,
          .members = toy_mark},
    Field{.name = "order", .type = Type::any},
    Field{.name = "phone",
          .type = Type::text,
          .accepts = accept_text | accept_null,
          .format = Format::e164},
    Field{
        .name = "seconds", .type = Type::integer, .accepts = accept_number | accept_null, .min = 0},
    Field{.name = "shelf_id",
          .type = Type::id,
          .accepts = accept_text,
          .sent = Sent::of_request,
          .parameter = "shelf_id"},
};

inline constexpr std::array<Text, 1> toy_keys{"toy_id"};
inline constexpr std::array<StoredColumn, 14> toy_columns{
    StoredColumn{.name = "name", .from = 0},
    StoredColumn{.name = "id", .from = 1, .required = true},
    StoredColumn{.name = "colour", .from = 2},
    StoredColumn{.name = "count", .as = Stored::integer, .from = 3},
    StoredColumn{.name = "price", .as = Stored::numeric, .from = 4},
    StoredColumn{.name = "works", .as = Stored::boolean, .from = 5},
    StoredColumn{.name = "made_at", .as = Stored::instant, .from = 6, .required = true},
    StoredColumn{.name = "maker", .as = Stored::json, .from = 7},
    StoredColumn{.name = "maker_id", .from = 7, .member = 0},
    StoredColumn{.name = "marks", .as = Stored::json, .from = 8},
    StoredColumn{.name = "order", .as = Stored::json, .from = 9},
    StoredColumn{.name = "phone", .from = 10},
    StoredColumn{.name = "seconds", .as = Stored::integer, .from = 11},
    StoredColumn{.name = "shelf_id", .from = 12},
};
inline constexpr std::array<StoredColumn, 2> mark_columns{StoredColumn{.name = "id", .from = 0},
                                                          StoredColumn{.name = "word", .from = 1}};
inline constexpr std::array<ChildTable, 1> toy_children{
    ChildTable{.name = "toy_marks", .field = 8, .columns = mark_columns}};
inline constexpr StoredTable toys_table{.name = "toys",
                                        .view = "v_toy",
                                        .parent_keys = toy_keys,
                                        .columns = toy_columns,
                                        .children = toy_children};

inline constexpr std::array toy_parents{
    Parent{.parameter = "account_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "shelf_id", .endpoint = "shelves"}};
inline constexpr Endpoint toys{
    .name = "toys",
    .record = "Toy",
    .key = "id",
    .fields = toy_fields,
    .parents = toy_parents,
    .dates = {.from = "start", .to = "end", .cursor = "made_at", .look_back_days = 7},
    .table = &toys_table};

/// The same rows, as if they moved on with time.
inline constexpr Endpoint moving_toys{.name = "moving_toys",
                                      .record = "Toy",
                                      .key = "id",
                                      .fields = toy_fields,
                                      .parents = toy_parents,
                                      .dates = {.from = "start",
                                                .to = "end",
                                                .cursor = "made_at",
                                                .moves = true,
                                                .look_back_days = 7},
                                      .table = &toys_table};

inline constexpr std::array<Field, 2> label_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text | accept_null}};
inline constexpr std::array<StoredColumn, 2> label_columns{
    StoredColumn{.name = "id", .from = 0, .required = true},
    StoredColumn{.name = "name", .from = 1}};
inline constexpr StoredTable labels_table{
    .name = "labels", .view = "v_label", .columns = label_columns};
inline constexpr std::array label_parents{
    Parent{.parameter = "account_id", .endpoint = "shops", .in_path = true}};
inline constexpr Endpoint labels{.name = "labels",
                                 .record = "Label",
                                 .key = "id",
                                 .fields = label_fields,
                                 .parents = label_parents,
                                 .table = &labels_table};

inline constexpr StoredTable shops_table{
    .name = "shops", .view = "v_shop", .columns = label_columns};
inline constexpr Endpoint shops{
    .name = "shops", .record = "Shop", .key = "id", .fields = label_fields, .table = &shops_table};

inline constexpr std::array<const Endpoint*, 4> toy_endpoints{&toys, &moving_toys, &labels, &shops};
inline constexpr Api toy_api{.name = "toys", .endpoints = toy_endpoints};

inline std::string toy_tables(Dialect dialect) {
  std::string sql = R"(
    CREATE TABLE toys(_account_id TEXT NOT NULL, name TEXT, id TEXT NOT NULL, colour TEXT,
      count INT8, price NUMERIC, works BOOLEAN, made_at INSTANT, maker JSON, maker_id TEXT,
      marks JSON, "order" JSON, phone TEXT, seconds INT8, shelf_id TEXT, COMMON,
      PRIMARY KEY (_account_id, id));
    CREATE TABLE toy_marks(_account_id TEXT NOT NULL, toy_id TEXT NOT NULL, _n INT8 NOT NULL,
      id TEXT, word TEXT, PRIMARY KEY (_account_id, toy_id, _n));
    CREATE TABLE labels(_account_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT, COMMON,
      PRIMARY KEY (_account_id, id));
    CREATE TABLE shops(_account_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT, COMMON,
      PRIMARY KEY (_account_id, id));)";
  const bool lite = dialect == Dialect::sqlite;
  const std::pair<std::string, std::string> words[] = {
      {"COMMON",
       "_extra JSON, _row_hash BLOB NOT NULL, _first_seen_at INSTANT NOT NULL, _updated_at INSTANT "
       "NOT NULL, _removed_at INSTANT, _removed_reason TEXT, _run_id INT8 NOT NULL"},
      {"INT8", lite ? "INTEGER" : "bigint"},
      {"BOOLEAN", lite ? "INTEGER" : "boolean"},
      {"INSTANT", lite ? "TEXT" : "timestamptz(3)"},
      {"JSON", lite ? "TEXT" : "jsonb"},
      {"BLOB", lite ? "BLOB" : "bytea"}};
  for (const auto& [word, by] : words)
    for (auto at = sql.find(word); at != sql.npos; at = sql.find(word, at + by.size()))
      sql.replace(at, word.size(), by);
  return sql;
}

inline Cell text(Text t) { return Cell::of(t); }
inline Cell number(Text t) { return Cell::of(t, Kind::number); }
inline Cell json(Text t) { return Cell::of(t, Kind::json); }

/// Rows by the names of their fields; `_extra` is what the schema does not know. Texts have to
/// live as long as they.
class ToyRows {
 public:
  using Named = std::map<std::string, Cell>;
  explicit ToyRows(const Endpoint& endpoint = toys) : endpoint_{endpoint} {}
  ToyRows(const Endpoint& endpoint, std::initializer_list<Named> rows) : endpoint_{endpoint} {
    for (const Named& row : rows) add(row);
  }
  void add(const Named& row) {
    for (const Field& field : endpoint_.fields) {
      const auto found = row.find(std::string{field.name});
      cells_.push_back(found == row.end() ? Cell{} : found->second);
    }
    const auto extra = row.find("_extra");
    cells_.push_back(extra == row.end() ? Cell{} : extra->second);
  }
  Text keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  operator Rows() const {  // NOLINT: as sinks take them
    return {cells_.data(), cells_.size() / (endpoint_.fields.size() + 1),
            endpoint_.fields.size() + 1};
  }

 private:
  const Endpoint& endpoint_;
  std::vector<Cell> cells_;
  std::deque<std::string> texts_;
};

inline ToyRows::Named toy(Text id, Text name = "Kite", Text made_at = "2026-03-09T10:00:00Z") {
  return {{"id", text(id)}, {"name", text(name)}, {"made_at", text(made_at)}};
}

inline Table table_of_all(const Endpoint& endpoint) {
  Selection all;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) all.add(i);
  return table_of(endpoint, all, Nested::json, true);
}

}  // namespace callrail::test
