#pragma once

#include <callrail/endpoint.hpp>

#include <array>

namespace callrail::cli {

/// An API that nobody has: shops with goods, sales with dates, and stock asked for shelf by shelf.
/// The command line is the same for it, because it knows no endpoint by name.
inline const Api& shop_api() {
  static constexpr std::array<Text, 2> sizes{"small", "large"};
  static constexpr std::array shop_fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text},
      Field{.name = "title",
            .type = Type::text,
            .accepts = accept_text | accept_null,
            .pii = Pii::name},
  };
  static constexpr std::array shop_notes{
      Note{.doc = "Identifies the shop."},
      Note{.doc = "Above the door.", .evidence = Evidence::documented | Evidence::real},
  };
  static constexpr std::array shelf_fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text},
      Field{.name = "width", .type = Type::integer, .accepts = accept_number},
  };
  static constexpr std::array door_members{
      Field{.name = "door_code", .type = Type::text, .accepts = accept_text, .secret = true},
  };
  static constexpr std::array sale_fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text},
      Field{.name = "sold_at", .type = Type::timestamp, .accepts = accept_text},
      Field{.name = "size", .type = Type::enumeration, .accepts = accept_text, .values = sizes},
      Field{.name = "remark",
            .type = Type::text,
            .accepts = accept_text | accept_null,
            .sent = Sent::on_request},
      Field{.name = "receipt", .type = Type::text, .accepts = accept_text, .sent = Sent::single},
      Field{
          .name = "place", .type = Type::object, .accepts = accept_object, .members = door_members},
  };
  static constexpr std::array stock_fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text},
      Field{.name = "pieces", .type = Type::integer, .accepts = accept_number},
      Field{.name = "shelf_id",
            .type = Type::id,
            .accepts = accept_text,
            .sent = Sent::of_request,
            .parameter = "shelf_id"},
  };
  static constexpr std::array of_shop{
      Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
  static constexpr std::array of_shelf{
      Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
      Parent{.parameter = "shelf_id", .endpoint = "shelves"}};
  static constexpr std::array one_style{Paging::offset};
  static constexpr std::array both_styles{Paging::offset, Paging::relative};
  static constexpr std::array filters{Filter{.name = "size", .values = sizes},
                                      Filter{.name = "seller"}};

  static constexpr Endpoint shops{.name = "shops",
                                  .doc = "Every shop.",
                                  .docs = "https://shop.example.com/#shops",
                                  .path = "/v3/shops.json",
                                  .rows = "shops",
                                  .key = "id",
                                  .fields = shop_fields,
                                  .notes = shop_notes,
                                  .paging = one_style};
  static constexpr Endpoint shelves{.name = "shelves",
                                    .path = "/v3/{shop_id}/shelves.json",
                                    .rows = "shelves",
                                    .key = "id",
                                    .fields = shelf_fields,
                                    .parents = of_shop,
                                    .paging = one_style};
  static constexpr Endpoint sales{
      .name = "sales",
      .path = "/v3/{shop_id}/sales.json",
      .rows = "sales",
      .key = "id",
      .fields = sale_fields,
      .parents = of_shop,
      .filters = filters,
      .select = "fields",
      .paging = both_styles,
      .dates = {.from = "start_date", .to = "end_date", .zone = "time_zone", .cursor = "sold_at"}};
  static constexpr Endpoint stock{.name = "stock",
                                  .path = "/v3/{shop_id}/stock.json",
                                  .rows = "pieces",
                                  .key = "id",
                                  .fields = stock_fields,
                                  .parents = of_shelf,
                                  .paging = one_style};
  static constexpr std::array<const Endpoint*, 4> endpoints{&shops, &shelves, &sales, &stock};
  static constexpr std::array limits{RateLimit{10, 1}, RateLimit{1000, 3600}};
  static constexpr std::array statuses{429, 503};
  static constexpr Api api{.name = "Shop",
                           .url = "https://shop.example.com",
                           .auth_header = "Authorization",
                           .auth_value = "Token token=\"{api_key}\"",
                           .keeps_months = 25,
                           .limits = limits,
                           .retry = {.statuses = statuses},
                           .paging = {.page = "page",
                                      .size = "per_page",
                                      .pages = "total_pages",
                                      .total = "total_records",
                                      .relative = "relative_pagination",
                                      .next = "next_page",
                                      .more = "has_next_page"},
                           .endpoints = endpoints};
  return api;
}

}  // namespace callrail::cli
