// What the predicting readers could take for granted and must not: the general one has the word.
#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace callrail {
namespace {

constexpr PagingFacts paging{};

Selection all_of(const Endpoint& endpoint) {
  Selection all;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) all.add(i);
  return all;
}

Endpoint things(std::span<const Field> fields) { return {.rows = "things", .fields = fields}; }

/// The row so often that all but the first few are predicted.
std::string page_of(const std::string& row) {
  std::string page = R"({"things":[)" + row;
  for (int i = 0; i < 10; ++i) page.append(",").append(row);
  return page + "]}";
}

std::string spelled(const Drift::Findings& findings) {
  std::string out;
  for (const auto& [path, finding] : findings)
    out += path + ' ' + std::to_string(finding.count) + ' ' + finding.example + '\n';
  return out;
}
std::string spelled(const Drift& drift) {
  return "unknown\n" + spelled(drift.unknown_fields) + "missing\n" + spelled(drift.missing_fields) +
         "values\n" + spelled(drift.unknown_values) + "types\n" + spelled(drift.changed_types) +
         "formats\n" + spelled(drift.broken_formats) + "repeated\n" +
         spelled(drift.repeated_fields) + "withheld\n" + spelled(drift.withheld);
}

/// What a reader makes of the page when it knows how it looks: cells and drift, or an error.
/// `drift`: what was noted before.
std::string cells(PageDecoder& reader, const Endpoint& endpoint, Text page,
                  const Drift& before = {}) {
  const Selection all = all_of(endpoint);
  const Body body{page};
  Page out;
  Drift drift;
  Status status;
  for (int i = 0; i < 2; ++i) {
    drift = before;
    status = reader.read({endpoint, paging, all, {}, nullptr, true}, body.text(), out, drift);
  }
  if (!status) return status.error().what;
  std::string text;
  for (std::size_t r = 0; r < out.size(); ++r)
    for (std::size_t f = 0; f < out.rows().width; ++f) {
      const Cell& cell = out.rows().at(r, f);
      text += std::to_string(static_cast<int>(cell.kind)) + std::string{cell.text()} + '|';
    }
  return text + spelled(drift);
}

/// The same of lines. The first field is kept beside them.
std::string lines(PageDecoder& reader, const Endpoint& endpoint, FileFormat form, Text page) {
  const Table table = table_of(endpoint, all_of(endpoint), Nested::json);
  const auto format = make_text_format({.format = form});
  const auto lines = format->lines(table);
  if (!lines) return "no lines";
  Selection key;
  if (endpoint.fields.size() > 1) key.add(0);
  const Body body{page};
  Page out;
  Drift drift;
  for (int i = 0; i < 2; ++i) {
    drift = {};
    const auto read = reader.read({endpoint, paging, key, {}, &*lines}, body.text(), out, drift);
    if (!read) return read.error().what;
  }
  std::string text;
  format->rows(table, out.rows(), text);
  for (std::size_t r = 0; r < out.size() && !key.empty(); ++r)
    text.append(out.rows().at(r, 0).text()).append("|");
  return text + spelled(drift);
}

std::string cells(Reader which, const Endpoint& endpoint, Text page, const Drift& before = {}) {
  PageDecoder reader{which};
  return cells(reader, endpoint, page, before);
}
std::string lines(Reader which, const Endpoint& endpoint, FileFormat form, Text page) {
  PageDecoder reader{which};
  return lines(reader, endpoint, form, page);
}

void expect_agreement(const Endpoint& endpoint, const std::string& page) {
  for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable}) {
    EXPECT_EQ(cells(which, endpoint, page), cells(Reader::general, endpoint, page));
    for (const FileFormat form : {FileFormat::csv, FileFormat::jsonl})
      EXPECT_EQ(lines(which, endpoint, form, page), lines(Reader::general, endpoint, form, page));
  }
}

