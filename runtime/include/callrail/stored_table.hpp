#pragma once

#include <callrail/sql_names.hpp>
#include <callrail/types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

/// How a database keeps the rows of an endpoint: plain data the generator writes, in the words of
/// both dialects. Names are as the schema has them; `sql_name` quotes those that need it.
namespace callrail {

struct StoredColumn {
  Text name = {};
  Text was = {};  ///< the name it had before
  Stored as = Stored::text;
  /// Index in `Endpoint::fields`. Of a child: in the members of the list's elements, or `whole`:
  /// the element itself, where it is no object.
  std::size_t from = 0;
  /// Of an object in that field, the member that is kept apart because it names another row.
  std::size_t member = whole;
  bool required =
      false;            ///< a row whose value cannot be read as this is rejected: keys, the cursor
  Text refers_to = {};  ///< "companies.id"

  static constexpr std::size_t whole = static_cast<std::size_t>(-1);
};

/// A row for each element of a list: the key of its row, its place, and what it holds.
///
/// `_account_id`, the columns `StoredTable::parent_keys`, `_n` from 1, then `columns`.
struct ChildTable {
  Text name = {};         ///< "call_tags"
  std::size_t field = 0;  ///< the list
  std::span<const StoredColumn> columns = {};
};

/// Statements, each ending in ";\n".
struct StoredSql {
  Text create = {};  ///< tables and indexes of an endpoint, children included; IF NOT EXISTS
  Text view = {};    ///< drops and makes it anew; it names tables of other endpoints
  Text comments = {};
};

struct StoredTable {
  Text name = {};  ///< "calls"
  Text was = {};   ///< the name it had before
  Text view = {};  ///< "v_call": rows that are not removed, with the names of what they refer to
  std::span<const Text> parent_keys = {};  ///< what its children call `Endpoint::keys`: "call_id"
  /// In their order: one for each field that lists send (not `Sent::single`), and one for each
  /// member of an object that refers to another row, as `company_id` for the id in `company`.
  std::span<const StoredColumn> columns = {};
  std::span<const ChildTable> children = {};
  StoredSql sqlite = {}, postgresql = {};

  constexpr const StoredSql& sql(Dialect dialect) const {
    return dialect == Dialect::sqlite ? sqlite : postgresql;
  }
};

/// Columns of every table beside those of the endpoint: the first one in front, the others behind.
///
/// `_account_id`: the account the row was read for, a part of the key; of endpoints without one,
/// the row's own key. `_extra`: what the schema does not know or the column cannot hold, as one
/// JSON object. `_row_hash`: of the values, by which an unchanged row is known. `_removed_at`: not
/// listed any more, for `_removed_reason`. A part of the key that is null is stored as ''.
inline constexpr Text stored_columns_of_all[] = {
    "_account_id", "_extra",      "_row_hash",       "_first_seen_at",
    "_updated_at", "_removed_at", "_removed_reason", "_run_id",
};

}  // namespace callrail
