// Lists that cannot be read, or that the key may not read, beside others that can.
#include "children.hpp"
#include "kept.hpp"

#include <random>

namespace callrail {
namespace {

using std::chrono::milliseconds;

/// What the API does instead of answering for a list, however often it is asked.
constexpr std::array troubles{"400", "500", "cut", "reset"};

Scripted trouble_of(const std::string& word) {
  if (word == "400") return answer(400, R"({"error":"no visits of this one"})");
  if (word == "403") return answer(403, R"({"error":"Access denied."})");
  if (word == "500") return answer(500, R"({"error":"sorry"})");
  if (word == "cut") return answer(200, R"({"visits":[{"page":)");
  return broken("connection reset");
}

/// The visits to so many gadgets of one shop, two to each. Answers come in any order.
struct Visits : Scene {
  std::map<int, std::string> trouble;  ///< by gadget
  std::mt19937 dice{7};

  explicit Visits(int gadgets, int jobs = 4) {
    client_options.jobs = jobs;
    rows = {{"/v3/shops.json", {1}}, {"/v3/1/gadgets.json", upto(gadgets)}};
    before = [this](const std::string& url) -> std::optional<Scripted> {
      if (!is_child(url)) return std::nullopt;
      const auto wait = milliseconds{1 + dice() % 200};
      const auto found = trouble.find(gadget_of(url));
      auto scripted = found == trouble.end() ? *two_visits(url) : trouble_of(found->second);
      return std::move(scripted).after(wait);
    };
    want(visits);
  }
  void let(int first, int last, const std::string& be) {
    for (int i = first; i <= last; ++i) trouble[i] = be;
  }
  std::size_t asked_children() const {
    return std::set<std::string>(asked.begin(), asked.end()).size() - 2;
  }
};

const EndpointSummary& only(const Summary& summary) { return summary.endpoints.at(0); }

TEST(AListThatCannotBeRead, EndsNeitherItsEndpointNorTheOthers) {
  for (const std::string word : troubles)
    for (const int gadgets : {20, 600})
      for (const int jobs : {1, 16}) {
        SCOPED_TRACE(fmt::format("{}, {} lists, {} jobs", word, gadgets, jobs));
        Visits scene{gadgets, jobs};
        scene.trouble[15] = word;
        const Summary summary = scene.run();
        const EndpointSummary& e = only(summary);
        EXPECT_EQ(e.outcome, Outcome::skipped);
        EXPECT_EQ(scene.sink.tables["visits"].size(), static_cast<std::size_t>(gadgets - 1) * 2);
        EXPECT_THAT(e.reason, testing::StartsWith("1 15: "));
        EXPECT_EQ(e.proof, Proof::unproven);
        const auto named = std::ranges::find(e.windows, "1 15", &WindowProof::scope);
        ASSERT_NE(named, e.windows.end());
        EXPECT_EQ(named->proof, Proof::unproven);
        EXPECT_TRUE(e.reason.ends_with(named->why)) << named->why;
        EXPECT_EQ(scene.sink.proofs["visits"].proof, Proof::unproven);
        if (e.sum) {
          EXPECT_EQ(e.sum->windows[2], 1u);
        }
      }
}

TEST(AListThatCannotBeRead, IsOneOfACompanyToo) {
  Scene scene;
  scene.rows = {{"/v3/shops.json", {1, 2, 3}},
                {"/v3/1/gadgets.json", upto(3)},
                {"/v3/3/gadgets.json", upto(4)}};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (!url.starts_with("/v3/2/")) return std::nullopt;
    return answer(400, R"({"error":"not for this shop"})");
  };
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(only(summary).outcome, Outcome::skipped);
  EXPECT_EQ(only(summary).code, Code::bad_request);
  EXPECT_THAT(only(summary).reason, HasSubstr("2: 400"));
  EXPECT_EQ(scene.sink.tables["gadgets"].size(), 7u);
}

TEST(AListThatCannotBeRead, LeavesOutWhatHangsOnItsRowsAndNothingElse) {
  Scene scene;
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.before = [](const std::string& url) {
    return url.starts_with("/v3/2/") ? answer(400, "{}") : two_visits(url);
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(only(summary).outcome, Outcome::skipped);
  EXPECT_THAT(only(summary).reason, HasSubstr("gadgets could not be listed: 2: 400"));
  EXPECT_EQ(scene.sink.tables["visits"].size(), 4u);
}

TEST(ListsThatCannotBeRead, AreCountedBeyondTheFirstTen) {
  Visits scene{600, 8};
  for (int i = 10; i < 600; i += 20) scene.trouble[i] = "500";
  const Summary summary = scene.run();
  const EndpointSummary& e = only(summary);
  EXPECT_EQ(e.outcome, Outcome::skipped);
  EXPECT_THAT(e.reason, testing::AllOf(testing::StartsWith("1 10: "),
                                       testing::EndsWith("; 30 of 600 lists were left out")));
  EXPECT_EQ(e.windows.size(), 10u);
  EXPECT_EQ(e.sum->windows[2], 30u);
  EXPECT_EQ(e.rows, 570u * 2);
}

TEST(ListsThatCannotBeRead, EndTheEndpointWhenTenOfThemFollowEachOther) {
  for (const std::string word : troubles)
    for (const int jobs : {1, 4, 32}) {
      SCOPED_TRACE(fmt::format("{}, {} jobs", word, jobs));
      Visits nine{600, jobs};
      nine.let(301, 309, word);
      const Summary of_nine = nine.run();
      EXPECT_EQ(only(of_nine).outcome, Outcome::skipped);
      EXPECT_EQ(only(of_nine).rows, 591u * 2);

      Visits ten{600, jobs};
      ten.let(301, 310, word);
      const Summary of_ten = ten.run();
      EXPECT_EQ(only(of_ten).outcome, Outcome::failed);
      EXPECT_THAT(only(of_ten).reason, testing::StartsWith("visits page of 1 301: "))
          << "the first of them, whichever came first";
      EXPECT_EQ(ten.sink.tables.count("visits"), 0u);
      EXPECT_LE(ten.asked_children(), 310u + 2 * static_cast<std::size_t>(jobs));
    }
}

TEST(ListsThatCannotBeRead, KeepWhatWasReadBeforeTheyEndTheEndpoint) {
  Visits quiet{600};
  Kept undisturbed;
  (void)undisturbed.run(quiet);

  Visits scene{600};
  scene.let(301, 600, "500");
  Kept kept;
  const Summary first = kept.run(scene);
  EXPECT_EQ(only(first).outcome, Outcome::failed);
  EXPECT_TRUE(first.resumable);
  scene.trouble.clear();
  scene.asked.clear();
  const Summary second = kept.run(scene);
  EXPECT_EQ(only(second).outcome, Outcome::complete);
  EXPECT_EQ(only(second).rows, 1200u);
  EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data"));
  EXPECT_LE(scene.asked.size(), 300u) << "those before the trouble are not asked for again";
}

TEST(ListsThatCannotBeRead, FailTheirEndpointIfThereAreNoOthers) {
  for (const std::string word : troubles)
    for (const int lists : {1, 3}) {
      Visits scene{lists};
      scene.let(1, lists, word);
      const Summary summary = scene.run();
      EXPECT_EQ(only(summary).outcome, Outcome::failed) << word;
      EXPECT_THAT(only(summary).reason, HasSubstr(lists == 1 ? "visits page: " : "of 1 1: "));
      EXPECT_EQ(scene.sink.tables.count("visits"), 0u);
    }
}

TEST(ListsThatCannotBeRead, LeaveNoEmptyFileWhereTheOthersAreOnlyTakenForEmpty) {
  for (const int of_second : {404, 403, 200}) {
    Scene scene;
    scene.before = [=](const std::string& url) -> std::optional<Scripted> {
      if (url.find("gadgets") == url.npos) return std::nullopt;
      if (url.starts_with("/v3/1/")) return answer(400, "{}");
      return answer(of_second, Scene::page_of("gadgets", {}, 1, 250));
    };
    scene.want(gadgets());
    const Summary summary = scene.run();
    EXPECT_EQ(only(summary).outcome, Outcome::skipped);
    EXPECT_EQ(scene.sink.tables.count("gadgets"), of_second == 200 ? 1u : 0u) << of_second;
  }
}

TEST(ListsThatCannotBeRead, AreTheSameWhateverTheNumberOfJobs) {
  std::string words, file;
  for (const int jobs : {1, 2, 5, 32}) {
    Visits scene{600, jobs};
    scene.let(100, 104, "400");
    scene.let(106, 109, "403");
    scene.let(300, 308, "cut");
    scene.let(598, 600, "403");
    Kept kept;
    const Summary summary = kept.run(scene);
    EXPECT_EQ(only(summary).rows, 1200u - 2 * (5 + 4 + 9 + 3));
    if (jobs == 1) {
      words = told(only(summary));
      file = kept.files.files("data").at("visits.csv");
    }
    EXPECT_EQ(told(only(summary)), words) << jobs;
    EXPECT_EQ(kept.files.files("data").at("visits.csv"), file) << jobs;
  }
}

TEST(ListsThatCannotBeRead, AreToldWhereverTheRunStops) {
  for (const int gadgets : {40, 300})
    expect_the_same_wherever_it_stops(
        [gadgets](Scene& scene) {
          scene.client_options.jobs = 1;
          scene.rows = {{"/v3/shops.json", {1}}, {"/v3/1/gadgets.json", upto(gadgets)}};
          scene.before = [](const std::string& url) -> std::optional<Scripted> {
            if (!is_child(url)) return std::nullopt;
            const int id = gadget_of(url);
            if (id % 20 == 7) return answer(400, R"({"error":"no visits of this one"})");
            if (id % 20 == 8) return answer(403, R"({"error":"Access denied."})");
            return two_visits(url);
          };
          scene.want(visits);
        },
        gadgets == 40 ? 1 : 37);
}

TEST(ListsThatCannotBeRead, AreToldIfOnlyThePublishingWasLeft) {
  Visits quiet{300};
  quiet.trouble = {{15, "400"}, {16, "403"}, {17, "500"}};
  Kept undisturbed;
  const Summary expected = undisturbed.run(quiet);
  int finished = 0;
  for (std::size_t call = 1; call <= undisturbed.files.calls.size(); ++call) {
    Visits scene{300};
    scene.trouble = quiet.trouble;
    Kept kept;
    kept.files.crash_at(call, true);
    try {
      (void)kept.run(scene);
    } catch (const test::Crash&) {
    }
    kept.files.restart();
    const auto saved = kept.checkpoint.load("visits");
    finished += *saved && (*saved)->stage == SavedEndpoint::Stage::finished ? 1 : 0;
    EXPECT_EQ(told(only(kept.run(scene))), told(only(expected))) << call;
  }
  EXPECT_GT(finished, 0);
}

TEST(TheLastLists, AreAskedForOnceMoreBeforeTheyAreLeftOut) {
  Visits scene{30};
  scene.let(29, 30, "500");
  Kept kept;
  const Summary first = kept.run(scene);
  EXPECT_EQ(only(first).outcome, Outcome::failed) << "nothing tells that the API is up";
  EXPECT_TRUE(first.resumable);
  scene.asked.clear();
  const Summary second = kept.run(scene);
  EXPECT_EQ(only(second).outcome, Outcome::skipped);
  EXPECT_EQ(only(second).rows, 56u);
  EXPECT_THAT(only(second).reason, testing::StartsWith("1 29: 500"));
  EXPECT_EQ(scene.asked_children() + 2, 2u) << "these and no others";
}

TEST(TheLastLists, WaitForTheNetworkHoweverLongItIsAway) {
  Visits scene{30};
  scene.let(29, 30, "reset");
  Kept kept;
  for (int tries = 0; tries < 3; ++tries) {
    const Summary summary = kept.run(scene);
    EXPECT_EQ(only(summary).outcome, Outcome::failed);
    EXPECT_TRUE(summary.resumable);
  }
  scene.trouble.clear();
  EXPECT_EQ(only(kept.run(scene)).rows, 60u);
}

TEST(AUsedUpDay, IsNoFaultOfTheListsItCameTooEarlyFor) {
  Visits scene{30, 4};
  const auto all = scene.before;
  bool used_up = true;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (used_up && is_child(url) && gadget_of(url) >= 10 && gadget_of(url) != 12)
      return answer(429, R"({"error":"rate limit exceeded"})", "90000");
    return all(url);
  };
  Kept kept;
  const Summary first = kept.run(scene);
  EXPECT_EQ(only(first).outcome, Outcome::failed);
  EXPECT_EQ(only(first).code, Code::try_later);
  EXPECT_TRUE(first.resumable);
  used_up = false;
  scene.clock.advance(std::chrono::hours{26});
  const Summary second = kept.run(scene);
  EXPECT_EQ(only(second).outcome, Outcome::complete);
  EXPECT_EQ(only(second).rows, 60u);
}

TEST(RowsOfManyDays, AreKeptForALaterRunRatherThanLeftOut) {
  Scene scene;
  scene.rows = {{"/v3/shops.json", {1, 2, 3}},
                {"/v3/1/sales.json", upto(3)},
                {"/v3/2/sales.json", upto(4)},
                {"/v3/3/sales.json", upto(5)}};
  bool down = true;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (!down || !url.starts_with("/v3/2/")) return std::nullopt;
    return answer(503, R"({"error":"maintenance"})");
  };
  scene.want(sales);
  Kept kept;
  const Summary first = kept.run(scene);
  EXPECT_EQ(only(first).outcome, Outcome::failed);
  EXPECT_TRUE(first.resumable);
  down = false;
  EXPECT_EQ(only(kept.run(scene)).rows, 12u);
}