TEST(ThePredictingReader, LooksAtNoCharacterBehindATextThatLostItsEscapes) {
  // In CSV "http:/" is moved by one, and the last of it stands there twice.
  static constexpr std::array fields{
      Field{.name = "id", .accepts = accept_text},
      Field{.name = "at", .accepts = accept_text, .format = Format::uri}};
  expect_agreement(things(fields), page_of(R"({"id":"1","at":"http:\/"})"));
  expect_agreement(things(fields), page_of(R"({"id":"1","at":"https:\/"})"));
  expect_agreement(things(fields), page_of(R"({"id":"1","at":"http:\/\/"})"));
}

TEST(ThePredictingReader, SpellsKeysThatAreTooLongToBeForeseen) {
  static const std::string name(70, 'n');
  static const std::array fields{Field{.name = "id"}, Field{.name = name}, Field{.name = "z"}};
  const std::string row = R"({"id":"1",")" + name + R"(":"text","z":1})";
  expect_agreement(things(fields), page_of(row));
  static const std::array first{Field{.name = name}, Field{.name = "z"}};
  expect_agreement(things(first), page_of(R"({")" + name + R"(":[1],"z":1})"));
}

TEST(ThePredictingReader, SeesARepeatedMemberBehindAll64OfAnObject) {
  static const auto names = [] {
    std::array<std::string, Endpoint::most_members> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = "m" + std::to_string(i);
    return out;
  }();
  static const auto members = [] {
    std::array<Field, Endpoint::most_members> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = {.name = names[i], .may_be_absent = true};
    return out;
  }();
  static const std::array fields{
      Field{.name = "id"}, Field{.name = "all", .accepts = accept_object, .members = members}};
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "\"" : ",\"") + name + "\":1";
  expect_agreement(things(fields), page_of(R"({"id":"1","all":{)" + all + "}}"));
  expect_agreement(things(fields), page_of(R"({"id":"1","all":{)" + all + R"(,"m7":1}})"));
  expect_agreement(things(fields), page_of(R"({"id":"1","all":{)" + all + R"(,"new":1}})"));
}

TEST(ThePredictingReader, RefusesANumberWhosePointIsTheLastOfABlock) {
  static constexpr std::array fields{
      Field{.name = "id"},
      Field{.name = "n", .type = Type::number, .accepts = accept_number | accept_null},
      Field{.name = "z"}};
  for (std::size_t digits = 1; digits < 70; ++digits) {
    const std::string number(digits, '1');
    expect_agreement(things(fields), page_of(R"({"id":1,"n":)" + number + R"(.,"z":1})"));
    expect_agreement(things(fields), page_of(R"({"id":1,"n":)" + number + R"(.5,"z":1})"));
    expect_agreement(things(fields), page_of(R"({"id":1,"n":)" + number + R"(,"z":1})"));
  }
}

TEST(ThePredictingReader, StepsOverWhatNobodyWantsAsTheGeneralOneDoes) {
  static constexpr std::array fields{Field{.name = "id"}, Field{.name = "left_out"},
                                     Field{.name = "z"}};
  Selection wanted;
  wanted.add(0), wanted.add(2);
  const auto read = [&](Reader which, const std::string& page) {
    PageDecoder reader{which};
    const Endpoint endpoint = things(fields);
    const Body body{page};
    Page out;
    Status status;
    for (int i = 0; i < 2; ++i) {
      Drift drift;
      status = reader.read({endpoint, paging, wanted, {}}, body.text(), out, drift);
    }
    return status ? std::to_string(out.size()) : status.error().what;
  };
  const std::array<std::string, 14> pieces{"{", "}", "[", "]",  "\"",   "\"a\"", ":",
                                           ",", "1", " ", "\\", "\\\"", "null",  "é"};
  std::mt19937 random{11};
  int taken = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string value = random() % 2 == 0 ? "{\"a\":" : "[";
    const std::string close = value.front() == '{' ? "}" : "]";
    for (auto n = random() % 12; n > 0; --n) value += pieces[random() % pieces.size()];
    const std::string row = R"({"id":1,"left_out":)" + value + close + R"(,"z":2})";
    const std::string page = page_of(R"({"id":1,"left_out":[],"z":2})");
    const std::string all = page.substr(0, page.size() - 2) + "," + row + "]}";
    const std::string general = read(Reader::general, all);
    taken += general == "12" ? 1 : 0;
    for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable})
      ASSERT_EQ(read(which, all), general) << row;
  }
  EXPECT_GT(taken, 500);
}

