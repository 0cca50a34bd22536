#include "warehouse_fixture.hpp"

#include <map>
#include <random>
#include <set>

namespace callrail::test {
namespace {

/// What the API keeps of a toy.
struct Kept {
  std::string name, made_at, marks;
  bool hidden = false;
};

/// Runs over an API that changes, on a database that is in trouble again and again, with processes
/// that die in between. Afterwards the tables are what the API says, and the history adds up.
class RandomRuns : public Warehouses {
 protected:
  using Random = std::mt19937;
  static std::size_t below(Random& random, std::size_t n) { return random() % n; }

  /// Toys are made in the ten days before the 11th.
  static std::string day_of(std::size_t day) {
    return "2026-03-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
  }
  void change_api(Random& random) {
    for (std::size_t i = 0; i < 25; ++i) {
      const std::string id = "T" + std::to_string(below(random, 250));
      Kept& kept = api[id];
      if (kept.made_at.empty()) {
        kept.made_at = day_of(1 + below(random, 10));
        kept.made_at += "T0" + std::to_string(below(random, 10)) + ":30:00.5Z";
      }
      kept.name = "name " + std::to_string(below(random, 5));
      kept.marks = below(random, 2) == 0 ? "[]" : R"(["a","b"])";
      kept.hidden = below(random, 4) == 0;
    }
  }

  /// One process, which may die; false: it did.
  bool process(Random& random, bool may_die) {
    auto s = session();
    const std::size_t dies_at = may_die ? 1 + below(random, 120) : 0;
    std::size_t calls = 0;
    bool dead = false;
    s->db->before = [&](std::string_view what) -> std::optional<Trouble> {
      dead = dead || ++calls == dies_at;
      if (dead) return Trouble::destination;
      if (what == "commit" && below(random, 8) == 0) return Trouble::again;
      if (what != "reconnect" && below(random, 40) == 0) return Trouble::connection;
      return std::nullopt;
    };
    s->db->after_commit = [&]() -> std::optional<Trouble> {
      return below(random, 4) == 0 ? std::optional{Trouble::connection} : std::nullopt;
    };
    if (auto begun = s->begin({&toys}); !begun) return why = begun.error().what, false;
    // It goes on behind the day that was read last.
    const auto saved = s->warehouse->load("toys");
    if (!saved) return why = saved.error().what, false;
    std::size_t day = 1;
    if (*saved) {
      day = static_cast<std::size_t>(std::stoi((*saved)->window)) + 1;
      s->position = (*saved)->position;
    }
    for (; day <= 10; ++day) {
      ToyRows rows;
      for (const auto& [id, kept] : api) {
        if (kept.hidden || !kept.made_at.starts_with(day_of(day))) continue;
        auto row = toy(rows.keep(id), rows.keep(kept.name), rows.keep(kept.made_at));
        row["marks"] = json(rows.keep(kept.marks));
        row["shelf_id"] = text("S1");
        rows.add(row);
      }
      s->read_toys(rows, days(day_of(day), day_of(day)));
      const auto written = s->save(toys, SavedEndpoint::Stage::reading, std::to_string(day));
      if (!written) return why = written.error().what, false;
    }
    const auto ended = s->end();
    if (!ended) why = ended.error().what;
    return ended.has_value();
  }

  std::map<std::string, Kept> api;
  std::string why;  ///< the last process did not come to its end
};
INSTANTIATE_TEST_SUITE_P(Both, RandomRuns, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(RandomRuns, LeaveWhatTheApiSays) {
  int died = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    Random random{seed};
    change_api(random);
    // Until a process comes to its end; what changes meanwhile, the next run finds.
    while (!process(random, true) && died < 200) ++died;
    ASSERT_TRUE(process(random, false)) << "seed " << seed << ": " << why;
    std::vector<std::string> expected, marks;
    for (const auto& [id, kept] : api) {
      if (kept.hidden) continue;
      expected.push_back(id + '|' + kept.name);
      if (kept.marks != "[]") marks.insert(marks.end(), {id + "|1|a", id + "|2|b"});
    }
    ASSERT_EQ(rows_of("SELECT id, name FROM toys WHERE _removed_at IS NULL ORDER BY id COLLATE \"" +
                      std::string{lite() ? "BINARY" : "C"} + '"'),
              expected)
        << "seed " << seed;
    ASSERT_EQ(rows_of("SELECT m.toy_id, m._n, m.word FROM toy_marks AS m JOIN toys AS t ON t.id = "
                      "m.toy_id WHERE t._removed_at IS NULL ORDER BY m.toy_id COLLATE \"" +
                      std::string{lite() ? "BINARY" : "C"} + "\", m._n"),
              marks)
        << "seed " << seed;
    ASSERT_EQ(rows_of("SELECT sum(created), sum(removed) - sum(returned), sum(fetched) - "
                      "sum(created) - sum(updated) - sum(unchanged) FROM runs"),
              rows_of("SELECT count(*), sum(CASE WHEN _removed_at IS NULL THEN 0 ELSE 1 END), 0 "
                      "FROM toys"))
        << "seed " << seed;
  }
  EXPECT_GT(died, 5);
}

}  // namespace
}  // namespace callrail::test
