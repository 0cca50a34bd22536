#include "texts.hpp"

#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Help, NamesEveryOptionAndVariable) {
  const auto groups = option_groups(shop_api());
  const std::string help = help_text(shop_api(), groups);
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options) {
      EXPECT_THAT(help, HasSubstr("--" + option.name));
      EXPECT_THAT(help, HasSubstr(option.environment));
    }
  EXPECT_THAT(help, HasSubstr("--shelf-id ID"));
  for (const VerbFacts& verb : verbs()) EXPECT_THAT(help, HasSubstr("  " + std::string{verb.name}));
}

TEST(Help, FitsAHundredColumns) {
  for (const std::string& line : lines_of(help_text(shop_api(), option_groups(shop_api()))))
    EXPECT_LE(columns(line), 100U) << line;
}

TEST(PrintConfig, ShowsEachValueWithItsSource) {
  const CommandLine line{"-e sales -l 5 --strict", {{"BATCH_SIZE", "10"}}, "MAX_RETRIES=2"};
  const std::string text = config_text(line.groups, *line.settings, {});
  EXPECT_THAT(text, ContainsRegex("endpoints +sales +option"));
  EXPECT_THAT(text, ContainsRegex("limit +5 +option"));
  EXPECT_THAT(text, ContainsRegex("batch-size +10 +environment BATCH_SIZE"));
  EXPECT_THAT(text, ContainsRegex("max-retries +2 +.env:1 MAX_RETRIES"));
  EXPECT_THAT(text, ContainsRegex("format +csv +default"));
  EXPECT_THAT(text, ContainsRegex("strict +on +option"));
  EXPECT_THAT(text, ContainsRegex("dry-run +off +default"));
  EXPECT_THAT(text, ContainsRegex("api key +.not set."));
}

TEST(PrintConfig, ShowsNoCharacterOfTheKey) {
  const CommandLine line{"-e sales -o kQ7zPwLm3vTxRy9nHsJg"};
  const std::string text =
      config_text(line.groups, *line.settings,
                  {.text = "kQ7zPwLm3vTxRy9nHsJg", .origin = "environment CALLRAIL_API_KEY"});
  EXPECT_THAT(text, AllOf(ContainsRegex("api key +.... +set, from environment CALLRAIL_API_KEY"),
                          Not(HasSubstr("kQ7z")), Not(HasSubstr("HsJg"))));
}

TEST(EndpointNames, StandAloneOnTheirLines) {
  EXPECT_EQ(endpoint_names_text(shop_api()), "shops\nshelves\nsales\nstock\n");
}

TEST(AnEndpoint, IsDescribedByItsFacts) {
  const std::string text = endpoint_text(*shop_api().find("sales"), shop_api());
  EXPECT_THAT(text, HasSubstr("GET /v3/{shop_id}/sales.json"));
  EXPECT_THAT(text, HasSubstr("once for each shop_id of shops"));
  EXPECT_THAT(text, HasSubstr("offset (page=1, 2, …), or relative (relative_pagination=true"));
  EXPECT_THAT(text, HasSubstr("start_date to end_date select on sold_at"));
  EXPECT_THAT(text, HasSubstr("size (small, large), seller"));
  EXPECT_THAT(text, ContainsRegex("remark +text +yes +on request"));
  EXPECT_THAT(text, ContainsRegex("receipt +text +no +single row only"));
  EXPECT_THAT(text, HasSubstr("One of: small, large."));
}

TEST(AnEndpoint, IsDescribedWithWhatItsFieldsReveal) {
  const std::string text = endpoint_text(*shop_api().find("shops"), shop_api());
  EXPECT_THAT(text, HasSubstr("shops: Every shop."));
  EXPECT_THAT(text,
              ContainsRegex("title +text +yes +always +documented.real +name; Above the door"));
  EXPECT_THAT(text, HasSubstr("none, it is read whole"));
}

TEST(AnEndpoint, SaysSinceWhenAFieldIsNotSent) {
  Endpoint shops = *shop_api().find("shops");
  std::vector<Field> fields{shops.fields.begin(), shops.fields.end()};
  std::vector<Note> notes{shops.notes.begin(), shops.notes.end()};
  const std::size_t title = shops.find("title");
  fields[title].gone = true;
  notes[title].until = "2026-02-01";
  shops.fields = fields;
  shops.notes = notes;
  EXPECT_THAT(endpoint_text(shops, shop_api()),
              ContainsRegex("title +text +yes +until 2026-02-01 +documented.real"));
}

TEST(Wrapping, BreaksAtBlanksAndIndentsTheRest) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("unbreakable", 3, 2), "unbreakable");
}

}  // namespace
}  // namespace callrail::cli