TEST(ThePredictingReader, LooksAtNothingBeforeThePage) {
  static constexpr std::array fields{Field{.name = "id"}};
  for (const std::string key : {"é", R"(\"é)", R"(a\u0026é)", R"(\\é)"})
    expect_agreement(things(fields), R"({")" + key + R"(":1,"things":[{"id":1}]})");
  expect_agreement(things(fields), R"({"":"é","things":[{"id":1}]})");
}

TEST(ThePredictingReader, KeepsAnEmptyTextBesideLines) {
  static constexpr std::array fields{Field{.name = "id"}, Field{.name = "name"}};
  expect_agreement(things(fields), page_of(R"({"id":"","name":"a"})"));
}

TEST(ThePredictingReader, TellsTheSameHundredFindingsApart) {
  static constexpr std::array fields{Field{.name = "id"}};
  const auto row_with = [](int from) {
    std::string row = R"({"id":1)";
    for (int i = 0; i < 105; ++i) row += ",\"n" + std::to_string(from - i) + "\":1";
    return row + "}";
  };
  expect_agreement(things(fields), page_of(row_with(500)));
  Drift before;
  for (int i = 0; i < 98; ++i) Drift::note(before.unknown_fields, "k" + std::to_string(i), "1");
  const std::string page = page_of(R"({"id":1,"z":1,"y":2,"x":3,"a":4})");
  EXPECT_EQ(cells(Reader::predicting, things(fields), page, before),
            cells(Reader::general, things(fields), page, before));
}

TEST(ThePredictingReader, NotesMissingFieldsInTheOrderOfTheSchema) {
  static constexpr std::array fields{Field{.name = "id"}, Field{.name = "b"}, Field{.name = "c"},
                                     Field{.name = "never"}, Field{.name = "d"}};
  Drift before;
  for (int i = 0; i < 99; ++i) Drift::note(before.missing_fields, "k" + std::to_string(i), {});
  const std::string page = R"({"things":[{"id":1,"b":1,"c":1,"d":1},{"id":1,"c":1,"d":1}]})";
  EXPECT_EQ(cells(Reader::predicting, things(fields), page, before),
            cells(Reader::general, things(fields), page, before));
}

TEST(ThePredictingReader, ChecksAnInstantThatHasAFormatToo) {
  static constexpr std::array fields{
      Field{.name = "id"},
      Field{.name = "at", .type = Type::timestamp, .accepts = accept_text, .format = Format::e164}};
  expect_agreement(things(fields), page_of(R"({"id":"1","at":"2026-03-10T12:00:00Z"})"));
}

TEST(ThePredictingReader, StopsAtTheEndOfAPageWhateverFollowsIt) {
  static constexpr std::array fields{Field{.name = "id"}, Field{.name = "name"}};
  const Endpoint endpoint = things(fields);
  const Table table = table_of(endpoint, all_of(endpoint), Nested::json);
  const auto lines = make_text_format({})->lines(table);
  ASSERT_TRUE(lines);
  const std::string row = R"({"id":"1","name":"a"})";
  const std::string bytes =
      page_of(row + R"(,{"id":"1","name":")" + std::string(100'000, 'b') + "\"}");
  const Text cut = Text{bytes}.substr(0, bytes.find("bb") + 1);
  for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable, Reader::general}) {
    PageDecoder reader{which};
    Page page;
    Drift drift;
    const Selection none;
    const auto read = reader.read({endpoint, paging, none, {}, &*lines}, cut, page, drift);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::bad_answer);
  }
}

