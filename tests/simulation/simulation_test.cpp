#include "figures.hpp"
#include "simulate.hpp"

#include <callrail/api.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace callrail::sim {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;

/// Runs seeds until `wanted` plans fit, and tells what went wrong how often.
struct Campaign {
  std::map<Wrong, int> wrong;
  std::string words;
  int seeds = 0;
  std::uint64_t rows = 0, changes = 0, deaths = 0, faults = 0;

  template <class Fits>
  Campaign(std::uint64_t first, int wanted, Fits fits) {
    const Api& api = api::description();
    for (std::uint64_t seed = first; seeds < wanted; ++seed) {
      const Plan plan = plan_of(api, seed);
      if (!fits(plan)) continue;
      ++seeds;
      const Verdict verdict = simulate(api, plan);
      rows += verdict.rows;
      changes += verdict.changes;
      deaths += verdict.deaths;
      faults += verdict.faults;
      for (const Finding& finding : verdict.findings) {
        ++wrong[finding.wrong];
        words += std::string{name_of(finding.wrong)} + ": " + finding.what + '\n' + verdict.trace;
      }
    }
  }
};

TEST(Simulation, ReadsAWorldThatStandsStillWholeThroughFaultsAndCrashes) {
  const Campaign campaign{1, 80, [](const Plan& plan) { return plan.static_world(); }};
  EXPECT_THAT(campaign.wrong, IsEmpty()) << campaign.words;
  EXPECT_GT(campaign.faults, 0U);
  EXPECT_GT(campaign.deaths, 0U);
}

TEST(Simulation, LosesNoRowUnsaidWhileRowsComeAndGo) {
  Campaign campaign{1000, 120, [](const Plan& plan) { return !plan.static_world(); }};
  EXPECT_GT(campaign.changes, 0U);
  if (!claims_are_proven) {
    EXPECT_GT(campaign.wrong[Wrong::loss], 0)
        << "no loss is left to be seen: turn claims_are_proven on in scene.hpp";
    campaign.wrong.erase(Wrong::loss);
  }
  EXPECT_THAT(campaign.wrong, IsEmpty()) << campaign.words;
  test::note_figure("simulation seeds in ctest", 200);
}

TEST(Simulation, IsTheSameEveryTime) {
  const Api& api = api::description();
  const Verdict one = simulate(api, plan_of(api, 7)), other = simulate(api, plan_of(api, 7));
  EXPECT_EQ(one.trace, other.trace);
  EXPECT_EQ(one.requests, other.requests);
  EXPECT_NE(one.trace, simulate(api, plan_of(api, 8)).trace);
}

/// The judge is awake: what is spoiled on purpose is noticed.
class TheJudge : public testing::TestWithParam<FileFormat> {
 protected:
  /// The first seed of a quiet world with a few rows, in the format.
  Plan plan() const {
    const Api& api = api::description();
    for (std::uint64_t seed = 1;; ++seed) {
      Plan plan = plan_of(api, seed);
      const auto rows = plan.world.world.rows.at(std::string{plan.job.endpoints[0].endpoint->name});
      if (rows < 20 || rows > 200 || !plan.job.range.from.empty() || !plan.job.range.to.empty())
        continue;
      plan.changes = 0;
      plan.deaths.clear();
      plan.world.faults.clear();
      plan.job.endpoints.resize(1);
      plan.job.stream = false;
      plan.job.format = GetParam();
      return plan;
    }
  }
  std::vector<Finding> spoiled(const Tamper& tamper) const {
    return simulate(api::description(), plan(), tamper).findings;
  }
  /// Where the second record begins and ends; records of these worlds hold no line breaks of
  /// their own but in CSV and XML, where the end of a record is longer.
  std::pair<std::size_t, std::size_t> second_record(const std::string& file) const {
    const std::string end = GetParam() == FileFormat::csv   ? "\r\n"
                            : GetParam() == FileFormat::xml ? "</row>\n"
                                                            : "\n";
    auto begin = file.find(end) + end.size();
    return {begin, file.find(end, begin) + end.size()};
  }
};

TEST_P(TheJudge, HasNothingToSayAboutAQuietRun) {
  EXPECT_THAT(spoiled([](const Job&, Text, std::string&) {}), IsEmpty());
}

TEST_P(TheJudge, MissesARowThatIsNotThere) {
  EXPECT_THAT(spoiled([&](const Job&, Text, std::string& file) {
                const auto [from, to] = second_record(file);
                file.erase(from, to - from);
              }),
              Contains(Field(&Finding::wrong, Wrong::loss)));
}

TEST_P(TheJudge, SeesARowThatIsThereTwice) {
  EXPECT_THAT(spoiled([&](const Job&, Text, std::string& file) {
                const auto [from, to] = second_record(file);
                file.insert(from, file.substr(from, to - from));
              }),
              Contains(Field(&Finding::wrong, Wrong::twice)));
}

TEST_P(TheJudge, SeesAValueThatNeverWas) {
  EXPECT_THAT(spoiled([&](const Job&, Text, std::string& file) {
                const auto [from, to] = second_record(file);
                const auto digit = file.find_first_of("0123456789", from);
                ASSERT_LT(digit, to);
                file[digit] = file[digit] == '7' ? '8' : '7';
              }),
              Contains(Field(&Finding::wrong, Wrong::stranger)));
}

TEST_P(TheJudge, SeesAFileThatEndsEarly) {
  EXPECT_THAT(spoiled([](const Job&, Text, std::string& file) { file.resize(file.size() - 3); }),
              Contains(Field(&Finding::wrong, Wrong::torn)));
}

INSTANTIATE_TEST_SUITE_P(Of, TheJudge,
                         testing::Values(FileFormat::csv, FileFormat::jsonl, FileFormat::json,
                                         FileFormat::xml),
                         [](const auto& format) {
                           return std::string{file_extension(format.param).substr(1)};
                         });

}  // namespace
}  // namespace callrail::sim