TEST(AnAccountTheKeyMayNotReadListsOf, IsLeftOutAfterThreeRefusalsFromItsStart) {
  std::string words;
  for (const int jobs : {1, 4, 32}) {
    Visits scene{600, jobs};
    scene.let(1, 3, "403");  // the fourth could be read, and is on its way where there are jobs
    const Summary summary = scene.run();
    EXPECT_EQ(only(summary).outcome, Outcome::skipped);
    EXPECT_EQ(scene.sink.tables.count("visits"), 0u);
    EXPECT_LE(scene.asked_children(), 3u + 2 * static_cast<std::size_t>(jobs)) << jobs;
    EXPECT_THAT(only(summary).reason,
                testing::AllOf(testing::StartsWith("1 1: 403"),
                               testing::EndsWith("; 600 of 600 lists were left out")));
    if (words.empty()) words = told(only(summary));
    EXPECT_EQ(told(only(summary)), words) << jobs;
  }
}

TEST(AnAccountTheKeyMayNotReadListsOf, IsReadIfOneOfItsFirstThreeListsIs) {
  for (const int one : {1, 2, 3})
    for (const int gadgets : {40, 600})
      for (const int jobs : {1, 8}) {
        Visits scene{gadgets, jobs};
        scene.let(1, 6, "403");
        scene.trouble.erase(one);
        const Summary summary = scene.run();
        EXPECT_EQ(only(summary).outcome, Outcome::skipped);
        EXPECT_EQ(only(summary).rows, static_cast<std::uint64_t>(gadgets - 5) * 2) << one;
      }
}

