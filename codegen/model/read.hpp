#pragma once

#include "reader.hpp"
#include "schema.hpp"

/// The readers of the sections of a schema, and the checks between them; used by load_schema.cpp.
namespace callrail::codegen {

void read_api(MapReader api, Api&);
Enum read_enum(const Name&, MapReader);
Shape read_shape(const Name&, MapReader);
Endpoint read_endpoint(const Name&, MapReader);
std::vector<Field> read_fields(MapReader fields, std::string_view owner);
FieldType read_type(MapReader&, std::string_view word);
/// A date as 2024-05-16, or a mistake.
Name read_date(MapReader&, std::string_view word);
Said read_said(MapReader&);

/// True for a name of the form; else says what form `what` has.
bool check_name(const Name&, std::string_view what, std::string_view where, Mistakes&);
bool check_type_name(const Name&, std::string_view what, std::string_view where, Mistakes&);
/// Why no endpoint can have the name; empty if one can.
std::string trouble_with_endpoint_name(std::string_view name);
/// A name that a generated file has already.
bool is_taken_file(std::string_view name);

/// A name that generated code uses for something else.
bool is_type_of_runtime(std::string_view name);

/// Everything that needs the whole file: references between sections, names used twice or never.
void check_schema(Schema&, Mistakes&);
void check_endpoint(const Schema&, const Endpoint&, Mistakes&);
void check_type(const Schema&, const FieldType&, std::string_view where, Mistakes&);
void check_field(const Schema&, const Field&, std::string_view owner, Mistakes&);
/// That no two things of a database have one name, and that each may have it.
void check_tables(const Schema&, Mistakes&);
/// Puts shapes after those they use, or reports the circle.
void order_shapes(Schema&, Mistakes&);

}  // namespace callrail::codegen
