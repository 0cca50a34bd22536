#include "duckdb_library.hpp"
#include "rows_in_tests.hpp"
#include "test_folder.hpp"

#include <callrail/file_sink.hpp>
#include <callrail/parquet.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace callrail {
namespace {

using namespace test;
using Json = nlohmann::ordered_json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Field fields[] = {
    {.name = "id", .type = Type::id, .accepts = accept_number | accept_text},
    {.name = "name", .type = Type::text, .accepts = accept_text | accept_null},
    {.name = "count", .type = Type::integer, .accepts = accept_number},
    {.name = "value", .type = Type::number, .accepts = accept_number | accept_text},
    {.name = "open", .type = Type::boolean, .accepts = accept_boolean},
    {.name = "at", .type = Type::timestamp, .accepts = accept_text},
    {.name = "more", .type = Type::object, .accepts = accept_object},
    {.name = "list", .type = Type::list, .accepts = accept_array},
};

/// With `_extra`, as the program makes them, or without.
Table things(bool keeps_unknown = true) {
  Table table{.name = "things", .columns = {}};
  for (std::size_t i = 0; i < std::size(fields); ++i)
    table.columns.push_back({std::string{fields[i].name}, i, {}, &fields[i], false});
  if (keeps_unknown)
    table.columns.push_back({std::string{extra_column}, std::size(fields), {}, nullptr, false});
  return table;
}

class ParquetFile : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Parquet::load();
    if (!loaded) GTEST_SKIP() << loaded.error().what;
    parquet_ = *std::move(loaded);
  }

  std::string write(const Table& table, const Rows& rows, const std::string& name = "a") {
    FolderSink sink{
        folder_ / name, {.format = FileFormat::parquet}, {}, real_files(), parquet_.get()};
    auto writer = *sink.open(table);
    EXPECT_TRUE(writer->write(rows));
    const auto position = writer->finish();
    EXPECT_TRUE(position) << (position ? "" : position.error().what);
    EXPECT_TRUE(writer->publish({}));
    return folder_ / name + "/things.parquet";
  }

  /// The rows of a query, each a line of JSON, as DuckDB itself spells them.
  std::vector<Json> ask(const std::string& sql) {
    const auto duckdb = *DuckDbLibrary::load({});
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    EXPECT_EQ(duckdb.open_ext(nullptr, &database, nullptr, nullptr), DuckDBSuccess);
    EXPECT_EQ(duckdb.connect(database, &connection), DuckDBSuccess);
    const std::string out = folder_ / "answer.json";
    const std::string copy = "COPY (" + sql + ") TO '" + out + "' (FORMAT json)";
    duckdb_result result{};
    EXPECT_EQ(duckdb.query(connection, copy.c_str(), &result), DuckDBSuccess)
        << duckdb.result_error(&result);
    duckdb.destroy_result(&result);
    duckdb.disconnect(&connection);
    duckdb.close(&database);
    std::vector<Json> rows;
    std::ifstream file{out};
    for (std::string line; std::getline(file, line);) rows.push_back(Json::parse(line));
    return rows;
  }

  const TestFolder folder_;
  std::unique_ptr<Parquet> parquet_;
};

TEST_F(ParquetFile, HasTheTypesOfTheSchemaAndAColumnForTheRest) {
  const std::string file = write(things(), OwnedRows{});
  std::vector<std::string> types;
  for (const Json& row : ask("SELECT * FROM (DESCRIBE SELECT * FROM '" + file + "')"))
    types.push_back(row["column_name"].get<std::string>() + " " +
                    row["column_type"].get<std::string>());
  EXPECT_THAT(types,
              ElementsAre("id VARCHAR", "name VARCHAR", "count BIGINT", "value DECIMAL(38,18)",
                          "open BOOLEAN", "at TIMESTAMP WITH TIME ZONE", "more VARCHAR",
                          "list VARCHAR", "_extra VARCHAR"));
  EXPECT_EQ(*parquet_->rows_in(file), 0u);
  EXPECT_EQ(content(write(things(false), OwnedRows{}, "b")), content(file));
}

