#pragma once

#include "byte_store.hpp"

#include <callrail/types.hpp>

#include <json_scan.hpp>

namespace callrail {

/// A JSON value as a cell. What has to be unescaped goes into `store`.
Cell cell_from_json(Text value, ByteStore& store);

/// The member of an object; absent if it has none, or is no object.
Cell member_of(const Cell& object, Text name, ByteStore& store);

/// PostgreSQL puts blanks into JSON that JsonScan has no eyes for.
Text compact_json(Text, ByteStore& store);

/// Each member of an object as JSON, name and value; none if it is no object.
template <class Take>
void for_each_member(Text object, Take take) {
  JsonScan scan{object};
  if (!scan.take('{') || scan.sees('}')) return;
  do {
    const auto name = scan.string();
    if (!name || !scan.take(':')) return;
    const auto value = scan.value();
    if (!value) return;
    take(*name, *value);
  } while (scan.take(','));
}

/// Each element of a list, as JSON; none if it is no list.
template <class Take>
void for_each_element(const Cell& list, Take take) {
  if (list.kind != Kind::json) return;
  JsonScan scan{list.text()};
  if (!scan.take('[') || scan.sees(']')) return;
  do {
    const auto element = scan.value();
    if (!element) return;
    take(*element);
  } while (scan.take(','));
}

}  // namespace callrail
