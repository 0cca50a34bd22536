#include "warehouse_fixture.hpp"

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WarehouseOptions in_mode(SyncMode mode) {
  WarehouseOptions options;
  options.mode = mode;
  return options;
}

/// What is marked as removed.
class Removal : public Warehouses {
 protected:
  void SetUp() override {
    Warehouses::SetUp();
    if (IsSkipped()) return;
    ToyRows rows;
    for (auto row :
         {toy("T1", "Kite", "2026-03-02T10:00:00Z"), toy("T2", "Kite", "2026-03-05T10:00:00Z"),
          toy("T3", "Kite", "2026-03-09T10:00:00Z")}) {
      row["shelf_id"] = text("S1");
      rows.add(row);
    }
    ASSERT_EQ(run(rows), "3 created");
  }
  std::vector<std::string> removed() {
    return rows_of(
        "SELECT id, _removed_reason FROM toys WHERE _removed_at IS NOT NULL ORDER BY id");
  }
  ToyRows only(Text id, Text made_at) {
    auto row = toy(id, "Kite", made_at);
    row["shelf_id"] = text("S1");
    return {toys, {row}};
  }
};
INSTANTIATE_TEST_SUITE_P(Both, Removal, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Removal, MarksWhatACompleteWindowDoesNotList) {
  EXPECT_EQ(run(only("T3", "2026-03-09T10:00:00Z"), days("2026-03-03", "2026-03-09")),
            "1 unchanged, 1 removed");
  EXPECT_THAT(removed(), ElementsAre("T2|not_listed"));
  EXPECT_EQ(run(only("T3", "2026-03-09T10:00:00Z"), days("2026-03-03", "2026-03-09")),
            "1 unchanged");
}

TEST_P(Removal, LetsARowReturn) {
  run(only("T3", "2026-03-09T10:00:00Z"), days("2026-03-03", "2026-03-09"));
  EXPECT_EQ(run(only("T2", "2026-03-05T10:00:00Z"), days("2026-03-05", "2026-03-05")),
            "1 updated, 1 returned");
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, NeedsAProof) {
  for (const auto proof :
       {std::optional<Proof>{}, std::optional{Proof::unproven}, std::optional{Proof::contradicted}})
    run(only("T3", "2026-03-09T10:00:00Z"), days("2026-03-03", "2026-03-09", proof));
  EXPECT_THAT(removed(), IsEmpty());
  run(only("T3", "2026-03-09T10:00:00Z"),
      days("2026-03-03", "2026-03-09", Proof::proven_with_churn));
  EXPECT_THAT(removed(), ElementsAre("T2|not_listed"));
}

TEST_P(Removal, AlsoSeesAWindowWithoutRows) {
  EXPECT_EQ(run(ToyRows{}, days("2026-03-03", "2026-03-06")), "1 removed");
  EXPECT_THAT(removed(), ElementsAre("T2|not_listed"));
}

TEST_P(Removal, LeavesRowsOfOtherListsAlone) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  const auto window = days("2026-03-01", "2026-03-10");
  s->read(toys, ToyRows{}, window, shelf("S2"));
  s->read(toys, ToyRows{}, window, shelf("S1", "ACC2"));
  ASSERT_TRUE(s->save());
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, KnowsNothingOfAListThatWasNarrowed) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  Scope scope = shelf();
  scope.emplace_back("colour", "red");
  s->read(toys, ToyRows{}, days("2026-03-01", "2026-03-10"), scope);
  ASSERT_TRUE(s->save());
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, DoesNotTrustTheEdgesOfAWindowOrDaysOfAnotherZone) {
  run(ToyRows{}, days("2026-03-05T10:00", "2026-03-09T10:00"));
  run(ToyRows{}, days("2026-03-05T10:01", "2026-03-09T10:00"));
  auto window = days("2026-03-01", "2026-03-10");
  window.zone = "user";
  run(ToyRows{}, window);
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, DoesNotTrustAWindowInWhichARowHasNoKey) {
  ToyRows rows = only("T3", "2026-03-09T10:00:00Z");
  rows.add({{"name", text("?")}, {"made_at", text("2026-03-05T10:00:00Z")}});
  EXPECT_EQ(run(rows, days("2026-03-03", "2026-03-09")), "1 unchanged, 1 rejected");
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, FindsARowInAnotherWindowOfTheBatch) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(ToyRows{}, days("2026-03-03", "2026-03-06"));
  s->read_toys(only("T2", "2026-03-07T10:00:00Z"), days("2026-03-07", "2026-03-08"));
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->counts(), "1 updated");
  EXPECT_THAT(removed(), IsEmpty());
}