TEST_F(ParquetFile, HoldsEveryValueWhole) {
  const OwnedRows rows{
      {number("9007199254740993"), text("é😀 \"quoted\", 'so'\n"), number("9007199254740993"),
       number("1250.10"), boolean("true"), text("2026-02-10T09:05:06.789-05:00"),
       json(R"({"a":{"b":[1.50]}})"), json("[]"), absent()},
      {text("COM8154"), text(""), text("61"), text("0.3333333333333333"), boolean("false"),
       text("1969-12-31 23:59:59 UTC"), json("{}"), json(R"(["x"])"), json(R"({"new":1})")}};
  const std::string file = write(things(), rows);
  const auto read =
      ask("SELECT id, name, count, value::VARCHAR AS value, open, epoch_us(\"at\") AS \"at\", "
          "more, list, _extra "
          "FROM '" +
          file + "'");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0]["id"], "9007199254740993");
  EXPECT_EQ(read[0]["name"], "é😀 \"quoted\", 'so'\n");
  EXPECT_EQ(read[0]["count"], 9007199254740993);
  EXPECT_EQ(read[0]["value"], "1250.100000000000000000");
  EXPECT_EQ(read[0]["open"], true);
  EXPECT_EQ(read[0]["at"], 1770732306789000);
  EXPECT_EQ(read[0]["more"], R"({"a":{"b":[1.50]}})");
  EXPECT_EQ(read[0]["list"], "[]");
  EXPECT_TRUE(read[0]["_extra"].is_null());
  EXPECT_EQ(read[1]["id"], "COM8154");
  EXPECT_EQ(read[1]["name"], "");
  EXPECT_EQ(read[1]["count"], 61);
  EXPECT_EQ(read[1]["value"], "0.333333333333333300");
  EXPECT_EQ(read[1]["open"], false);
  EXPECT_EQ(read[1]["_extra"], R"({"at":"1969-12-31 23:59:59 UTC","new":1})");
}

TEST_F(ParquetFile, TellsNullFromEmptyTextAndTakesAbsentForNull) {
  const OwnedRows rows{
      {number("1"), text(""), null(), null(), null(), null(), null(), null(), absent()},
      {number("2"), null(), absent(), absent(), absent(), absent(), absent(), absent(), absent()}};
  const auto read = ask("SELECT * FROM '" + write(things(), rows) + "'");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0]["name"], "");
  EXPECT_TRUE(read[1]["name"].is_null());
  for (const Json& row : read)
    for (const auto* name : {"count", "value", "open", "at", "more", "list", "_extra"})
      EXPECT_TRUE(row[name].is_null()) << name;
}

TEST_F(ParquetFile, KeepsWhatAColumnCannotHoldInTheLastOne) {
  const OwnedRows rows{{json(R"({"a":1})"), json("[1]"), number("9223372036854775808"),
                        number("0.1234567890123456789"), text("yes"), text("soon"),
                        text("an \"object\""), number("7"), json(R"({"new":[2]})")},
                       {number("2"), number("12"), number("1.5"), boolean("true"), number("1"),
                        number("1"), json("[]"), text("x"), json("{}")}};
  const auto read = ask("SELECT * FROM '" + write(things(), rows) + "'");
  ASSERT_EQ(read.size(), 2u);
  for (const auto* name : {"id", "name", "count", "value", "open", "at"})
    EXPECT_TRUE(read[0][name].is_null()) << name;
  EXPECT_EQ(read[0]["_extra"],
            R"({"id":{"a":1},"name":[1],"count":9223372036854775808,"value":0.1234567890123456789,)"
            R"("open":"yes","at":"soon","new":[2]})");
  // Any JSON is JSON.
  EXPECT_EQ(read[0]["more"], "\"an \\\"object\\\"\"");
  EXPECT_EQ(read[0]["list"], "7");
  EXPECT_EQ(read[1]["name"], "12");
  EXPECT_EQ(read[1]["list"], "\"x\"");
  EXPECT_EQ(read[1]["_extra"], R"({"count":1.5,"value":true,"open":1,"at":1})");
}

/// Rows of every type, more than one chunk and, with long texts, more than one group.
OwnedRows many_rows(std::size_t count, std::size_t size) {
  OwnedRows rows{9};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    rows.add(number(rows.keep(n)));
    rows.add(text(rows.keep(std::string(i * 3 % size, 'x') + n)));
    rows.add(i % 7 == 0 ? text("odd") : number(rows.keep(n)));
    rows.add(number(rows.keep(n + ".25")));
    rows.add(boolean(i % 2 == 0 ? "true" : "false"));
    rows.add(text("2026-02-10T14:05:06Z"));
    rows.add(json(rows.keep(R"({"n":)" + n + "}")));
    rows.add(null());
    rows.add(absent());
  }
  return rows;
}

