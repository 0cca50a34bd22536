#include "emit.hpp"

namespace callrail::codegen {

std::string banner(const Schema& schema) {
  return std::string{banner_mark} + " from " + schema.file + ". Edit the schema, not this file.";
}

std::string docs_address(const Schema& schema, const Endpoint& endpoint) {
  const std::string& docs = endpoint.docs;
  if (docs.empty() || docs.starts_with("http")) return docs;
  return schema.api.docs + (docs.starts_with('/') ? "" : "/") + docs;
}

/// What a build compiles, and what its compiling depends on.
File emit_sources_list(const Schema& schema, const std::vector<File>& files) {
  std::string sources, headers;
  for (const File& file : files) {
    if (file.path.ends_with(".cpp")) sources += "\n  " + file.path;
    if (file.path.ends_with(".hpp")) headers += "\n  " + file.path;
  }
  return {"sources.cmake", "# " + banner(schema) + "\nset(CALLRAIL_GENERATED_SOURCES" + sources +
                               ")\nset(CALLRAIL_GENERATED_HEADERS" + headers + ")\n"};
}

File emit_git_attributes(const Schema& schema) {
  return {".gitattributes",
          "# " + banner(schema) + "\n* linguist-generated\nCMakeLists.txt -linguist-generated\n"};
}

File emit_format_settings(const Schema& schema) {
  return {".clang-format", "# " + banner(schema) + "\nDisableFormat: true\n"};
}

std::vector<File> emit_all(const Schema& schema) {
  std::vector<File> files{emit_paging(schema), emit_enums(schema), emit_shapes(schema)};
  for (const auto& endpoint : schema.endpoints) {
    files.push_back(emit_record(schema, endpoint));
    files.push_back(emit_endpoint(schema, endpoint));
    files.push_back(emit_table(schema, endpoint));
    for (const auto dialect : {Dialect::sqlite, Dialect::postgresql})
      files.push_back(emit_sql(schema, endpoint, dialect));
    files.push_back(emit_json_schema(schema, endpoint));
    files.push_back(emit_reference(schema, endpoint));
  }
  for (const auto dialect : {Dialect::sqlite, Dialect::postgresql})
    files.push_back(emit_views(schema, dialect));
  files.push_back(emit_api_header(schema));
  files.push_back(emit_api_source(schema));
  files.push_back(emit_openapi(schema));
  files.push_back(emit_reference_index(schema));
  files.push_back(emit_sources_list(schema, files));
  files.push_back(emit_git_attributes(schema));
  files.push_back(emit_format_settings(schema));
  return files;
}

}  // namespace callrail::codegen
