#pragma once

#include <string>

namespace callrail::codegen {

/// The smallest api section that holds together; 7 lines.
inline const std::string small_api = R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
  paging:
    offset: { page: page, size: per_page, pages: total_pages, total: total_records }
)";

/// A whole schema with one endpoint of these fields. They begin in line 16, in column 7.
inline std::string with_fields(const std::string& fields) {
  std::string out = small_api + R"(endpoints:
  toys:
    record: Toy
    path: /toys.json
    rows: toys
    key: id
    paging: [offset]
    fields:
)";
  std::string indented = "      ";
  for (const char c : fields) indented += c == '\n' ? std::string{"\n      "} : std::string{c};
  return out + indented + "\n";
}

}  // namespace callrail::codegen
