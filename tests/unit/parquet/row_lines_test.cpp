#include "row_lines.hpp"

#include "rows_in_tests.hpp"
#include "test_folder.hpp"

#include <callrail/text_format.hpp>

#include <gmock/gmock.h>

#include <fstream>

namespace callrail {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

const Table things = table_with({"id", "a \"b\"", "c"});

/// What comes back of a file: its rows, and why there are no more.
struct Read {
  std::vector<std::vector<std::string>> rows;
  std::string error;
};
Read read_file(const std::string& bytes) {
  const TestFolder folder;
  std::ofstream{folder / "rows", std::ios::binary} << bytes;
  auto rows = RowsOnDisk::open(things, folder / "rows");
  Read out;
  while (true) {
    const auto row = rows->next();
    if (!row) return out.error = row.error().what, out;
    if (row->empty()) return out;
    auto& cells = out.rows.emplace_back();
    for (const Cell& cell : *row)
      cells.push_back(std::to_string(static_cast<int>(cell.kind)) + std::string{cell.text()});
  }
}

TEST(RowsOnDisk, ComeBackAsTheyWereWritten) {
  const Text nul{"a\0b", 3};
  const OwnedRows rows{{number("9007199254740993"), text("é😀\"\\\n\t"), null()},
                       {text(""), absent(), json(R"({"a":[1,{"b":"}]"}],"c":1.50})")},
                       {absent(), absent(), absent()},
                       {boolean("false"), text(nul), json(R"("\ud800")")}};
  auto format = make_text_format({.format = FileFormat::jsonl});
  std::string bytes;
  format->begin(things, bytes);
  format->rows(things, rows, bytes);
  format->end(things, bytes);
  const TestFolder folder;
  std::ofstream{folder / "rows", std::ios::binary} << bytes;
  auto file = RowsOnDisk::open(things, folder / "rows");
  ASSERT_TRUE(file);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto row = file->next();
    ASSERT_TRUE(row);
    ASSERT_EQ(row->size(), 3u);
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ((*row)[c], rows.at(r, c)) << r << ' ' << c;
  }
  EXPECT_TRUE((*file->next()).empty());
  EXPECT_EQ(file->bytes(), bytes.size());
}

TEST(RowsOnDisk, AreNoneInAnEmptyFile) {
  const Read read = read_file("");
  EXPECT_TRUE(read.rows.empty());
  EXPECT_EQ(read.error, "");
}

TEST(RowsOnDisk, SayWhichRowIsDamaged) {
  for (const auto* bad :
       {"{\"id\":1", "{\"id\":1}", "\n", "{\"other\":1}\n", "{\"c\":1,\"id\":2}\n", "{\"id\":1}x\n",
        "[1]\n", "{\"id\":\"\xff\"}\n", "{\"id\":}\n"}) {
    const Read read = read_file(std::string{"{\"id\":1}\n"} + bad);
    EXPECT_THAT(read.rows, ElementsAre(ElementsAre("31", "0", "0"))) << bad;
    EXPECT_THAT(read.error, HasSubstr("row 2 is not as it was written")) << bad;
  }
}

TEST(RowsOnDisk, SayThatThereIsNoFile) {
  const auto rows = RowsOnDisk::open(things, "/nowhere/rows");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::sink_failed);
}

}  // namespace
}  // namespace callrail
