#pragma once

#include "model/schema.hpp"
#include "proposal.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Fields and shapes that stand in no schema yet, as its lines.
namespace callrail::codegen {

/// The text as YAML takes it between braces: with quotes where it needs them.
std::string yaml_text(std::string_view text);

/// JSON in the spelling of the schema, `{"a": 1}`; empty if it is not to be read.
std::string yaml_example(std::string_view json);

/// "Seen 2026-11-26 in 12 of 40 rows." A text without comma and colon, which needs no quotes.
std::string seen_text(const Proposal&);

struct NewField {
  std::string name, type, doc, example;
  bool optional = false;
};

struct NewShape {
  std::string name, doc;
  std::vector<NewField> fields;
};

/// The type with another text for each `object` that has no name.
std::string with_objects(std::string_view type, std::string_view replacement);

/// The type of a new field in the notation of the schema. What it holds of objects becomes shapes
/// in `shapes`; `owner` tells two shapes of one name apart.
std::string new_type(std::string_view type, const std::vector<NewMember>& members,
                     std::string_view name, std::string_view owner, const Schema& schema,
                     const std::string& seen, std::vector<NewShape>& shapes);

/// `text` to `text or null`: nobody has ruled null out. Of null alone nothing is known: `any`.
std::string or_null(std::string_view type);

/// The name a shape gets: that of its field, `ai_summary` to `AiSummary`.
std::string type_name(std::string_view field);

/// One field as a line or two; names and types are filled up to the widths.
std::string field_lines(const NewField&, std::string_view indent, std::size_t name_width,
                        std::size_t type_width);
/// The same on one line, as a member of a map in braces.
std::string field_in_braces(const NewField&);
std::string shape_lines(const NewShape&);

}  // namespace callrail::codegen