TEST_P(Removal, OfRowsThatMoveNeedsTheLastWindow) {
  const auto read = [&](const WindowProof& window) {
    auto s = session();
    EXPECT_TRUE(s->begin({&moving_toys}));
    s->read(moving_toys, ToyRows{}, window, shelf());
    EXPECT_TRUE(s->save(moving_toys));
    EXPECT_TRUE(s->end());
    return s->counts(moving_toys);
  };
  EXPECT_EQ(read(days("2026-03-03", "2026-03-06")), "");
  EXPECT_EQ(read(days("2026-03-03", "2026-03-10T11:59")), "");  // it is noon
  EXPECT_EQ(read(days("2026-03-03", "2026-03-10")), "2 removed");
}

TEST_P(Removal, OfAListReadWholeIsOfAnyRow) {
  const auto read = [&](const ToyRows& rows, Proof proof) {
    auto s = session();
    EXPECT_TRUE(s->begin());
    s->read(labels, rows, whole(proof), {{"account_id", "ACC1"}});
    EXPECT_TRUE(s->save(labels));
    EXPECT_TRUE(s->end());
    return s->counts(labels);
  };
  const ToyRows both{labels, {{{"id", text("L1")}}, {{"id", text("L2")}}}};
  const ToyRows one{labels, {{{"id", text("L2")}}}};
  EXPECT_EQ(read(both, Proof::proven), "2 created");
  EXPECT_EQ(read(one, Proof::unproven), "1 unchanged");
  EXPECT_EQ(read(one, Proof::proven), "1 unchanged, 1 removed");
  EXPECT_EQ(read(both, Proof::proven), "1 updated, 1 unchanged, 1 returned");
}

/// How far the next run knows the list.
class Cursor : public Warehouses {
 protected:
  std::string next(WarehouseOptions options = {}) {
    if (options.look_back.own.empty()) options.look_back.all = {LookBack::How::days, 0};
    options.resume = Resume::never;
    options.identity = {"another", "--all"};
    auto s = session(options);
    EXPECT_TRUE(s->begin());
    const auto from = s->warehouse->read_from(toys, shelf());
    EXPECT_TRUE(s->end());
    return from.value_or("the beginning");
  }
  static ToyRows made(Text id, Text when) { return {toys, {toy(id, "Kite", when)}}; }
};
INSTANTIATE_TEST_SUITE_P(Both, Cursor, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Cursor, IsTheGreatestValueOfTheRows) {
  EXPECT_EQ(next(), "the beginning");
  run(ToyRows{toys,
              {toy("T1", "Kite", "2026-03-05T10:00:59.999Z"),
               toy("T2", "Kite", "2026-03-05T04:00:00-05:00")}});
  EXPECT_EQ(next(), "2026-03-05T10:00");
  WarehouseOptions options;
  options.look_back.own["toys"] = {LookBack::How::days, 5};
  EXPECT_EQ(next(options), "2026-02-28T10:00");
  options.look_back.own["toys"] = {};
  EXPECT_EQ(next(options), "2026-02-26T10:00");  // as the schema says
}

TEST_P(Cursor, NeverGoesBack) {
  run(made("T1", "2026-03-05T10:00:00Z"));
  run(made("T2", "2026-03-02T10:00:00Z"));
  EXPECT_EQ(next(), "2026-03-05T10:00");
}

