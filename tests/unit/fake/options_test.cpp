#include "fake_test.hpp"

#include <callrail/fake/options.hpp>

namespace callrail::fake {
namespace {

using testing::HasSubstr;

Result<Options> read(std::vector<const char*> arguments, Text key = {}) {
  return read_options(arguments, test::small_api, key, noon);
}

TEST(ProgramOptions, HaveDefaults) {
  const auto options = read({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->verb, Options::Verb::serve);
  EXPECT_EQ(options->port, 8080);
  EXPECT_EQ(options->fake.key, "fake-key");
  EXPECT_FALSE(options->fake.limits) << "those of the table";
  EXPECT_EQ(options->fake.world.until, at("2026-03-10T00:00:00Z")) << "the same for all of a day";
}

TEST(ProgramOptions, TakeTheKeyFromTheEnvironmentUnlessGiven) {
  EXPECT_EQ(read({}, "from-env")->fake.key, "from-env");
  EXPECT_EQ(read({"--key", "mine"}, "from-env")->fake.key, "mine");
}

TEST(ProgramOptions, TakeValuesWithEqualsSignOrWithout) {
  const auto options = read({"--port=0",
                             "--seed",
                             "7",
                             "--rows",
                             "visits=10,labels=3",
                             "--shops",
                             "4",
                             "--stores=2",
                             "--limits=none",
                             "--delay",
                             "200ms",
                             "--fault",
                             "visits:1=500",
                             "--fault=*:2=reset",
                             "--mutate",
                             "visits:2=insert",
                             "--quirk",
                             "totals-zero",
                             "--now",
                             "2026-02-10T14:00:00Z",
                             "--plain",
                             "--zone",
                             "America/Denver",
                             "--retry-after",
                             "none"});
  ASSERT_TRUE(options) << options.error().what;
  EXPECT_EQ(options->port, 0);
  EXPECT_EQ(options->fake.world.seed, 7U);
  EXPECT_EQ(options->fake.world.rows.at("visits"), 10U);
  EXPECT_EQ(options->fake.world.rows.at("shops"), 4U);
  EXPECT_EQ(options->fake.world.rows.at("stores"), 2U);
  EXPECT_TRUE(options->fake.limits && options->fake.limits->empty());
  EXPECT_EQ(options->fake.faults.size(), 2U);
  EXPECT_EQ(options->fake.mutations.size(), 1U);
  EXPECT_TRUE(options->fake.quirks.has(Quirk::totals_zero));
  EXPECT_EQ(options->fake.world.until, at("2026-02-10T14:00:00Z"));
  EXPECT_EQ(options->now, at("2026-02-10T14:00:00Z"));
  EXPECT_FALSE(options->fake.world.nasty);
}

TEST(ProgramOptions, KnowTheVerbDump) {
  const auto options = read({"dump", "visits", "SHO1", "--seed", "3"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->verb, Options::Verb::dump);
  EXPECT_EQ(options->endpoint, "visits");
  EXPECT_EQ(options->account, "SHO1");
}

TEST(ProgramOptions, SayWhichOneIsWrongAndWhatWasMeant) {
  const auto wrong = [](std::vector<const char*> arguments) {
    const auto options = read(std::move(arguments));
    return options ? std::string{"fine"} : options.error().what;
  };
  EXPECT_EQ(wrong({"--prot", "1"}),
            "unknown option --prot; did you mean --port? (--help shows all)");
  EXPECT_THAT(wrong({"--vists", "1"}), HasSubstr("did you mean --visits?"));
  EXPECT_EQ(wrong({"--port", "99999"}), "--port: 99999 is no number from 0 to 65535");
  EXPECT_EQ(wrong({"--port"}), "--port needs N");
  EXPECT_EQ(wrong({"--plain=yes"}), "--plain takes no value");
  EXPECT_EQ(wrong({"--rows", "vist=3"}),
            "--rows: no endpoint is called vist; did you mean visits?");
  EXPECT_EQ(wrong({"--rows", "visits"}), "--rows: visits is not ENDPOINT=N");
  EXPECT_EQ(wrong({"--zone", "Mars/Base"}), "--zone: Mars/Base is no IANA time zone");
  EXPECT_THAT(wrong({"--now", "noon"}), HasSubstr("--now: noon is no instant"));
  EXPECT_THAT(wrong({"--limits", "fast"}), HasSubstr("--limits: fast is no limit"));
  EXPECT_THAT(wrong({"--quirk", "x"}), HasSubstr("--quirk: unknown quirk x"));
  EXPECT_THAT(wrong({"--fault", "visits:1=x"}), HasSubstr("--fault: unknown fault x"));
  EXPECT_THAT(wrong({"serve"}), HasSubstr("serve is neither an option"));
  EXPECT_THAT(wrong({"dump"}), HasSubstr("needs the name of an endpoint"));
  EXPECT_THAT(wrong({"dump", "vists"}), HasSubstr("did you mean visits?"));
}

TEST(ProgramOptions, ExplainThemselves) {
  const std::string help = help_text(test::small_api);
  for (const char* word : {"--port", "--fault", "visits", "dump ENDPOINT"})
    EXPECT_THAT(help, HasSubstr(word));
  for (const TroubleName& trouble : all_troubles())
    EXPECT_THAT(list_of_faults(), HasSubstr(std::string{trouble.name}));
  for (const QuirkName& quirk : all_quirks())
    EXPECT_THAT(list_of_quirks(), HasSubstr(std::string{quirk.name}));
}

}  // namespace
}  // namespace callrail::fake