/// The text with one byte left out, doubled, or made another one.
std::vector<std::string> variants(Text text) {
  std::vector<std::string> out{std::string{text}, {}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other{text};
    for (const char c : Text{" +,-./0159:;@AFGTZafgz~"}) other[i] = c, out.push_back(other);
    out.push_back(std::string{text}.erase(i, 1));
    out.push_back(std::string{text}.insert(i, 1, text[i]));
  }
  return out;
}

TEST(ThePredictingReader, FindsTheSameTextsToBreakTheirFormat) {
  static constexpr std::array<Text, 3> words{"won", "a value that is longer than thirty-two bytes",
                                             "lost"};
  const auto of = [](Format format) {
    return Field{.name = "at", .accepts = accept_text, .format = format};
  };
  const std::vector<std::pair<Field, Text>> samples{
      {{.name = "at", .type = Type::timestamp}, "2026-02-10T09:22:21.049-05:00"},
      {{.name = "at", .type = Type::timestamp}, "2026-02-28T23:59:59+05:30"},
      {{.name = "at", .type = Type::timestamp}, "2024-02-29T00:00:60.123Z"},
      {{.name = "at", .type = Type::timestamp}, "2026-12-31T19:39:09Z"},
      {{.name = "at", .type = Type::timestamp}, "2026-12-31 19:39:09 UTC"},
      {{.name = "at", .accepts = accept_text, .values = words}, "won"},
      {{.name = "at", .accepts = accept_text, .values = words}, words[1]},
      {of(Format::e164), "+14045550123"},
      {of(Format::e164), "+123456789012345"},
      {of(Format::e164), "+1234"},
      {of(Format::uri), "http://a"},
      {of(Format::uri), "https://www.example.com/a?b=1&c=2#some-more-than-a-block"},
      {of(Format::uri), "//example.com"},
      {of(Format::email), "a@b"},
      {of(Format::email), "someone@mail.example.com"},
      {of(Format::email), "someone-with-a-long-name@mail.example.com"},
      {of(Format::zone), "America/New_York"},
      {of(Format::zone), "UTC"},
      {of(Format::uuid), "0f8fad5b-d9cb-469f-A165-70867728950e"},
      {of(Format::color), "blue1"},
      {of(Format::color), "a1"},
      {of(Format::color), "abcdefghijklmnopqrstuvwxyzABCDE1"},  // fills a block
      {of(Format::hex), "00ff7A"},
      {of(Format::date_time), "2026-12-31T19:39:09Z"},
      {of(Format::country), "US"},
      {of(Format::money), "$1,250.00"}};
  for (const auto& [field, text] : samples) {
    const std::array fields{Field{.name = "id"}, field};
    std::string plain, escaped;
    for (const std::string& variant : variants(text)) {
      const std::string row = (plain.empty() ? "" : ",") + std::string{R"({"id":1,"at":")"};
      const auto code = static_cast<unsigned>(variant.empty() ? '!' : variant.back());
      plain += row + variant + "\"}";
      escaped += row + variant.substr(0, variant.empty() ? 0 : variant.size() - 1) + "\\u00" +
                 "0123456789abcdef"[code >> 4] + "0123456789abcdef"[code & 15] + "\"}";
    }
    SCOPED_TRACE(text);
    expect_agreement(things(fields), "{\"things\":[" + plain + "]}");
    expect_agreement(things(fields), "{\"things\":[" + escaped + "]}");
  }
}

TEST(ThePredictingReader, KnowsTheDaysOfEveryMonth) {
  static constexpr std::array fields{Field{.name = "id"},
                                     Field{.name = "at", .type = Type::timestamp}};
  std::string page;
  for (const int year : {2023, 2024})
    for (int month = 0; month <= 13; ++month)
      for (int day = 0; day <= 32; ++day) {
        char row[64];
        std::snprintf(row, sizeof row, R"(%s{"id":1,"at":"%d-%02d-%02dT10:20:30Z"})",
                      page.empty() ? "" : ",", year, month, day);
        page += row;
      }
  expect_agreement(things(fields), "{\"things\":[" + page + "]}");
}