TEST_P(Cursor, NeverMovesPastAWindowThatIsNotProven) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(made("T1", "2026-03-02T10:00:00Z"), days("2026-03-01", "2026-03-03"));
  s->read_toys(made("T2", "2026-03-05T10:00:00Z"),
               days("2026-03-04", "2026-03-06", Proof::unproven));
  s->read_toys(made("T3", "2026-03-08T10:00:00Z"), days("2026-03-07", "2026-03-09"));
  ASSERT_TRUE(s->save());
  ASSERT_TRUE(s->end());
  EXPECT_EQ(next(), "2026-03-02T10:00");
  EXPECT_EQ(s->counts(), "3 created");
}

TEST_P(Cursor, StaysStoppedInTheProcessThatGoesOn) {
  {
    auto s = session();
    ASSERT_TRUE(s->begin());
    s->read_toys(made("T1", "2026-03-02T10:00:00Z"), days("2026-03-01", "2026-03-03"));
    s->read_toys(made("T2", "2026-03-05T10:00:00Z"), days("2026-03-04", "2026-03-06", {}));
    ASSERT_TRUE(s->save());
  }
  auto s = session();
  ASSERT_TRUE(s->warehouse->began());
  ASSERT_TRUE(s->begin());
  s->read_toys(made("T3", "2026-03-08T10:00:00Z"), days("2026-03-07", "2026-03-09"));
  ASSERT_TRUE(s->save());
  ASSERT_TRUE(s->end());
  EXPECT_EQ(next(), "2026-03-02T10:00");
  run(made("T3", "2026-03-08T10:00:00Z"), days("2026-03-02", "2026-03-09"));
  EXPECT_EQ(next(), "2026-03-08T10:00");
}

TEST_P(Cursor, IsOfOneList) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read(toys, made("T1", "2026-03-08T10:00:00Z"), days("2026-03-01", "2026-03-09"), shelf("S2"));
  Scope narrowed = shelf();
  narrowed.emplace_back("colour", "red");
  s->read(toys, made("T2", "2026-03-08T10:00:00Z"), days("2026-03-01", "2026-03-09"), narrowed);
  ASSERT_TRUE(s->save());
  ASSERT_TRUE(s->end());
  EXPECT_EQ(next(), "the beginning");
}

TEST_P(Cursor, DoesNotJumpOverDaysThatNobodyRead) {
  const auto range = in_mode(SyncMode::range);
  run(made("T0", "2026-02-10T10:00:00Z"), days("2026-02-01", "2026-02-28"), range);
  EXPECT_EQ(next(), "the beginning");
  run(made("T1", "2026-03-02T10:00:00Z"));
  run(made("T2", "2026-03-08T10:00:00Z"), days("2026-03-05", "2026-03-09"), range);
  EXPECT_EQ(next(), "2026-03-02T10:00");
  auto zoned = days("2026-03-02", "2026-03-09");
  zoned.zone = "user";  // may begin as late as noon of that day
  run(made("T2", "2026-03-08T10:00:00Z"), zoned, range);
  EXPECT_EQ(next(), "2026-03-02T10:00");
  run(made("T2", "2026-03-08T10:00:00Z"), days("2026-03-02", "2026-03-09"), range);
  EXPECT_EQ(next(), "2026-03-08T10:00");
}

TEST_P(Cursor, IsNotLedAwayByARowFromTheFuture) {
  run(made("T1", "2099-01-01T00:00:00Z"), days("2026-03-01", "2026-03-09"));
  EXPECT_EQ(next(), "2026-03-10T00:00");
}

TEST_P(Cursor, DoesNotMoveForRowsThatWereGivenUp) {
  run(made("T1", "2026-03-02T10:00:00Z"));
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(made("T2", "2026-03-08T10:00:00Z"));
  s->writer(toys).discard();
  ASSERT_TRUE(s->save());
  ASSERT_TRUE(s->end());
  EXPECT_EQ(next(), "2026-03-02T10:00");
  EXPECT_THAT(rows_of("SELECT id FROM toys"), ElementsAre("T1"));
}

