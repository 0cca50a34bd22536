#include "cpp_text.hpp"
#include "emit.hpp"
#include "text_block.hpp"

namespace callrail::codegen {

File emit_api_source(const Schema& schema) {
  const Api& api = schema.api;
  TextBlock out;
  out.line("// " + banner(schema)).line();
  out.line("#include <callrail/api.hpp>").line("#include <callrail/processor.hpp>").line();
  out.line("namespace callrail::api {").line("namespace {").line();
  if (!api.limits.empty()) {
    out.line("constexpr RateLimit limits[] = {").indent(4);
    for (const auto& limit : api.limits)
      out.line("{.requests = " + std::to_string(limit.requests) +
               ", .seconds = " + std::to_string(limit.seconds) + "},");
    out.dedent(4).line("};");
  }
  if (!api.retry.statuses.empty()) {
    std::vector<std::string> statuses;
    for (const int status : api.retry.statuses) statuses.push_back(std::to_string(status));
    out.list("constexpr int retried[] = {", statuses);
  }
  out.line().line("}  // namespace").line();

  out.line("const Api& description() {").indent();
  std::vector<std::string> endpoints;
  for (const auto& endpoint : schema.endpoints)
    endpoints.push_back("&Processor<" + endpoint.record.text + ">::endpoint()");
  out.list("static const Endpoint* const endpoints[] = {", endpoints);
  out.line("static const Api api{").indent(4);
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.initializer("", {Part::quoted(name, value)}, ",");
  };
  text("name", api.name);
  text("url", api.url);
  text("docs", api.docs);
  text("auth_header", api.auth_header);
  text("auth_value", api.auth_value);
  if (api.keeps_months != 0) out.line(".keeps_months = " + std::to_string(api.keeps_months) + ",");
  if (!api.limits.empty()) out.line(".limits = limits,");
  std::vector<Part> retry;
  if (!api.retry.statuses.empty()) retry.push_back(Part::of("statuses", "retried"));
  retry.push_back(Part::of("attempts", std::to_string(api.retry.attempts)));
  retry.push_back(Part::of("wait_seconds", std::to_string(api.retry.wait_seconds)));
  retry.push_back(Part::of("at_most_seconds", std::to_string(api.retry.at_most_seconds)));
  out.initializer(".retry = {", retry, "},");
  out.line(".paging = paging,");
  out.line(".endpoints = endpoints,");
  out.dedent(4).line("};").line("return api;").dedent().line("}").line();
  out.line("}  // namespace callrail::api");
  return {"src/api.cpp", out.take()};
}

}  // namespace callrail::codegen