TEST_F(ParquetFile, HasRowsInTheirOrderWhateverTheirNumber) {
  const std::string file = write(things(), many_rows(5000, 20'000));
  EXPECT_EQ(*parquet_->rows_in(file), 5000u);
  const auto read =
      ask("SELECT count(*) AS rows, count(*) FILTER (id::BIGINT = file_row_number) AS in_order, "
          "count(_extra) AS extra FROM read_parquet('" +
          file + "', file_row_number = true)");
  EXPECT_EQ(read.at(0).dump(), R"({"rows":5000,"in_order":5000,"extra":715})");
  const auto groups =
      ask("SELECT count(DISTINCT row_group_id) > 4 AS several, "
          "min(compression) AS how FROM parquet_metadata('" +
          file + "')");
  EXPECT_EQ(groups.at(0).dump(), R"({"several":true,"how":"ZSTD"})");
}

TEST_F(ParquetFile, TakesRowsOfManyMegabytes) {
  OwnedRows rows{9};
  // The last one is more than DuckDB has at first.
  for (const std::size_t size : {1u, 8'000'000u, 9'000'000u, 48'000'000u}) {
    rows.add(number(rows.keep(std::to_string(size))));
    rows.add(text(rows.keep(std::string(size, 'x'))));
    for (int rest = 0; rest < 7; ++rest) rows.add(absent());
  }
  std::vector<std::string> sizes;
  for (const Json& row :
       ask("SELECT id, length(name) AS size FROM '" + write(things(), rows) + "'"))
    sizes.push_back(row["id"].get<std::string>() + " " + row["size"].dump());
  EXPECT_THAT(sizes, ElementsAre("1 1", "8000000 8000000", "9000000 9000000", "48000000 48000000"));
}

TEST_F(ParquetFile, HasTheSameBytesEachTime) {
  const OwnedRows rows = many_rows(3000, 100);
  const std::string first = content(write(things(), rows));
  EXPECT_EQ(first.substr(0, 4), "PAR1");
  EXPECT_EQ(content(write(things(), rows, "b")), first);
}

TEST_F(ParquetFile, IsReadableByItsOwnerAloneAndNothingLiesBesideIt) {
  write(things(), many_rows(3, 5));
  EXPECT_EQ(mode(folder_ / "a/things.parquet"), 0600u);
  EXPECT_THAT(folder_.names("a"), ElementsAre("_manifest.json", "things.parquet"));
}

TEST_F(ParquetFile, MayLieBehindAnOddName) {
  const std::string file = write(things(), many_rows(3, 5), "it's [a] *~{uuid} place");
  EXPECT_EQ(*parquet_->rows_in(file), 3u);
}

TEST_F(ParquetFile, IsNotMadeOfRowsThatSomebodyChanged) {
  std::ofstream{folder_ / "rows"} << "{\"id\":1}\n{\"id\":2,}\n";
  std::ofstream{folder_ / "to"}.flush();
  const auto made = parquet_->make(things(), folder_ / "rows", folder_ / "to");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::sink_failed);
  EXPECT_THAT(made.error().what, HasSubstr("row 2 is not as it was written"));
}

TEST_F(ParquetFile, SaysWhyItCannotBeWritten) {
  std::ofstream{folder_ / "rows"} << "{\"id\":1}\n";
  const auto made = parquet_->make(things(), folder_ / "rows", folder_ / "nowhere/to");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::sink_failed);
  EXPECT_THAT(made.error().what, HasSubstr("nowhere/to"));
  // A folder where the file should be: DuckDB's own words.
  std::filesystem::create_directory(folder_ / "to");
  const auto refused = parquet_->make(things(), folder_ / "rows", folder_ / "to");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, AllOf(HasSubstr("DuckDB: "), HasSubstr("/to")));
}

TEST_F(ParquetFile, HasNoRowsToCountWhereItIsSomethingElse) {
  std::ofstream{folder_ / "things.parquet"} << "id\r\n1\r\n";
  const auto rows = parquet_->rows_in(folder_ / "things.parquet");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::bad_answer);
}

TEST(ParquetLibrary, SaysWhatToDoWhereItIsNotThere) {
  const auto loaded = Parquet::load("/nowhere/libduckdb.so");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Code::bad_request);
  EXPECT_THAT(loaded.error().what,
              AllOf(HasSubstr("/nowhere/libduckdb.so"), HasSubstr("scripts/setup.sh --parquet")));
}

TEST(ParquetLibrary, SaysWhatAnotherLibraryLacks) {
  const auto loaded = Parquet::load("/lib/x86_64-linux-gnu/libz.so.1");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, HasSubstr("has no duckdb_"));
}

}  // namespace
}  // namespace callrail
