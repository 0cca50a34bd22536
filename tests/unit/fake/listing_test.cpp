#include "fake_test.hpp"

#include <callrail/fake/marks.hpp>

namespace callrail::fake {
namespace {

using Lists = Fake;

TEST(MarkedRows, CountAndFindTheirMembers) {
  Marks marks{2000};
  std::vector<std::uint64_t> members;
  for (std::uint64_t i = 3; i < 2000; i += 1 + i % 7) {
    marks.set(i, true);
    members.push_back(i);
  }
  marks.count();
  for (std::uint64_t n = 0; n < members.size(); ++n) {
    EXPECT_EQ(marks.select(n), members[n]);
    EXPECT_EQ(marks.rank(members[n]), n);
    EXPECT_EQ(marks.next(members[n]), members[n]);
  }
  EXPECT_EQ(marks.select(members.size()), 2000U);
  EXPECT_EQ(marks.next(1999), marks.has(1999) ? 1999U : 2000U);
  EXPECT_EQ(marks.rank(2000), members.size());
  EXPECT_EQ(Marks{0}.select(0), 0U);
  EXPECT_EQ(Marks{0}.rank(0), 0U);
}

TEST_F(Lists, AreTheSameWhetherReadForwardsOrBackwards) {
  const auto reading = api().world().reading();
  Wanted wanted;
  wanted.plan = &plan("visits");
  wanted.from = at("2025-01-01T00:00:00Z");
  wanted.to = at("2025-12-01T00:00:00Z");
  std::vector<std::uint64_t> forwards, backwards;
  const auto total = api().listing().slice(wanted, 0, 0).total;
  ASSERT_GT(total, 150U);
  for (std::uint64_t first = 0; first < total; first += 7)
    for (const Row& row : api().listing().slice(wanted, first, 7).rows)
      forwards.push_back(row.number);
  wanted.newest_first = true;
  for (std::uint64_t first = 0; first < total; first += 13)
    for (const Row& row : api().listing().slice(wanted, first, 13).rows)
      backwards.push_back(row.number);
  std::ranges::reverse(backwards);
  EXPECT_EQ(forwards, backwards);
  EXPECT_TRUE(std::ranges::is_sorted(forwards));
}

TEST_F(Lists, RefuseToSortTooManyRowsByAnythingButTime) {
  FakeOptions options = plain_options();
  options.world.rows["visits"] = most_sorted + 2000;
  start(std::move(options));
  EXPECT_THAT(error("/v3/a/{shop}/visits.json?start_date=2024-03-01&sort=phone"),
              testing::HasSubstr("sorts at most 20000 rows"));
  EXPECT_EQ(ask("/v3/a/{shop}/visits.json?start_date=2026-01-01&sort=phone").status, 200);
}

TEST_F(Lists, OfUnknownStoresAreEmpty) {
  EXPECT_EQ(json("/v3/a/{shop}/visits.json?start_date=2024-03-01&store_id=" +
                 store(0, 1))["total_records"],
            0);
  EXPECT_GT(json("/v3/a/{shop}/labels.json?store_id=" + store(0))["total_records"], 0);
}

}  // namespace
}  // namespace callrail::fake
