#include "lists.hpp"

#include "gadget.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

constexpr std::array nested_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "shelf_id", .endpoint = "shelves"}};
constexpr std::array shelf_filter{Filter{.name = "shelf_id"}};
constexpr Endpoint shops{.name = "shops", .path = "/v3/shops.json", .rows = "shops", .key = "id"};
constexpr Endpoint shelves{.name = "shelves",
                           .path = "/v3/{shop_id}/shelves.json",
                           .parents = std::span{nested_parents}.first(1)};
constexpr Endpoint stock{
    .name = "stock", .path = "/v3/{shop_id}/stock.json", .parents = nested_parents};
constexpr Endpoint sales{
    .name = "sales",
    .path = "/v3/{shop_id}/sales.json",
    .parents = std::span{nested_parents}.first(1),
    .filters = shelf_filter,
    .select = "fields",
    .dates = {.from = "start_date", .to = "end_date", .zone = "time_zone"},
    .order = {.by = "sort", .direction = "order", .field = "sold_at", .ascending = "asc"}};
constexpr std::array<const Endpoint*, 4> all{&shops, &shelves, &stock, &sales};
constexpr Api api{.endpoints = all};

ParentKeys two_shops() {
  ParentKeys keys;
  keys.by_endpoint["shops"] = {{{}, "S1"}, {{}, "S2"}};
  keys.by_endpoint["shelves"] = {
      {{{"shop_id", "S1"}}, "A"}, {{{"shop_id", "S2"}}, "B"}, {{{"shop_id", "S2"}}, "C"}};
  return keys;
}

TEST(Scopes, AreOnePerRowOfTheParentWithinItsOwnParent) {
  EXPECT_EQ(scopes_of(shops, {}, two_shops()), std::vector<Scope>{Scope{}});
  EXPECT_EQ(scopes_of(shelves, {}, two_shops()),
            (std::vector<Scope>{{{"shop_id", "S1"}}, {{"shop_id", "S2"}}}));
  EXPECT_EQ(scopes_of(stock, {}, two_shops()),
            (std::vector<Scope>{{{"shop_id", "S1"}, {"shelf_id", "A"}},
                                {{"shop_id", "S2"}, {"shelf_id", "B"}},
                                {{"shop_id", "S2"}, {"shelf_id", "C"}}}));
}

TEST(Scopes, UseTheValuesTheUserFixed) {
  ExtractOptions options;
  options.fixed["shop_id"] = {"S9"};
  options.fixed["shelf_id"] = {"X", "Y"};
  const std::vector<Scope> both{{{"shop_id", "S9"}, {"shelf_id", "X"}},
                                {{"shop_id", "S9"}, {"shelf_id", "Y"}}};
  EXPECT_EQ(scopes_of(stock, options, {}), both);
  EXPECT_EQ(scopes_of(sales, options, {}), both);  // not a parent there, but a filter
  EXPECT_EQ(scopes_of(shelves, options, {}), (std::vector<Scope>{{{"shop_id", "S9"}}}));
}

TEST(ParentsNeeded, AreReadNearestFirstUnlessFixed) {
  EXPECT_EQ(parents_needed(api, stock, {}), (std::vector<Text>{"shops", "shelves"}));
  EXPECT_EQ(parents_needed(api, shops, {}), std::vector<Text>{});
  ExtractOptions options;
  options.fixed["shop_id"] = {"S9"};
  EXPECT_EQ(parents_needed(api, stock, options), std::vector<Text>{"shelves"});
  options.fixed["shelf_id"] = {"X"};
  EXPECT_EQ(parents_needed(api, stock, options), std::vector<Text>{});
}

TEST(ListAddress, HoldsEverythingThatSelectsTheRows) {
  ExtractOptions options;
  options.base_url = "https://api.example.com";
  const List list{
      {{"shop_id", "S 1/../x"}, {"shelf_id", "A&B"}},
      {.from = "2026-01-01", .to = "2026-01-31T12:00", .zone = "America/New_York", .warning = {}}};
  EXPECT_EQ(
      list_address(options, sales, list, {"note", "tags"}),
      "https://api.example.com/v3/S%201%2F..%2Fx/sales.json?shelf_id=A%26B&start_date=2026-01-01"
      "&end_date=2026-01-31T12%3A00&time_zone=America%2FNew_York&sort=sold_at&order=asc&fields="
      "note%2Ctags");
  EXPECT_EQ(list_address(options, shops, {}, {}), "https://api.example.com/v3/shops.json");
}

}  // namespace
}  // namespace callrail
