#pragma once

#include "gadget.hpp"
#include "memory_sink.hpp"
#include "virtual_time.hpp"

#include <callrail/extract.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

/// A made-up API of shops, their gadgets, sales, stock and members, and one extraction from it
/// against a scripted server in virtual time.
namespace callrail {

using test::Gadget;
using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

inline constexpr Endpoint shops{.name = "shops",
                                .path = "/v3/shops.json",
                                .rows = "shops",
                                .key = "id",
                                .fields = Reflect<Gadget>::fields,
                                .key_seed = Reflect<Gadget>::key_seed,
                                .key_table = KeyIndex<Gadget>::table};

inline constexpr std::array shop_parent{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
inline constexpr std::array<Field, 2> sale_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_number}, Field{.name = "shop_id",
                                                                           .type = Type::id,
                                                                           .accepts = accept_text,
                                                                           .sent = Sent::of_request,
                                                                           .parameter = "shop_id"}};
inline constexpr auto sale_keys = [] {
  std::array<std::uint8_t, 16> table{};
  table.fill(255);
  table[key_hash("id", 0) % 16] = 0;
  table[key_hash("shop_id", 0) % 16] = 1;
  return table;
}();
inline constexpr Endpoint sales{
    .name = "sales",
    .path = "/v3/{shop_id}/sales.json",
    .rows = "sales",
    .key = "id",
    .fields = sale_fields,
    .parents = shop_parent,
    .dates = {.from = "start_date", .to = "end_date", .zone = "time_zone", .cursor = "id"},
    .key_seed = 0,
    .key_table = sale_keys};

/// Asked once per gadget of each shop.
inline constexpr std::array gadget_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "gadget_id", .endpoint = "gadgets"}};
inline constexpr std::array<Field, 2> stock_fields{Field{.name = "note", .type = Type::text},
                                                   Field{.name = "name", .type = Type::text}};
inline constexpr auto stock_keys = [] {
  std::array<std::uint8_t, 16> table{};
  table.fill(255);
  table[key_hash("note", 0) % 16] = 0;
  table[key_hash("name", 0) % 16] = 1;
  return table;
}();
inline constexpr Endpoint stock{.name = "stock",
                                .path = "/v3/{shop_id}/stock.json",
                                .rows = "stock",
                                .fields = stock_fields,
                                .parents = gadget_parents,
                                .key_seed = 0,
                                .key_table = stock_keys};

inline constexpr std::array shelf_filter{Filter{.name = "shelf_id"}};
inline constexpr Endpoint members{.name = "members",
                                  .path = "/v3/{shop_id}/members.json",
                                  .rows = "members",
                                  .key = "id",
                                  .fields = std::span{sale_fields}.first(1),
                                  .parents = shop_parent,
                                  .filters = shelf_filter,
                                  .key_seed = 0,
                                  .key_table = sale_keys};

inline const Api& api() {
  static const std::array<const Endpoint*, 5> endpoints{&shops, &Processor<Gadget>::endpoint(),
                                                        &sales, &stock, &members};
  static const Api facts{
      .keeps_months = 25, .paging = Reflect<Gadget>::paging, .endpoints = endpoints};
  return facts;
}

inline std::string parameter(const std::string& url, const std::string& name) {
  auto at = url.find("?" + name + "=");
  if (at == std::string::npos) at = url.find("&" + name + "=");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return url.substr(from, url.find('&', from) - from);
}

/// One extraction against a scripted server in virtual time.
struct Scene {
  VirtualClock clock;
  test::MemorySink sink;
  ExtractOptions options;
  ClientOptions client_options{.jobs = 4, .max_retries = 3, .retry_statuses = {429, 500, 503}};
  std::vector<std::string> asked;
  std::function<bool()> stop = [] { return false; };

  /// Rows per list; "shops" and the gadgets and sales of each shop.
  std::map<std::string, std::vector<int>> rows{{"/v3/shops.json", {1, 2}}};
  std::function<std::optional<Scripted>(const std::string& url)> before = [](const std::string&) {
    return std::nullopt;
  };

  Scene() { options.base_url = "https://api.example.com"; }

  void want(const Endpoint& endpoint) {
    options.endpoints.push_back({&endpoint, Selection::everything(endpoint), false});
  }
  void want_only(const Endpoint& endpoint, std::initializer_list<Text> fields) {
    Wanted wanted{&endpoint, {}, true};
    for (const Text field : fields)
      if (const auto i = endpoint.find(field); i < endpoint.fields.size()) wanted.fields.add(i);
    options.endpoints.push_back(std::move(wanted));
  }

  Scripted reply(const Request& request) {
    asked.push_back(request.url.substr(options.base_url.size()));
    if (auto special = before(asked.back())) return *std::move(special);
    const std::string path = asked.back().substr(0, asked.back().find('?'));
    const auto list = rows.find(path);
    if (list == rows.end()) return answer(404, R"({"error":"not found"})");
    const int page = std::stoi(parameter(asked.back(), "page"));
    const int size = std::stoi(parameter(asked.back(), "per_page"));
    return answer(200, page_of(path, list->second, page, size));
  }

  static std::string page_of(const std::string& path, const std::vector<int>& ids, int page,
                             int size) {
    const int total = static_cast<int>(ids.size());
    const std::string envelope = path.find("gadgets") != std::string::npos   ? "things"
                                 : path.find("sales") != std::string::npos   ? "sales"
                                 : path.find("members") != std::string::npos ? "members"
                                 : path.find("stock") != std::string::npos   ? "stock"
                                                                             : "shops";
    std::string text = "{\"page\":" + std::to_string(page) +
                       ",\"total_pages\":" + std::to_string((total + size - 1) / size) +
                       ",\"total_records\":" + std::to_string(total) + ",\"" + envelope + "\":[";
    for (int i = (page - 1) * size; i < std::min(page * size, total); ++i)
      text += std::string{i % size == 0 ? "" : ","} +
              "{\"id\":" + std::to_string(ids[static_cast<std::size_t>(i)]) +
              ",\"name\":\"n\",\"note\":\"x\"}";
    return text + "]}";
  }

  Summary run(Events* listener = nullptr) {
    ScriptedTransport transport{clock, [this](const Request& r) { return reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, clock, client_options, 1};
    Events silent;
    return extract(api(), options, client, sink, clock, listener != nullptr ? *listener : silent,
                   stop);
  }
};

inline std::vector<int> upto(int n) {
  std::vector<int> ids;
  for (int i = 1; i <= n; ++i) ids.push_back(i);
  return ids;
}

inline Lines numbers(int n) {
  Lines lines;
  for (int i = 1; i <= n; ++i) lines.push_back(std::to_string(i));
  return lines;
}

/// Of a list that has a row a minute on 2026-01-10.
inline int minute(std::string text, bool end) {
  text = text.substr(0, text.find('&'));
  if (const auto colon = text.find("%3A"); colon != text.npos) text.replace(colon, 3, ":");
  if (text < "2026-01-10") return 0;
  if (text.substr(0, 10) > "2026-01-10") return 1440;
  if (text.size() == 10) return end ? 1440 : 0;
  return std::stoi(text.substr(11, 2)) * 60 + std::stoi(text.substr(14, 2));
}
inline std::vector<int> in_window(const std::string& url, int n) {
  const int from = minute(parameter(url, "start_date"), false),
            to = minute(parameter(url, "end_date"), true);
  std::vector<int> ids;
  for (int id = 1; id <= n; ++id)
    if (id >= from && id <= to) ids.push_back(id);
  return ids;
}

inline const Endpoint& gadgets() { return Processor<Gadget>::endpoint(); }

}  // namespace callrail
