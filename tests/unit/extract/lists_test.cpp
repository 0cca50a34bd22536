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

KeyList keys_of(std::initializer_list<std::pair<Scope, const char*>> keys) {
  KeyList list;
  for (const auto& [scope, value] : keys) list.add(scope, value);
  return list;
}

ParentKeys two_shops() {
  static const KeyList of_api = keys_of({{{}, "S1"}, {{}, "S2"}});
  static const KeyList of_shops =
      keys_of({{{{"shop_id", "S1"}}, "A"}, {{{"shop_id", "S2"}}, "B"}, {{{"shop_id", "S2"}}, "C"}});
  return {{{"shops", &of_api}, {"shelves", &of_shops}}};
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

TEST(Scopes, AreCountedWithoutMakingThem) {
  for (const Endpoint* endpoint : all) {
    const ParentKeys keys = two_shops();
    EXPECT_EQ(Scopes(*endpoint, {}, keys).count(), scopes_of(*endpoint, {}, keys).size());
  }
  ExtractOptions options;
  options.fixed["shelf_id"] = {"X", "Y"};
  const ParentKeys keys = two_shops();
  EXPECT_EQ(Scopes(stock, options, keys).count(), 4u);
  EXPECT_EQ(Scopes(stock, {}, {}).count(), 0u);
}

TEST(KeyLists, KnowEachKeyAndItsScope) {
  KeyList keys;
  for (int i = 0; i < 5000; ++i)
    keys.add({{"shop_id", i < 3000 ? "S1" : "S2"}}, "K" + std::to_string(i));
  ASSERT_EQ(keys.size(), 5000u);
  EXPECT_EQ(keys.stretches().size(), 2u);
  for (const std::size_t i : {0u, 1023u, 1024u, 2999u, 3000u, 4999u}) {
    EXPECT_EQ(keys[i], "K" + std::to_string(i));
    EXPECT_EQ(keys.scope(i).front().second, i < 3000 ? "S1" : "S2");
  }
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

TEST(ScopesOf, AListThatIsReadForItsKeysAreNotNarrowedByWordsForOthers) {
  ExtractOptions options;
  options.fixed = {{"shop_id", {"1"}}, {"shelf_id", {"7"}}};
  options.narrow_written = {"shelf_id"};
  EXPECT_EQ(scopes_of(sales, options, {}), std::vector<Scope>({{{"shop_id", "1"}}}));
  options.endpoints.push_back({&sales, {}, false, false});
  EXPECT_EQ(scopes_of(sales, options, {}).front().size(), 1u) << "asked for, not written";
  options.endpoints.front().written = true;
  EXPECT_EQ(scopes_of(sales, options, {}).front().size(), 2u);
}

}  // namespace
}  // namespace callrail
