#pragma once

#include <callrail/endpoint.hpp>

#include <array>

namespace callrail::cli {

/// An API that nobody has, with a list for each row of another one, and sums by words.
inline const Api& children_api() {
  static constexpr std::array<Text, 3> groups{"maker", "colour", "size"};
  static constexpr std::array<Text, 2> steps{"hour", "day"};
  static constexpr std::array<Text, 2> states{"open", "closed"};
  static constexpr std::array<Text, 1> by_maker{"maker"};
  static constexpr std::array<Text, 1> by_day{"day"};
  static constexpr std::array id_field{Field{.name = "id", .type = Type::id}};
  static constexpr std::array<Text, 1> id_key{"id"};
  static constexpr std::array visit_fields{
      Field{.name = "shop_id", .sent = Sent::of_request, .parameter = "shop_id"},
      Field{.name = "position", .type = Type::integer, .sent = Sent::ordinal}};
  static constexpr std::array<Text, 2> visit_keys{"shop_id", "position"};
  static constexpr std::array of_shop{
      Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
  static constexpr std::array of_words{Parent{.parameter = "group_by", .values = by_maker},
                                       Parent{.parameter = "interval", .values = by_day}};
  static constexpr std::array filters{Filter{.name = "group_by", .values = groups},
                                      Filter{.name = "interval", .values = steps},
                                      Filter{.name = "seller"}};
  static constexpr std::array shop_filters{Filter{.name = "state", .values = states}};
  static constexpr std::array pages{Paging::offset};
  static constexpr std::array whole{Paging::whole};

  static constexpr Endpoint shops{.name = "shops",
                                  .path = "/v3/shops.json",
                                  .rows = "shops",
                                  .key = "id",
                                  .keys = id_key,
                                  .fields = id_field,
                                  .filters = shop_filters,
                                  .paging = pages};
  static constexpr Endpoint visits{.name = "visits",
                                   .path = "/v3/{shop_id}/visits.json",
                                   .rows = "visits",
                                   .keys = visit_keys,
                                   .fields = visit_fields,
                                   .parents = of_shop,
                                   .paging = whole,
                                   .opt_in = "one request for each shop",
                                   .not_found_is_empty = true};
  static constexpr Endpoint turnover{.name = "turnover",
                                     .path = "/v3/turnover.json",
                                     .rows = Endpoint::row_itself,
                                     .key = "id",
                                     .keys = id_key,
                                     .fields = id_field,
                                     .parents = of_words,
                                     .filters = filters,
                                     .select = "fields",
                                     .select_limits = true,
                                     .paging = whole,
                                     .dates = {.from = "start_date",
                                               .to = "end_date",
                                               .whole = true,
                                               .most_points = 200,
                                               .step = "interval"}};
  static constexpr std::array<const Endpoint*, 3> endpoints{&shops, &visits, &turnover};
  static constexpr Api api{.name = "Shops",
                           .url = "https://api.shop.example.com",
                           .keeps_months = 25,
                           .paging = {.page = "page", .size = "per_page"},
                           .endpoints = endpoints};
  return api;
}

}  // namespace callrail::cli
