#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

#include <gtest/gtest.h>

#include <contenders/contender.hpp>
#include <data/figures.hpp>

namespace callrail::bench {
namespace {

Pages some(Variant variant, std::uint64_t seed = 1) {
  return make_pages({.variant = variant, .bytes = 1'500'000, .seed = seed});
}

TEST(BenchPages, AreTheSameBytesForTheSameSeed) {
  const Pages once = some(Variant::full), again = some(Variant::full);
  ASSERT_EQ(once.bodies.size(), again.bodies.size());
  for (std::size_t i = 0; i < once.bodies.size(); ++i)
    EXPECT_EQ(once.bodies[i].text(), again.bodies[i].text());
  EXPECT_NE(some(Variant::full, 2).bodies[0].text(), once.bodies[0].text());
}

TEST(BenchPages, AreOfTheKindTheFiguresInTheDocumentsSay) {
  const Figures full = figures_of(some(Variant::full));
  EXPECT_EQ(full.rows % 250, 0U);
  EXPECT_NEAR(full.members, 83, 1);
  EXPECT_NEAR(full.bytes_a_row, 5800, 300);
  EXPECT_GT(full.ampersands, 8);
  EXPECT_LT(full.nonascii_bytes, 0.01);
  EXPECT_GT(full.nonascii_bytes, 0.005);
  EXPECT_NEAR(figures_of(some(Variant::narrow)).members, 17.8, 0.2);
  EXPECT_NEAR(figures_of(some(Variant::nonascii)).nonascii_in_text, 0.25, 0.03);
  EXPECT_GT(figures_of(some(Variant::escaped)).escapes, 200);
}

TEST(BenchPages, HoldNothingTheSchemaDoesNotKnow) {
  for (const Text name : variant_names) {
    const Variant variant = *variant_of(name);
    Pages pages = some(variant);
    const Task task = task_of(variant, "all");
    Drift drift;
    PageDecoder decoder;
    std::size_t rows = 0;
    for (Body& body : pages.bodies) {
      const auto page = decoder.decode(*task.endpoint, Reflect<api::Call>::paging, std::move(body),
                                       task.fields, task.asked, drift);
      ASSERT_TRUE(page) << name << ": " << page.error().what;
      rows += page->size();
    }
    EXPECT_EQ(rows, pages.rows) << name;
    for (const auto* findings :
         {&drift.unknown_fields, &drift.missing_fields, &drift.unknown_values, &drift.changed_types,
          &drift.repeated_fields})
      for (const auto& [path, finding] : *findings)
        ADD_FAILURE() << name << ": " << path << " " << finding.count
                      << " times: " << finding.example;
  }
}

TEST(BenchPages, OfferTwelveFieldsToChoose) {
  EXPECT_EQ(task_of(Variant::full, "12").table.columns.size(), 12U);
  EXPECT_EQ(task_of(Variant::full, "all").table.columns.size(), 83U);
  EXPECT_EQ(task_of(Variant::narrow, "all").table.columns.size(), 18U);
}

}  // namespace
}  // namespace callrail::bench
