#include "compare/compare.hpp"
#include "mutation.hpp"
#include "old_data.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

namespace callrail::test {
namespace {

using codegen::Change;
using codegen::Verdict;

/// CALLRAIL_EVOLUTIONS asks for more.
std::uint64_t evolutions() {
  const char* asked = std::getenv("CALLRAIL_EVOLUTIONS");
  return asked == nullptr ? 300 : std::strtoull(asked, nullptr, 10);
}

codegen::Schema schema_of(const std::string& text) {
  auto loaded = codegen::load_schema(text, "toys.yaml");
  for (const auto& line : loaded.mistakes.lines("toys.yaml")) ADD_FAILURE() << line << '\n' << text;
  return std::move(loaded.schema);
}

/// One for one reader: the worst of all that concerns them.
template <class List>
std::optional<Verdict> worst(const List& of, std::optional<Verdict> List::value_type::*whom) {
  std::optional<Verdict> out;
  for (const auto& one : of) out = std::max(out, one.*whom);
  return out;
}

Verdict verdict_of(const Mutation& mutation) {
  return *std::max(
      {mutation.source, mutation.columns, mutation.requests, std::optional{Verdict::ok}});
}

std::string text(const std::vector<Change>& changes) {
  const auto of = [](const char* whom, std::optional<Verdict> verdict) {
    return verdict ? std::string{" "} + whom + " " + codegen::to_text(*verdict) : std::string{};
  };
  std::string out;
  for (const auto& change : changes)
    out += change.where + ": " + change.what + of("source", change.source) +
           of("columns", change.columns) + of("requests", change.requests) + '\n';
  return out;
}

std::string shown(std::optional<Verdict> verdict) {
  return verdict ? codegen::to_text(*verdict) : "nothing";
}

TEST(Evolution, VerdictsAreWhatTheChangesAreKnownToBeAndWhatOldDataAndProgramsSay) {
  const std::uint64_t seeds = evolutions();
  std::map<std::string, int> met;
  std::map<std::string, int> verdicts;
  for (std::uint64_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    fake::Dice dice{seed};
    Evolution e;
    e.old = e.now = random_draft(dice);
    std::vector<Mutation> mutations;
    for (std::size_t wanted = 1 + dice.below(4), tries = 0; mutations.size() < wanted && tries < 50;
         ++tries)
      if (auto mutation = mutate(e, dice)) mutations.push_back(*std::move(mutation));
    const std::string old_text = e.old.text(), new_text = e.now.text();
    const codegen::Schema old = schema_of(old_text), now = schema_of(new_text);
    if (HasFailure()) break;
    const auto changes = codegen::compare(old, now);

    std::string story = "seed " + std::to_string(seed) + "\n";
    for (const auto& mutation : mutations) story += mutation.what + " of " + mutation.where + '\n';
    SCOPED_TRACE(story + "\n" + text(changes) + "\n--- old\n" + old_text + "\n--- new\n" +
                 new_text);

    const auto source = worst(changes, &Change::source), columns = worst(changes, &Change::columns),
               requests = worst(changes, &Change::requests);
    EXPECT_EQ(shown(source), shown(worst(mutations, &Mutation::source)));
    EXPECT_EQ(shown(columns), shown(worst(mutations, &Mutation::columns)));
    EXPECT_EQ(shown(requests), shown(worst(mutations, &Mutation::requests)));
    for (const auto& mutation : mutations) {
      ++met[mutation.what];
      std::string where = mutation.where;
      if (now.find_shape("Even") && where.starts_with("Flat.")) where.replace(0, 4, "Even");
      const auto is_it = [&](const Change& change) {
        return change.where == where && change.verdict() == verdict_of(mutation);
      };
      EXPECT_TRUE(std::ranges::any_of(changes, is_it)) << mutation.what << " of " << where;
    }

    const bool spoken = std::ranges::any_of(mutations, &Mutation::spoken);
    const bool unseen = std::ranges::any_of(mutations, &Mutation::unseen);
    const Reading reading = read_old_data(old, now);
    const Verdict verdict = columns.value_or(Verdict::ok);
    ++verdicts[codegen::to_text(verdict)];
    // A word makes migrate of what does not read, and what values mean no reader sees.
    if (verdict == Verdict::ok) {
      EXPECT_TRUE(reading.by_position) << reading.trouble;
    } else if (!unseen && !spoken) {
      EXPECT_FALSE(reading.by_position);
    }
    if (verdict == Verdict::breaks) {
      EXPECT_TRUE(unseen || !reading.by_name);
    } else if (!spoken) {
      EXPECT_TRUE(reading.by_name) << reading.trouble;
    }

    const Source program = use_old_headers(old, now);
    const Verdict of_source = source.value_or(Verdict::ok);
    EXPECT_EQ(of_source == Verdict::ok, program.compiles && program.same_numbers)
        << program.trouble;
    EXPECT_TRUE(of_source != Verdict::breaks || !program.compiles);
  }
  std::string figures;
  for (const auto& [verdict, count] : verdicts)
    figures += verdict + " " + std::to_string(count) + "  ";
  std::cout << seeds << " evolutions, of the columns: " << figures << '\n';
  for (const auto& [what, count] : met) std::cout << "  " << count << "  " << what << '\n';
  // Every rule was met, or the test does not test it.
  EXPECT_GE(met.size(), 90U);
}

TEST(Evolution, NothingChangesWithoutAChange) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    fake::Dice dice{seed};
    const std::string text = random_draft(dice).text();
    const codegen::Schema schema = schema_of(text);
    EXPECT_TRUE(codegen::compare(schema, schema).empty());
    const Reading reading = read_old_data(schema, schema);
    EXPECT_TRUE(reading.by_position && reading.by_name) << seed << reading.trouble << '\n' << text;
    EXPECT_TRUE(use_old_headers(schema, schema).compiles);
  }
}

}  // namespace
}  // namespace callrail::test