TEST(AnAccountTheKeyMayNotReadListsOf, TakesNoOtherWithIt) {
  for (const int jobs : {1, 8})
    for (const int gadgets : {30, 400}) {
      Scene scene;
      scene.client_options.jobs = jobs;
      scene.rows = {{"/v3/shops.json", {1, 2, 3}},
                    {"/v3/1/gadgets.json", {1, 2}},
                    {"/v3/2/gadgets.json", upto(gadgets)},
                    {"/v3/3/gadgets.json", {1, 2}}};
      scene.before = [](const std::string& url) -> std::optional<Scripted> {
        if (!is_child(url)) return std::nullopt;
        if (url.starts_with("/v3/2/") || url.starts_with("/v3/1/gadgets/2/"))
          return answer(403, "{}");
        return two_visits(url);
      };
      scene.want(visits);
      const Summary summary = scene.run();
      EXPECT_EQ(only(summary).rows, 6u);
      EXPECT_THAT(only(summary).reason, testing::StartsWith("1 2: 403"));
      std::set<std::string> asked;
      for (const std::string& url : scene.asked)
        if (url.starts_with("/v3/2/gadgets/")) asked.insert(url);
      EXPECT_LE(asked.size(), 3u + 2 * static_cast<std::size_t>(jobs));
    }
}

