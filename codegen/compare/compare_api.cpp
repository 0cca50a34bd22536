#include "comparison.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// `10 in 1s, 120 in 60s`
std::string text_of(const std::vector<Limit>& limits) {
  std::vector<std::string> out;
  for (const auto& limit : limits)
    out.push_back(std::to_string(limit.requests) + " in " + std::to_string(limit.seconds) + "s");
  return join(out);
}

std::string numbers(const std::vector<int>& of) {
  std::vector<std::string> out;
  for (const int one : of) out.push_back(std::to_string(one));
  return join(out);
}

}  // namespace

/// What is asked adapts itself with the next build; a person has to look where others know it too:
/// who opened a firewall for an address, who counts on old rows.
void Comparison::api() {
  const Api &old = old_.api, &now = now_.api;
  const auto fact = [&](const std::string& word, const std::string& before,
                        const std::string& after, Verdict verdict = Verdict::ok) {
    if (before == after) return;
    const auto shown = [](const std::string& value) {
      return value.empty() ? std::string{"none"} : "\"" + value + "\"";
    };
    add("api." + word, "was " + shown(before) + ", is " + shown(after), {}).requests = verdict;
  };
  const auto count = [&](const std::string& word, int before, int after,
                         Verdict verdict = Verdict::ok) {
    fact(word, std::to_string(before), std::to_string(after), verdict);
  };
  const Verdict fix = Verdict::migrate;
  aside("api", "name", old.name != now.name, {});
  aside("api", "docs", old.docs != now.docs, {});
  fact("url", old.url, now.url, fix);
  fact("auth.header", old.auth_header, now.auth_header, fix);
  fact("auth.value", old.auth_value, now.auth_value, fix);
  // 0: for ever.
  const auto months = [](int kept) { return kept == 0 ? 1'000'000 : kept; };
  if (old.keeps_months != now.keeps_months)
    fact("keeps", std::to_string(old.keeps_months) + " months",
         std::to_string(now.keeps_months) + " months",
         months(now.keeps_months) < months(old.keeps_months) ? fix : Verdict::ok);
  fact("limits", text_of(old.limits), text_of(now.limits));
  fact("retry.on", numbers(old.retry.statuses), numbers(now.retry.statuses));
  count("retry.attempts", old.retry.attempts, now.retry.attempts);
  count("retry.wait", old.retry.wait_seconds, now.retry.wait_seconds);
  count("retry.at_most", old.retry.at_most_seconds, now.retry.at_most_seconds);
  fact("paging.offset.page", old.offset.page, now.offset.page);
  fact("paging.offset.size", old.offset.size, now.offset.size);
  fact("paging.offset.pages", old.offset.pages, now.offset.pages);
  fact("paging.offset.total", old.offset.total, now.offset.total);
  count("paging.offset.first", old.offset.first_page, now.offset.first_page);
  count("paging.offset.most", old.offset.most, now.offset.most);
  count("paging.offset.default", old.offset.default_size, now.offset.default_size);
  fact("paging.relative.ask", old.relative.ask, now.relative.ask);
  fact("paging.relative.next", old.relative.next, now.relative.next);
  fact("paging.relative.more", old.relative.more, now.relative.more);
  fact("paging.relative.offset", old.relative.offset, now.relative.offset);
  fact("dates.from", old.dates.from, now.dates.from);
  fact("dates.to", old.dates.to, now.dates.to);
  fact("dates.zone", old.dates.zone, now.dates.zone);
  fact("dates.preset", old.dates.preset, now.dates.preset);
  fact("dates.preset_default", old.dates.preset_default, now.dates.preset_default);
  count("dates.preset_days", old.dates.preset_days, now.dates.preset_days);
  fact("order.by", old.order.by, now.order.by);
  fact("order.direction", old.order.direction, now.order.direction);
  fact("order.ascending", old.order.ascending, now.order.ascending);
  const auto source_of = [](const Api& api, const std::string& parameter) {
    for (const auto& [name, source] : api.parameters)
      if (name.text == parameter) return source.text;
    return std::string{};
  };
  for (const auto& [name, source] : now.parameters) {
    const std::string before = source_of(old, name.text);
    const Endpoint* renamed = now_.find_endpoint(source.text);
    if (renamed && before == renamed->said.was.text && !old_.find_endpoint(source.text)) continue;
    fact("parameters." + name.text, before, source.text, before.empty() ? Verdict::ok : fix);
  }
  for (const auto& [name, source] : old.parameters)
    if (source_of(now, name.text).empty()) fact("parameters." + name.text, source.text, "");
}

}  // namespace callrail::codegen
