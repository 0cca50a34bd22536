#pragma once

#include "scene.hpp"

#include <fmt/format.h>

/// Lists below the rows of the made-up API.
namespace callrail {

inline constexpr std::array whole_style{Paging::whole};

/// The visits to a gadget: no ids, no pages, 404 if there were none.
inline constexpr std::array visit_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "gadget_id", .endpoint = "gadgets", .in_path = true}};
inline constexpr std::array visit_fields{
    Field{.name = "gadget_id",
          .type = Type::id,
          .accepts = accept_text,
          .sent = Sent::of_request,
          .parameter = "gadget_id"},
    Field{
        .name = "position", .type = Type::integer, .accepts = accept_number, .sent = Sent::ordinal},
    Field{.name = "page", .type = Type::text}};
inline constexpr std::array<Text, 2> visit_keys{"gadget_id", "position"};
inline constexpr Endpoint visits{.name = "visits",
                                 .path = "/v3/{shop_id}/gadgets/{gadget_id}/visits.json",
                                 .rows = "visits",
                                 .keys = visit_keys,
                                 .fields = visit_fields,
                                 .parents = visit_parents,
                                 .paging = whole_style,
                                 .opt_in = "one request for each gadget",
                                 .not_found_is_empty = true};

/// One gadget, by its id.
inline constexpr std::array single_fields{Field{.name = "id", .type = Type::id},
                                          Field{.name = "name", .type = Type::text}};
inline constexpr std::array<Text, 1> single_keys{"id"};
inline constexpr Endpoint single{.name = "single",
                                 .path = "/v3/{shop_id}/gadgets/{gadget_id}.json",
                                 .rows = Endpoint::row_itself,
                                 .key = "id",
                                 .keys = single_keys,
                                 .fields = single_fields,
                                 .parents = visit_parents,
                                 .paging = whole_style};

/// Sums over days, by a word.
inline constexpr std::array<Text, 2> groups{"maker", "colour"};
inline constexpr std::array<Text, 1> steps{"day"};
inline constexpr std::array turnover_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "group_by", .values = groups},
    Parent{.parameter = "step", .values = steps}};
inline constexpr std::array turnover_fields{
    Field{
        .name = "group_by", .type = Type::text, .sent = Sent::of_request, .parameter = "group_by"},
    Field{.name = "day", .type = Type::text}};
inline constexpr std::array<Text, 2> turnover_keys{"group_by", "day"};
inline constexpr Endpoint turnover{
    .name = "turnover",
    .path = "/v3/{shop_id}/turnover.json",
    .rows = "days",
    .keys = turnover_keys,
    .fields = turnover_fields,
    .parents = turnover_parents,
    .paging = whole_style,
    .dates = {.from = "from", .to = "to", .whole = true, .most_points = 200, .step = "step"}};

inline bool is_child(const std::string& url) { return url.find("/gadgets/") != url.npos; }

inline int gadget_of(const std::string& url) {
  return std::stoi(url.substr(url.find("/gadgets/") + 9));
}

inline std::optional<Scripted> two_visits(const std::string& url) {
  if (!is_child(url)) return std::nullopt;
  return answer(200, R"({"visits":[{"page":"/a"},{"page":"/a"}]})");
}

struct VisitsToMany : Scene {
  explicit VisitsToMany(int gadgets = 700) {
    rows = {{"/v3/shops.json", {1, 2}},
            {"/v3/1/gadgets.json", upto(gadgets)},
            {"/v3/2/gadgets.json", {9001, 9002}}};
    before = [](const std::string& url) -> std::optional<Scripted> {
      if (!is_child(url)) return std::nullopt;
      const int id = std::stoi(url.substr(url.find("/gadgets/") + 9));
      if (id % 50 == 0) return answer(404, R"({"error":"not found"})");
      const char* total = id % 199 == 0 ? R"("total_records":7,)" : "";
      return answer(200, fmt::format(R"({{{}"visits":[{{"page":"/{}"}}]}})", total, id));
    };
  }
};

}  // namespace callrail
