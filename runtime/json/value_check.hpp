#pragma once

#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/secret_names.hpp>

#include <optional>
#include <string>

namespace callrail {

/// Levels of a page: beyond them it is refused.
inline constexpr int deepest = 64;
/// The level of what stands beside the rows, and of what stands in a row: {"rows":[{"here":1}]}.
inline constexpr int level_beside_rows = 2, level_in_row = 4;

/// Length of the JSON number that `text` begins with; 0: it begins with none.
std::size_t number_length(Text text);

/// Where in a row a value stands. Spelled out only when there is something to report.
struct Place {
  const Place* outer = nullptr;
  Text name;  ///< of the member; empty: an element of a list

  std::string text() const;  ///< "milestones.first_touch.medium", "tags[].color"
};

/// Compares one value with what the schema says about it and notes the differences; `as_sent` is
/// its JSON, for the example.
void check_value(const Field&, const Cell&, const Place&, Text as_sent, Drift&);

/// What a list's elements are like, as the field of one element.
Field element_of(const Field& list);

/// Whether an object without this member is to be noted.
inline bool must_come(const Field& member) {
  return member.sent == Sent::always && !member.may_be_absent && !member.nullable();
}

struct Checked {
  Text text;            ///< the object or array without what follows it
  bool compact = true;  ///< no blank outside of strings
};

/// Validates the object or array that `text` begins with, which stands in a row, and compares its
/// members with the schema. Nothing if it is not JSON, or nested too deeply: stage one of simdjson,
/// which has seen the whole page, only vouches for UTF-8, the ends of strings, and control
/// characters in them.
std::optional<Checked> check_nested(Text text, const Field&, const Place&, Drift&);

/// Whether a value nobody wants is JSON all the same, when it stands on this level of the page.
/// Else one wrong bracket in it would shift everything that follows.
bool is_value(Text json, int level);

/// Brackets that a value nobody wants may have open at once.
inline constexpr int deepest_enclosed = callrail::deepest - level_in_row + 1;

/// Whether an object or list ends with the bracket that closes it: as many braces close before as
/// open, and as many brackets. Stage one of simdjson has seen its strings; what else stands in it
/// is not looked at. This is how a row's value that nobody wants is stepped over, so that a wrong
/// bracket in it cannot shift what follows.
bool is_enclosed(Text json);

/// Whether every backslash of a string (the text between its quotes) begins an escape. Half of a
/// surrogate pair may stand alone.
bool has_good_escapes(Text quoted);

/// Copies JSON without the blanks outside its strings; `out` has room for `json.size()` bytes.
Text compact(Text json, char* out);

}  // namespace callrail
