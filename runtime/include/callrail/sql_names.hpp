#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

/// The words of the databases that both the generator and the runtime write.
namespace callrail {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// What a column holds, whatever the dialect calls it.
enum class Stored : std::uint8_t {
  text,     ///< as it came: ids, phone numbers, enumerations
  integer,  ///< 64 bits
  numeric,  ///< exact in PostgreSQL; SQLite keeps 15 digits
  boolean,  ///< 0 or 1 in SQLite
  instant,  ///< UTC; in SQLite text of one length, "2026-02-10T14:05:06.789Z", so that it sorts
  json,     ///< objects, lists, and what nobody has described
};

/// The type a column is declared with.
constexpr std::string_view sql_type(Dialect dialect, Stored as) {
  const bool lite = dialect == Dialect::sqlite;
  switch (as) {
    case Stored::text: return lite ? "TEXT" : "text";
    case Stored::integer: return lite ? "INTEGER" : "bigint";
    case Stored::numeric: return lite ? "NUMERIC" : "numeric";
    case Stored::boolean: return lite ? "INTEGER" : "boolean";
    case Stored::instant: return lite ? "TEXT" : "timestamptz(3)";
    case Stored::json: return lite ? "TEXT" : "jsonb";
  }
  return {};
}

/// A name of PostgreSQL's may have so many bytes; it cuts longer ones off without an error.
inline constexpr std::size_t longest_sql_name = 63;

/// Words that are no names unless they are quoted: those PostgreSQL 15 or SQLite 3 reserve. One
/// list for both, so that a query runs on both. Sorted.
inline constexpr std::string_view reserved_sql_words[] = {
    "add",
    "all",
    "alter",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "autoincrement",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "commit",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "delete",
    "desc",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "escape",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "glob",
    "grant",
    "group",
    "having",
    "if",
    "ilike",
    "in",
    "index",
    "indexed",
    "initially",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "match",
    "materialized",
    "natural",
    "not",
    "nothing",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "raise",
    "references",
    "regexp",
    "returning",
    "right",
    "select",
    "session_user",
    "set",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "transaction",
    "true",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "values",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
};

/// A name of the schema as it stands in SQL of either dialect.
inline std::string sql_name(std::string_view name) {
  const bool reserved =
      std::binary_search(std::begin(reserved_sql_words), std::end(reserved_sql_words), name);
  return reserved ? '"' + std::string{name} + '"' : std::string{name};
}

/// A text as a literal of SQL.
inline std::string sql_text(std::string_view text) {
  std::string out{"'"};
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

}  // namespace callrail