TEST_P(Cursor, IsNotAskedForWhereEverythingIsWanted) {
  run(made("T1", "2026-03-02T10:00:00Z"));
  EXPECT_EQ(next(in_mode(SyncMode::full)), "the beginning");
  EXPECT_EQ(next(in_mode(SyncMode::range)), "the beginning");
  EXPECT_EQ(next(in_mode(SyncMode::dry_run)), "2026-03-02T10:00");
}

class TwoKeys : public Warehouses {
 protected:
  std::string read(const std::string& key, std::initializer_list<Text> ids) {
    WarehouseOptions options;
    options.mode = SyncMode::full;
    options.seen_by = key;
    auto s = session(options);
    EXPECT_TRUE(s->begin({&shops}));
    ToyRows rows{shops};
    for (const Text id : ids) rows.add({{"id", text(id)}});
    s->read(shops, rows, whole(), {});
    EXPECT_TRUE(s->save(shops));
    EXPECT_TRUE(s->end());
    return s->counts(shops);
  }
};
INSTANTIATE_TEST_SUITE_P(Both, TwoKeys, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(TwoKeys, SayNothingOfWhatOnlyTheOtherOneSees) {
  EXPECT_EQ(read("A", {"S1", "S2"}), "2 created");
  EXPECT_EQ(read("B", {"S2", "S3"}), "1 created, 1 unchanged");
  EXPECT_EQ(read("A", {"S1", "S2"}), "2 unchanged");
  EXPECT_EQ(read("A", {"S1"}), "1 unchanged");  // B still sees S2
  EXPECT_EQ(read("B", {"S3"}), "1 unchanged, 1 removed");
  EXPECT_EQ(read("A", {"S2"}), "1 updated, 1 removed, 1 returned");
  EXPECT_THAT(rows_of("SELECT id FROM shops WHERE _removed_at IS NULL ORDER BY id"),
              ElementsAre("S2", "S3"));
}

TEST_P(TwoKeys, OfWhichOneIsUsedNoMoreAreOneAfterAMonth) {
  read("old", {"S1", "S2"});
  clock.advance(std::chrono::days{1});
  read("new", {"S1", "S2"});
  EXPECT_EQ(read("new", {"S1"}), "1 unchanged");
  clock.advance(std::chrono::days{28});
  EXPECT_EQ(read("new", {"S1"}), "1 unchanged");
  clock.advance(std::chrono::days{2});
  EXPECT_EQ(read("new", {"S1"}), "1 unchanged, 1 removed");
}

TEST_P(TwoKeys, NoteOnceADayWhatTheySee) {
  const auto noted = [&] { return rows_of("SELECT DISTINCT at FROM _seen"); };
  read("A", {"S1", "S2"});
  const auto first = noted();
  clock.advance(std::chrono::hours{23});
  read("A", {"S1", "S2"});
  EXPECT_EQ(noted(), first);
  clock.advance(std::chrono::hours{2});
  read("A", {"S1", "S2"});
  EXPECT_NE(noted(), first);
  EXPECT_EQ(noted().size(), 1U);
}

class LookingBack : public Warehouses {
 protected:
  int days_now(LookBack::How how, std::optional<Proof> proof = Proof::proven,
               const std::string& narrowed = "") {
    WarehouseOptions options;
    options.look_back.all.how = how;
    if (!narrowed.empty()) options.narrowed["toys"] = narrowed;
    auto s = session(options);
    EXPECT_TRUE(s->begin());
    const int days = s->warehouse->look_back_days("toys");
    (void)s->warehouse->read_from(toys, shelf());
    s->read_toys(ToyRows{toys, {toy("X1")}});
    EXPECT_TRUE(s->save());
    Summary summary;
    summary.endpoints.emplace_back().name = "toys";
    summary.endpoints.front().proof = proof;
    EXPECT_TRUE(s->warehouse->end_run(summary, std::nullopt));
    return days;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, LookingBack, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(LookingBack, GoesFarOnceAWeekLessFarOnceADayAndElseADay) {
  std::vector<int> seen;
  for (int hour = 0; hour < 24 * 9; hour += 3) {
    const int days = days_now(LookBack::How::tiers);
    if (days > 1) seen.insert(seen.end(), {hour, days});
    clock.advance(std::chrono::hours{3});
  }
  // Each more than 22 hours behind the one before, and six and a half days behind the first.
  EXPECT_THAT(seen, ElementsAre(0, 30, 24, 7, 48, 7, 72, 7, 96, 7, 120, 7, 144, 7, 159, 30, 183, 7,
                                207, 7));
}

TEST_P(LookingBack, BeginsToCountWithTheFirstLoadWhichReadEverything) {
  days_now(LookBack::How::schema);
  clock.advance(std::chrono::hours{3});
  EXPECT_EQ(days_now(LookBack::How::tiers), 1);
  clock.advance(std::chrono::hours{20});
  EXPECT_EQ(days_now(LookBack::How::tiers), 7);
  clock.advance(std::chrono::hours{6 * 24});
  EXPECT_EQ(days_now(LookBack::How::tiers), 30);
  clock.advance(std::chrono::hours{3});
  EXPECT_EQ(days_now(LookBack::How::tiers), 1);
}

TEST_P(LookingBack, CountsNoRunThatALimitEndedOrThatReadLessOfTheRows) {
  days_now(LookBack::How::schema, std::nullopt);
  days_now(LookBack::How::schema, Proof::unproven);
  EXPECT_EQ(days_now(LookBack::How::tiers, Proof::proven, "fields name"), 30);
  EXPECT_EQ(days_now(LookBack::How::tiers, Proof::proven, "fields name"), 1);
  // Seven days now, because its cursor was there: they do not stand for 30.
  EXPECT_EQ(days_now(LookBack::How::schema), 7);
  EXPECT_EQ(days_now(LookBack::How::tiers), 30);
  EXPECT_EQ(days_now(LookBack::How::tiers), 1);
}

TEST_P(LookingBack, LearnsHowLateRowsAreEdited) {
  EXPECT_EQ(days_now(LookBack::How::learnt), 7);
  ToyRows rows, edited;
  for (int i = 0; i < 200; ++i) {
    const Text id = rows.keep("T" + std::to_string(i));
    // Made 1 or 2 days ago, and one of them 12 days.
    const Text when = i == 0  ? "2026-02-26T10:00:00Z"
                      : i % 2 ? "2026-03-09T10:00:00Z"
                              : "2026-03-08T10:00:00Z";
    rows.add(toy(id, "Kite", when));
    edited.add(toy(id, "Ball", when));
  }
  run(rows, days("2026-02-20", "2026-03-10"));
  run(edited, days("2026-02-20", "2026-03-10"));
  EXPECT_THAT(rows_of("SELECT days, edits FROM _edit_ages ORDER BY days"),
              ElementsAre("1|100", "2|99", "12|1"));
  EXPECT_EQ(days_now(LookBack::How::learnt), 13);
  // What a migration makes it read again nobody has edited.
  ASSERT_TRUE(db->run(std::string{"UPDATE toys SET _row_hash = "} +
                      (db->dialect() == Dialect::sqlite ? "x''" : "''")));
  run(edited, days("2026-02-20", "2026-03-10"));
  EXPECT_THAT(rows_of("SELECT days, edits FROM _edit_ages ORDER BY days"),
              ElementsAre("1|100", "2|99", "12|1"));
  ASSERT_TRUE(db->run("UPDATE _edit_ages SET edits = edits * 20 WHERE days < 12"));
  EXPECT_EQ(days_now(LookBack::How::learnt), 3);
  auto s = session();
  const auto found = s->warehouse->edits_seen("toys");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->edits, 3981);
  EXPECT_EQ((*found)->days, 3);
}

}  // namespace
}  // namespace callrail::test