/// Rows of a few members each, some in another order than those before them.
std::string random_page(std::mt19937& random) {
  static const std::vector<std::string> values{
      "1",           "null",        "\"a\"",   "\"\"", "\"a,b\"",          R"("\"\u00e9\"")",
      R"("\n")",     "true",        "[1,[2]]", "{}",   "{\"a\":\"\\\"\"}", "1.5",
      R"("\ud83d")", "\"\xc3\xa9\""};
  static const std::vector<std::string> orders{"abcd", "abcd", "abcd", "abd", "ad",  "dcba",
                                               "a",    "",     "abxc", "bcd", "aabc"};
  const std::size_t usual = random() % orders.size();
  std::string rows;
  for (std::size_t i = random() % 30; i > 0; --i) {
    std::string row;
    for (const char name : orders[random() % 4 == 0 ? random() % orders.size() : usual])
      row += (row.empty() ? "\"" : ",\"") + std::string(1, name) +
             "\":" + values[random() % (random() % 4 == 0 ? values.size() : 4)];
    rows += (rows.empty() ? "{" : ",{") + row + (random() % 50 == 0 ? " }" : "}");
  }
  return "{\"things\":[" + rows + (random() % 20 == 0 ? "}]}" : "]}");
}

TEST(ThePredictingReader, FindsTheEndOfTextsWhoseSizeIsAsBeforeAndOfThoseThatAreNot) {
  static constexpr std::array inside{Field{.name = "skipped", .accepts = accept_text}};
  static constexpr std::array fields{
      Field{.name = "id", .accepts = accept_text},
      Field{.name = "name", .accepts = accept_text | accept_null},
      Field{.name = "nested", .accepts = accept_object, .members = inside}};
  const auto row = [](std::size_t size) {
    const std::string text(size, 'a');
    return R"({"id":"7","name":")" + text + R"(","nested":{"skipped":")" + text + R"("}})";
  };
  // Who took a text of 5 bytes for one of `to_next` would go on in the next row and find it well.
  const std::size_t to_next = 5 + row(5).size() + 1;
  // 300 is 44 and 256 is 0 in a byte; 255 says that sizes differ.
  for (const std::vector<std::size_t>& sizes : {std::vector<std::size_t>{5, 5, 5, 6, 6, 5, 0, 5},
                                                {to_next, 5, 5, 5},
                                                {44, 44, 300, 44, 300, 300, 44},
                                                {0, 256, 0, 512, 256},
                                                {254, 254, 255, 254, 253, 255, 509, 510, 255}}) {
    std::string few, many;
    for (const std::size_t size : sizes) few += (few.empty() ? "" : ",") + row(size);
    for (int i = 0; i < 4; ++i) many += (many.empty() ? "" : ",") + few;
    expect_agreement(things(fields), R"({"things":[)" + few + "]}");
    expect_agreement(things(fields), R"({"things":[)" + many + "]}");
  }
}

TEST(ThePredictingReader, ReadsPageAfterPageAsIfEachWereTheFirst) {
  static constexpr std::array fields{Field{.name = "a"}, Field{.name = "b"},
                                     Field{.name = "c", .may_be_absent = true},
                                     Field{.name = "d", .type = Type::integer}};
  const Endpoint endpoint = things(fields);
  std::mt19937 random{4};
  for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable}) {
    PageDecoder reader{which};
    for (int i = 0; i < 3000; ++i) {
      const std::string page = random_page(random);
      PageDecoder general{Reader::general};
      if (random() % 2 == 0) {
        ASSERT_EQ(cells(reader, endpoint, page), cells(general, endpoint, page)) << page;
      } else {
        const FileFormat form = random() % 2 == 0 ? FileFormat::csv : FileFormat::jsonl;
        ASSERT_EQ(lines(reader, endpoint, form, page), lines(general, endpoint, form, page))
            << page;
      }
    }
  }
}

}  // namespace
}  // namespace callrail
