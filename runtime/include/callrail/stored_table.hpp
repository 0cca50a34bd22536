#pragma once

#include <callrail/types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

/// How a database keeps the rows of an endpoint: plain data the generator writes, in the words of
/// both dialects.
namespace callrail {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// What a column holds, whatever the dialect calls it.
enum class Stored : std::uint8_t {
  text,     ///< as it came: ids, phone numbers, enumerations, fields of several scalar types
  integer,  ///< 64 bits
  numeric,  ///< exact in PostgreSQL; SQLite keeps 15 digits
  boolean,  ///< 0 or 1 in SQLite
  instant,  ///< UTC; in SQLite text of one length, "2026-02-10T14:05:06.789Z", so that it sorts
  json,     ///< objects, lists, and what nobody has described
};

struct StoredColumn {
  Text name = {};
  Stored as = Stored::text;
  std::size_t from = 0;  ///< index in `Endpoint::fields`; of a child: of the element's members
  bool required = false; ///< a row whose value cannot be read as this is rejected: keys, the cursor
};

/// A row for each element of a list: the key of its row, its place, and what it holds.
struct ChildTable {
  Text name = {};        ///< "call_tags"
  std::size_t field = 0; ///< the list
  /// Members of an element; of lists of scalars one column, whose `from` is `the_element`.
  std::span<const StoredColumn> columns = {};
  static constexpr std::size_t the_element = static_cast<std::size_t>(-1);
};

/// Statements, each ending in ";\n".
struct StoredSql {
  Text create = {};  ///< tables and indexes of an endpoint, children included; IF NOT EXISTS
  Text views = {};   ///< drops and makes them anew; they name tables of other endpoints
  Text comments = {};
};

struct StoredTable {
  Text name = {};         ///< "calls"
  Text view = {};         ///< "v_call": rows that are not removed, with the names of what they refer to
  Text parent_key = {};   ///< what its children call the key: "call_id"
  std::span<const StoredColumn> columns = {};  ///< one for each field, in their order
  std::span<const ChildTable> children = {};
  StoredSql sqlite = {}, postgresql = {};

  constexpr const StoredSql& sql(Dialect dialect) const {
    return dialect == Dialect::sqlite ? sqlite : postgresql;
  }
};

/// Columns of every table beside those of the endpoint.
///
/// `_account_id`: the account the row was read for, a part of the key; of endpoints without one,
/// the row's own key. `_extra`: what the schema does not know or the column cannot hold, as one
/// JSON object. `_row_hash`: of the values, by which an unchanged row is known. `_removed_at`: not
/// listed any more, for `_removed_reason`.
inline constexpr Text stored_columns_of_all[] = {
    "_account_id", "_extra",   "_row_hash",       "_first_seen_at",
    "_updated_at", "_removed_at", "_removed_reason", "_run_id",
};

}  // namespace callrail
