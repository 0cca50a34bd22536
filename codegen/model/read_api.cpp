#include "read.hpp"

namespace callrail::codegen {
namespace {

const std::vector<std::pair<std::string, int>> seconds{
    {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
const std::vector<std::pair<std::string, int>> months{{"months", 1}, {"years", 12}};

/// Calls `read` with a reader for each map of the list that `word` holds.
template <class Read>
void each_map(MapReader& reader, std::string_view word, const yaml::Value* list, Read read) {
  if (!list) return;
  if (list->kind != yaml::Kind::list) {
    reader.complain(list->place, "\"" + std::string{word} + "\" wants a list of { … }");
    return;
  }
  for (const auto& item : list->items)
    read(MapReader{item, reader.where() + "." + std::string{word}, reader.mistakes()});
}

void read_limits(MapReader& api, Api& out) {
  const std::vector<std::pair<std::string, int>> spans{
      {"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86400}};
  std::vector<std::string> words;
  for (const auto& [word, _] : spans) words.push_back(word);
  each_map(api, "limits", api.optional("limits"), [&](MapReader limit) {
    Limit read;
    limit.required("requests");
    read.requests = limit.number("requests", 1, 1, 1'000'000);
    limit.required("per");
    const auto per = limit.one_of("per", words, "second");
    for (const auto& [word, size] : spans)
      if (word == per) read.seconds = size;
    limit.finish();
    out.limits.push_back(read);
  });
}

void read_retry(MapReader retry, Api& out) {
  for (const auto& status : retry.names("on")) {
    if (status.text.size() == 3 && status.text >= "100" && status.text <= "599" &&
        status.text.find_first_not_of("0123456789") == std::string::npos)
      out.retry.statuses.push_back(std::stoi(status.text));
    else
      retry.complain(status.place,
                     "\"on\" wants HTTP statuses from 100 to 599, got \"" + status.text + "\"");
  }
  out.retry.attempts = retry.number("attempts", out.retry.attempts, 1, 100);
  out.retry.wait_seconds = retry.amount("wait", seconds, out.retry.wait_seconds);
  out.retry.at_most_seconds = retry.amount("at_most", seconds, out.retry.at_most_seconds);
  retry.finish();
}

void read_paging(MapReader paging, Api& out) {
  MapReader offset = paging.required_map("offset");
  out.offset.page = offset.required_text("page");
  out.offset.size = offset.required_text("size");
  out.offset.pages = offset.required_text("pages");
  out.offset.total = offset.required_text("total");
  out.offset.first_page = offset.number("first", out.offset.first_page, 0, 1);
  out.offset.most = offset.number("most", out.offset.most, 1, 100'000);
  out.offset.default_size = offset.number("default", out.offset.default_size, 1, 100'000);
  offset.finish();

  MapReader relative = paging.map("relative");
  if (relative.exists()) {
    out.relative.ask = relative.required_text("ask");
    out.relative.next = relative.required_text("next");
    out.relative.more = relative.required_text("more");
    out.relative.offset = relative.required_text("offset");
    relative.finish();
  }
  paging.finish();
}

void read_dates(MapReader dates, Api& out) {
  if (!dates.exists()) return;
  out.dates.from = dates.required_text("from");
  out.dates.to = dates.required_text("to");
  out.dates.zone = dates.text("zone");
  out.dates.preset = dates.text("preset");
  out.dates.preset_default = dates.text("preset_default");
  out.dates.preset_days = dates.number("preset_days", 0, 0, 10'000);
  dates.finish();
}

void read_order(MapReader order, Api& out) {
  if (!order.exists()) return;
  out.order.by = order.required_text("by");
  out.order.direction = order.required_text("direction");
  out.order.ascending = order.required_text("ascending");
  order.finish();
}

void read_parameters(MapReader parameters, Api& out) {
  parameters.each([&](const Name& parameter, const yaml::Value& value) {
    check_name(parameter, "parameter", parameters.where(), parameters.mistakes());
    if (value.kind == yaml::Kind::text)
      out.parameters.push_back({parameter, {value.text, value.place}});
    else
      parameters.complain(
          value.place, "\"" + parameter.text + "\" wants the endpoint whose keys are its values");
  });
}

}  // namespace

void read_api(MapReader api, Api& out) {
  if (!api.exists()) return;
  out.name = api.required_text("name");
  const Name url = api.required_name("url");
  out.url = url.text;
  if (!url.empty() && (!url.text.starts_with("http") || url.text.ends_with("/")))
    api.complain(url.place, "\"url\" wants an address without a slash at its end");
  out.docs = api.text("docs");
  MapReader auth = api.required_map("auth");
  if (auth.exists()) {
    out.auth_header = auth.required_text("header");
    const Name value = auth.required_name("value");
    out.auth_value = value.text;
    if (!value.empty() && value.text.find("{api_key}") == std::string::npos)
      auth.complain(value.place, "\"value\" has no {api_key}");
    auth.finish();
  }
  out.keeps_months = api.amount("keeps", months, 0);
  read_limits(api, out);
  read_retry(api.map("retry"), out);
  MapReader paging = api.required_map("paging");
  if (paging.exists()) read_paging(paging, out);
  read_dates(api.map("dates"), out);
  read_order(api.map("order"), out);
  read_parameters(api.map("parameters"), out);
  api.finish();
}

}  // namespace callrail::codegen
