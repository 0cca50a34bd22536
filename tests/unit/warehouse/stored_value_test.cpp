#include "toy_api.hpp"

#include <gtest/gtest.h>

#include <row_hash.hpp>
#include <stored_value.hpp>

namespace callrail {
namespace {

using test::json;
using test::number;
using test::text;

/// The value as text, with what its kind adds; "-" for one that does not fit.
std::string stored(Dialect dialect, Stored as, const Cell& cell) {
  ByteStore store;
  SqlValue value;
  const Fit fit = stored_value(dialect, as, cell, store, value);
  if (fit == Fit::none) return value.kind == SqlValue::Kind::null ? "-" : "not null";
  std::string spelled = value.kind == SqlValue::Kind::null      ? "null"
                        : value.kind == SqlValue::Kind::integer ? std::to_string(value.integer)
                                                                : std::string{value.text};
  return spelled + (fit == Fit::altered ? " (altered)" : "");
}
std::string stored(Stored as, const Cell& cell) {
  const std::string lite = stored(Dialect::sqlite, as, cell);
  EXPECT_EQ(lite, stored(Dialect::postgresql, as, cell));
  return lite;
}

TEST(StoredValues, KeepTextAsItCame) {
  EXPECT_EQ(stored(Stored::text, text(" Zoë ")), " Zoë ");
  EXPECT_EQ(stored(Stored::text, text("")), "");
  EXPECT_EQ(stored(Stored::text, number("9007199254740993")), "9007199254740993");
  EXPECT_EQ(stored(Stored::text, Cell::of("true", Kind::boolean)), "true");
  EXPECT_EQ(stored(Stored::text, json("{\"a\":1}")), "-");
}

TEST(StoredValues, KeepWholeNumbersBeyondWhatADoubleHolds) {
  EXPECT_EQ(stored(Stored::integer, number("9007199254740993")), "9007199254740993");
  EXPECT_EQ(stored(Stored::integer, text("61")), "61");
  EXPECT_EQ(stored(Stored::integer, number("9223372036854775807")), "9223372036854775807");
  EXPECT_EQ(stored(Stored::integer, number("9223372036854775808")), "-");
  EXPECT_EQ(stored(Stored::integer, number("1.5")), "-");
  EXPECT_EQ(stored(Stored::integer, text("many")), "-");
}

TEST(StoredValues, KeepTheDigitsOfNumbers) {
  EXPECT_EQ(stored(Stored::numeric, number("1250.00")), "1250.00");
  EXPECT_EQ(stored(Stored::numeric, number("12345678901234567890.123456789")),
            "12345678901234567890.123456789");
  EXPECT_EQ(stored(Stored::numeric, number("1e300")), "1e300");
  EXPECT_EQ(stored(Stored::numeric, number("1e999999")), "-");
  EXPECT_EQ(stored(Stored::numeric, text("NaN")), "-");
  EXPECT_EQ(stored(Stored::numeric, text("12,5")), "-");
}

TEST(StoredValues, TurnEverySpellingOfAnInstantIntoUtc) {
  for (const Text spelled : {"2026-02-10T09:05:06.789-05:00", "2026-02-10 14:05:06.789 +0000",
                             "2026-02-10T14:05:06.789Z", "2026-02-10T14:05:06.789123Z",
                             "2026-02-10 09:05:06.789 -0500", "2026-02-10T19:35:06.789+05:30"})
    EXPECT_EQ(stored(Stored::instant, text(spelled)), "2026-02-10T14:05:06.789Z") << spelled;
  EXPECT_EQ(stored(Stored::instant, text("2026-02-10T14:05:06Z")), "2026-02-10T14:05:06.000Z");
  EXPECT_EQ(stored(Stored::instant, text("yesterday")), "-");
  EXPECT_EQ(stored(Stored::instant, text("0000-01-01T00:00:00Z")), "-");
  EXPECT_EQ(stored(Stored::instant, text("9999-12-31T23:59:59-05:00")), "-");
  EXPECT_EQ(stored(Stored::instant, number("1770732306")), "-");
}

TEST(StoredValues, ReadAnInstantBackAsEitherDatabaseSpellsIt) {
  const auto when = read_instant("2026-02-10T14:05:06.789Z");
  ASSERT_TRUE(when);
  EXPECT_EQ(read_instant("2026-02-10 14:05:06.789+00"), when);
  EXPECT_EQ(read_instant("2026-02-10 19:35:06.789+05:30"), when);
  EXPECT_EQ(spell_instant(*when), "2026-02-10T14:05:06.789Z");
}

TEST(StoredValues, KeepTruthAndNothing) {
  EXPECT_EQ(stored(Stored::boolean, Cell::of("true", Kind::boolean)), "1");
  EXPECT_EQ(stored(Stored::boolean, Cell::of("false", Kind::boolean)), "0");
  EXPECT_EQ(stored(Stored::boolean, text("true")), "-");
  for (const Stored as : {Stored::text, Stored::integer, Stored::instant, Stored::json}) {
    EXPECT_EQ(stored(as, Cell::null()), "null");
    EXPECT_EQ(stored(as, {}), "null");
  }
}

TEST(StoredValues, MakeJsonOfWhateverComes) {
  EXPECT_EQ(stored(Stored::json, json("[1,{\"a\":null}]")), "[1,{\"a\":null}]");
  EXPECT_EQ(stored(Stored::json, text("say \"hi\"")), "\"say \\\"hi\\\"\"");
  EXPECT_EQ(stored(Stored::json, number("1.50")), "1.50");
  EXPECT_EQ(stored(Stored::json, Cell::of("false", Kind::boolean)), "false");
}

TEST(StoredValues, ReplaceWhatPostgresqlHasNoFormFor) {
  const Text nul{"a\0b", 3};
  EXPECT_EQ(stored(Dialect::sqlite, Stored::text, text(nul)), nul);
  EXPECT_EQ(stored(Dialect::postgresql, Stored::text, text(nul)), "a\uFFFDb (altered)");
  const Text escaped = R"({"a":"\\u0000 \u0000 \u00e9 \ud83d\ude00 \ud83d \ude00"})";
  EXPECT_EQ(stored(Dialect::sqlite, Stored::json, json(escaped)), escaped);
  EXPECT_EQ(stored(Dialect::postgresql, Stored::json, json(escaped)),
            "{\"a\":\"\\\\u0000 \uFFFD \\u00e9 \\ud83d\\ude00 \uFFFD \uFFFD\"} (altered)");
  EXPECT_EQ(stored(Dialect::postgresql, Stored::json, json(R"("\u00e9")")), R"("\u00e9")");
}

TEST(RowHashes, TellRowsApartByNameKindAndText) {
  RowHasher hasher;
  const auto hash = [&](std::initializer_list<std::pair<Text, Cell>> cells) {
    hasher.begin();
    for (const auto& [name, cell] : cells) hasher.add(name, cell);
    return hasher.end();
  };
  const auto one = hash({{"id", text("1")}});
  EXPECT_EQ(hash({{"id", text("1")}}), one);
  EXPECT_EQ(hash({{"id", text("1")}, {"note", Cell::null()}, {"tag", {}}}), one);
  EXPECT_NE(hash({{"id", number("1")}}), one);
  EXPECT_NE(hash({{"id", text("2")}}), one);
  EXPECT_NE(hash({{"key", text("1")}}), one);
  EXPECT_NE(hash({{"a", text("bc")}}), hash({{"ab", text("c")}}));
  EXPECT_NE(hash({{"a", text("1")}, {"b", text("")}}), hash({{"a", text("1")}}));
}

TEST(RowHashes, AreTheFirstHalfOfSha256) {
  RowHasher hasher;
  hasher.begin();
  hasher.add("a", text("b"));
  // printf 'a\x04\x01\0\0\0b' | sha256sum
  std::string hex;
  for (const char byte : hasher.end()) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
  }
  EXPECT_EQ(hex, "22f4d6732e2294adbcebb9f262412a77");
}

}  // namespace
}  // namespace callrail
