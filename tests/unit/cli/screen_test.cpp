#include "screen.hpp"

#include "console.hpp"
#include "terminal.hpp"
#include "virtual_terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Screen, RedrawsItsLinesInPlace) {
  VirtualTerminal seen{40};
  Screen screen{seen.terminal()};
  screen.show({"one", "1"});
  screen.show({"one", "2"});
  EXPECT_THAT(seen.lines(), ElementsAre("one", "2"));
}

TEST(Screen, PrintsAboveWhatItRedraws) {
  VirtualTerminal seen{40};
  Screen screen{seen.terminal()};
  screen.show({"below", "it"});
  screen.print("warning");
  screen.print("another");
  screen.show({"below", "still"});
  EXPECT_THAT(seen.lines(), ElementsAre("warning", "another", "below", "still"));
}

TEST(Screen, LeavesNothingBehind) {
  VirtualTerminal seen{40};
  {
    Screen screen{seen.terminal()};
    screen.print("kept");
    screen.show({"gone", "gone too"});
  }
  EXPECT_THAT(seen.lines(), ElementsAre("kept"));
}

TEST(Screen, CutsLinesToTheWidth) {
  VirtualTerminal seen{10};
  Screen screen{seen.terminal()};
  screen.show({"123456789012345", "äöüäöüäöüäöü"});
  EXPECT_THAT(seen.lines(), ElementsAre("123456789", "äöüäöüäöü"));
}

TEST(Screen, ErasesWholeLinesAfterTheWindowGotNarrower) {
  VirtualTerminal seen{40};
  Screen screen{seen.terminal()};
  screen.print("kept");
  screen.show({"a line of thirty characters...", "short"});
  seen.resize(20);
  screen.show({"new", "lines"});
  EXPECT_THAT(seen.lines(), ElementsAre("kept", "new", "lines"));
}

TEST(Screen, PrintsPlainLinesWhereNothingCanBeRedrawn) {
  std::string out;
  Screen screen{{.write = [&](std::string_view text) { out += text; },
                 .width = [] { return std::size_t{80}; }}};
  screen.show({"never", "seen"});
  screen.print("line");
  EXPECT_EQ(out, "line\n");
}

TEST(Redrawing, IsForTerminalsThatPeopleLookAt) {
  const auto in = [](std::map<std::string, std::string> variables) -> Environment {
    return [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    };
  };
  EXPECT_TRUE(is_live(ProgressMode::automatic, true, in({{"TERM", "xterm"}})));
  EXPECT_FALSE(is_live(ProgressMode::automatic, false, in({{"TERM", "xterm"}})));
  EXPECT_FALSE(is_live(ProgressMode::automatic, true, in({{"CI", "true"}})));
  EXPECT_FALSE(is_live(ProgressMode::automatic, true, in({{"TERM", "dumb"}})));
  EXPECT_TRUE(is_live(ProgressMode::always, false, in({{"CI", "true"}})));
  EXPECT_FALSE(is_live(ProgressMode::never, true, in({})));
  EXPECT_TRUE(has_color(true, in({})));
  EXPECT_FALSE(has_color(true, in({{"NO_COLOR", "1"}})));
  EXPECT_FALSE(has_color(false, in({})));
}

TEST(TheConsole, RedactsAndEscapesWhateverItShows) {
  VirtualTerminal seen{80};
  Screen screen{seen.terminal()};
  Console console{screen, {.key = "kQ7zPwLm3vTxRy9nHsJg", .secret_names = {}}, false};
  console.warning("key kQ7zPwLm3vTxRy9nHsJg,\n\x1b[2J jane@example.com");
  console.error("kQ7zP");
  EXPECT_THAT(seen.lines(), ElementsAre("warning: key [key],\\n\\x1b[2J ***@***", "error: [key]"));
}

TEST(TheConsole, ShowsOnlyErrorsIfItIsQuiet) {
  VirtualTerminal seen{80};
  Screen screen{seen.terminal()};
  Console console{screen, {}, true};
  console.line("no");
  console.warning("no");
  console.show({"no"});
  EXPECT_THAT(seen.lines(), IsEmpty());
  console.error("yes");
  EXPECT_THAT(seen.lines(), ElementsAre("error: yes"));
}

}  // namespace
}  // namespace callrail::cli
