#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/selection.hpp>

#include <string>
#include <vector>

namespace callrail {

enum class Nested : std::uint8_t {
  json,     ///< an object is one cell of JSON text
  flatten,  ///< one column per known member, and <name>_other: milestones_first_touch_source
};

/// Holds the members of a row that the schema does not know, as one JSON object.
inline constexpr Text extra_column = "_extra";

/// A column of a sink: a field, or with Nested::flatten a member inside it.
struct Column {
  std::string name;
  std::size_t field = 0;
  std::vector<Text> path;        ///< below the field; empty: the field itself
  const Field* facts = nullptr;  ///< of the field or the member; nothing: `extra_column`
  /// Holds what the object at `path` has beside its other columns, as JSON: members nobody
  /// described, members that came twice, or whatever came instead of an object. Nearly always
  /// empty; `{}` for an object without members, null for null.
  bool rest = false;
};

struct Table {
  Text name;
  std::vector<Column> columns;
  std::size_t key = Endpoint::npos;    ///< index of the key field in a row, if it is one
  std::vector<std::size_t> keys = {};  ///< of the fields that identify a row together
};

/// The columns of a selection. Lists, maps, and objects that may also be something else stay one
/// cell in both modes. With Nested::flatten a name that is taken gets _2, _3, …; the selection has
/// no part in that, so a column has one name in every run.
///
/// `keep_unknown`: `extra_column` comes last, for the cell behind those of the fields.
Table table_of(const Endpoint&, const Selection&, Nested, bool keep_unknown = false);

}  // namespace callrail
