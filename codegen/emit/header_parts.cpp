#include "header_parts.hpp"

#include "emit.hpp"

namespace callrail::codegen {

void begin_header(TextBlock& out, const Schema& schema, const std::vector<std::string>& about) {
  out.line("// " + banner(schema)).line("//");
  for (const auto& paragraph : about) out.comment("//", paragraph);
  out.line().line("#pragma once").line();
}

void guard_version(TextBlock& out, std::string_view header) {
  const std::string condition = "static_assert(callrail::reflect_version == 1,";
  const std::string words =
      "\"" + std::string{header} + " is for another runtime: regenerate it\");";
  if (condition.size() + 1 + words.size() <= columns) {
    out.line(condition + " " + words).line();
    return;
  }
  out.line(condition).line("              " + words).line();
}

}  // namespace callrail::codegen