TEST(AnAccountTheKeyMayNotReadListsOf, IsToldOnceWhereverTheProcessDies) {
  for (const int gadgets : {100, 400}) {
    const auto set_up = [=](Scene& scene) {
      scene.rows = {{"/v3/shops.json", {1, 2}},
                    {"/v3/1/gadgets.json", upto(gadgets)},
                    {"/v3/2/gadgets.json", {1, 2}}};
      scene.before = [](const std::string& url) -> std::optional<Scripted> {
        if (!is_child(url)) return std::nullopt;
        return url.starts_with("/v3/1/") ? answer(403, "{}") : two_visits(url);
      };
      scene.want(visits);
    };
    Scene quiet;
    set_up(quiet);
    Kept undisturbed;
    const std::string expected = told(only(undisturbed.run(quiet)));
    EXPECT_THAT(expected, HasSubstr(fmt::format("{0} of {1} lists", gadgets, gadgets + 2)));
    for (std::size_t call = 1; call <= undisturbed.files.calls.size(); ++call) {
      Scene scene;
      set_up(scene);
      Kept kept;
      kept.files.crash_at(call, true);
      try {
        (void)kept.run(scene);
      } catch (const test::Crash&) {
      }
      kept.files.restart();
      EXPECT_EQ(told(only(kept.run(scene))), expected) << call;
      EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data")) << call;
    }
  }
}

