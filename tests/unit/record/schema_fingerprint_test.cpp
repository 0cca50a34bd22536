#include <callrail/schema_fingerprint.hpp>

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace callrail {
namespace {

/// Shops, and goods asked for shop by shop.
struct Schema {
  std::vector<Field> shop_fields{{.name = "id", .type = Type::id}};
  std::vector<Field> good_fields{{.name = "id", .type = Type::id},
                                 {.name = "price", .type = Type::number}};
  std::vector<Field> members{{.name = "inside", .type = Type::text}};
  std::string path = "/goods.json";

  std::string fingerprint(bool of_goods = true) {
    good_fields.push_back({.name = "box", .type = Type::object, .members = members});
    const std::array parents{Parent{.parameter = "shop_id", .endpoint = "shops"}};
    const Endpoint shops{.name = "shops", .path = "/shops.json", .fields = shop_fields};
    const Endpoint goods{.name = "goods", .path = path, .fields = good_fields, .parents = parents};
    const std::array all{&shops, &goods};
    const Api api{.endpoints = all};
    const std::array wanted{of_goods ? &goods : &shops};
    return schema_fingerprint(api, wanted);
  }
};

TEST(TheFingerprint, IsTheSameForTheSameSchema) {
  EXPECT_EQ(Schema{}.fingerprint(), Schema{}.fingerprint());
  EXPECT_EQ(Schema{}.fingerprint().size(), 16u);
  EXPECT_NE(Schema{}.fingerprint(true), Schema{}.fingerprint(false));
}

TEST(TheFingerprint, ChangesWithPathsNamesTypesMembersAndParents) {
  const std::string before = Schema{}.fingerprint();
  Schema path, name, type, member, parent;
  path.path = "/things.json";
  name.good_fields[1].name = "cost";
  type.good_fields[1].type = Type::text;
  member.members[0].type = Type::integer;
  parent.shop_fields[0].accepts = accept_text;
  for (Schema* changed : {&path, &name, &type, &member, &parent})
    EXPECT_NE(changed->fingerprint(), before);
}

TEST(TheFingerprint, IsNotThatOfOtherEndpoints) {
  Schema other;
  other.good_fields[1].name = "cost";
  EXPECT_EQ(other.fingerprint(false), Schema{}.fingerprint(false));
}

TEST(DriftOfRemovedMembers, IsForgotten) {
  Drift drift;
  Drift::note(drift.changed_types, "config", {});
  Drift::note(drift.changed_types, "list[].config", {});
  Drift::note(drift.changed_types, "other", {});
  Drift::note(drift.broken_formats, "a.token", {});
  Drift::note(drift.unknown_values, "token=…", {});
  Drift::note(drift.unknown_fields, "token", {});
  forget_removed(drift, std::vector<std::string>{"config", "token"});
  EXPECT_EQ(drift.changed_types.size(), 1u);
  EXPECT_TRUE(drift.changed_types.contains("other"));
  EXPECT_TRUE(drift.broken_formats.empty());
  EXPECT_TRUE(drift.unknown_values.empty());
  // That it came at all is not about its value.
  EXPECT_EQ(drift.unknown_fields.size(), 1u);
}

}  // namespace
}  // namespace callrail