/// Each answer in the middle of the lists comes later than those behind it, and the process dies.
TEST(ListsRefusedBeforeACrash, AreToldAfterItAndNothingIsDropped) {
  for (const int gadgets : {12, 300})
    for (const int jobs : {4, 8}) {
      SCOPED_TRACE(fmt::format("{} lists, {} jobs", gadgets, jobs));
      const auto set_up = [=](Visits& scene) {
        scene.trouble = {{4, "403"}, {5, "403"}};
        scene.let(7, gadgets - 1, "403");
        const auto all = scene.before;
        scene.before = [all](const std::string& url) -> std::optional<Scripted> {
          auto scripted = all(url);
          if (is_child(url) && (gadget_of(url) == 2 || gadget_of(url) == 3))
            return std::move(*scripted).after(std::chrono::seconds{gadget_of(url) == 2 ? 3 : 40});
          return scripted;
        };
      };
      Visits quiet{gadgets, jobs};
      set_up(quiet);
      Kept undisturbed;
      const std::string expected = told(only(undisturbed.run(quiet)));
      EXPECT_THAT(expected, HasSubstr("1 4: 403"));
      for (const int seconds : {1, 6, 20, 41}) {
        Visits scene{gadgets, jobs};
        set_up(scene);
        Kept kept;
        const auto began = scene.clock.now();
        scene.stop = [&] { return scene.clock.now() - began > std::chrono::seconds{seconds}; };
        (void)kept.run(scene);
        scene.stop = [] { return false; };
        EXPECT_EQ(told(only(kept.run(scene))), expected) << seconds;
        EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data")) << seconds;
      }
    }
}

}  // namespace
}  // namespace callrail
