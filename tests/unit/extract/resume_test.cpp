#include "kept.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>

namespace callrail {
namespace {

TEST(ARunInTwoParts, ReadsAListInOnePieceWhileTheNextIsOnItsWay) {
  for (const int jobs : {1, 2, 4, 8}) {
    Scene scene;
    scene.client_options.jobs = jobs;
    scene.options.fixed["shop_id"] = {"1", "2"};
    scene.options.page_size = 20;
    scene.rows["/v3/1/sales.json"] = upto(300);
    scene.rows["/v3/2/sales.json"] = upto(5);
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      const bool first = url.find("/v3/1/") != url.npos;
      return answer(200, Scene::page_of("sales", upto(first ? 300 : 5),
                                        std::stoi(parameter(url, "page")),
                                        std::stoi(parameter(url, "per_page"))))
          .after(std::chrono::milliseconds{first ? 20 : 50000});
    };
    scene.want(sales);
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << jobs;
    EXPECT_EQ(scene.sink.tables["sales"].size(), 305u) << jobs;
  }
}

TEST(ARunInTwoParts, CountsAListAgainWhileTheNextIsOnItsWay) {
  for (const int latency : {20, 5000})
    for (const int jobs : {1, 2, 4, 8}) {
      Scene scene;
      scene.client_options.jobs = jobs;
      scene.options.fixed["shop_id"] = {"1", "2"};
      scene.options.page_size = 20;
      int asked_of_1 = 0;
      scene.before = [&](const std::string& url) -> std::optional<Scripted> {
        const bool first = url.find("/v3/1/") != url.npos;
        if (first) ++asked_of_1;
        auto ids = first ? in_window(url, 300) : upto(3);
        // One row is hidden after the first count.
        if (first && asked_of_1 > 1) std::erase(ids, 150);
        return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                          std::stoi(parameter(url, "per_page"))))
            .after(std::chrono::milliseconds{first ? 20 : latency});
      };
      scene.want(sales);
      const Summary summary = scene.run();
      EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << jobs;
    }
}

TEST(ARunInTwoParts, CutsNoListAgainWhoseDatesTheApiIgnores) {
  expect_the_same_wherever_it_stops([](Scene& scene) {
    scene.client_options.jobs = 1;
    scene.options.fixed["shop_id"] = {"1", "2"};
    scene.options.page_size = 20;
    scene.rows["/v3/1/sales.json"] = upto(5);
    scene.rows["/v3/2/sales.json"] = upto(300);
    scene.want(sales);
  });
}

TEST(ARunInTwoParts, AsksForNoMoreThanIsLeftOfALimit) {
  expect_the_same_wherever_it_stops([](Scene& scene) {
    scene.client_options.jobs = 1;
    scene.options.fixed["shop_id"] = {"1", "2", "3"};
    scene.options.page_size = 20;
    scene.options.limit = 30;
    scene.rows["/v3/1/gadgets.json"] = upto(25);
    scene.rows["/v3/2/gadgets.json"] = upto(25);
    scene.rows["/v3/3/gadgets.json"] = upto(25);
    scene.want_only(gadgets(), {"id"});
  });
}

TEST(ARunInTwoParts, ReadsTheWindowsOfALongListOnce) {
  expect_the_same_wherever_it_stops([](Scene& scene) {
    scene.client_options.jobs = 1;
    scene.options.fixed["shop_id"] = {"1"};
    scene.options.page_size = 20;
    scene.before = [](const std::string& url) -> std::optional<Scripted> {
      return answer(200,
                    Scene::page_of("sales", in_window(url, 300), std::stoi(parameter(url, "page")),
                                   std::stoi(parameter(url, "per_page"))));
    };
    scene.want(sales);
  });
}

TEST(ARunInTwoParts, SaysTheSameIfOnlyThePublishingWasLeft) {
  const auto set_up = [](Scene& scene) {
    scene.options.fixed["shop_id"] = {"1"};
    scene.options.page_size = 20;
    scene.client_options.jobs = 1;
    scene.rows["/v3/1/gadgets.json"] = upto(300);
    scene.rows["/v3/1/sales.json"] = upto(300);
    scene.before = [](const std::string& url) -> std::optional<Scripted> {
      if (url.find("sales") == url.npos) return std::nullopt;
      return answer(200,
                    Scene::page_of("sales", in_window(url, 300), std::stoi(parameter(url, "page")),
                                   std::stoi(parameter(url, "per_page"))));
    };
    scene.want_only(gadgets(), {"id"});
    scene.want(sales);
  };
  for (const std::optional<std::uint64_t> limit : {std::optional<std::uint64_t>{}, {30}, {250}}) {
    Scene quiet;
    quiet.options.limit = limit;
    set_up(quiet);
    Kept undisturbed;
    const Summary expected = undisturbed.run(quiet);
    int finished = 0;
    for (std::size_t call = 1; call <= undisturbed.files.calls.size(); ++call) {
      SCOPED_TRACE(fmt::format("limit {}, died after call {}: {} {}", limit.value_or(0), call,
                               undisturbed.files.calls[call - 1].name,
                               undisturbed.files.calls[call - 1].path));
      Scene scene;
      scene.options.limit = limit;
      set_up(scene);
      Kept kept;
      kept.files.crash_at(call, true);
      try {
        (void)kept.run(scene);
      } catch (const test::Crash&) {
      }
      kept.files.restart();
      const auto saved = kept.checkpoint.load("sales");
      finished += *saved && (*saved)->stage == SavedEndpoint::Stage::finished ? 1 : 0;
      const Summary summary = kept.run(scene);
      EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data"));
      for (std::size_t i = 0; i < expected.endpoints.size(); ++i)
        EXPECT_EQ(told(summary.endpoints[i]), told(expected.endpoints[i]));
    }
    EXPECT_GT(finished, 3);
  }
}

TEST(ARunInTwoParts, RemembersNoRowThatCouldNotBeWritten) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.fixed["shelf_id"] = {"A", "A2", "B"};
  scene.rows["/v3/1/members.json"] = {7, 8};
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (url.find("shelf_id=A") != url.npos && scene.asked.size() < 20)
      return answer(200, Scene::page_of("members", {}, 1, 250));
    return std::nullopt;
  };
  scene.want(members);
  Kept kept;
  kept.files.from_now_on = {test::MemoryFiles::Event::What::fail, ENOSPC};
  kept.files.names_from_now_on = {"open"};
  Summary s = kept.run(scene);
  kept.files.from_now_on.reset();
  s = kept.run(scene);
  EXPECT_EQ(s.endpoints[0].rows, 2u);
}

TEST(ARunInTwoParts, ReadsAllParentsAfterAStopToo) {
  Lines asked[2];
  for (const bool interrupted : {false, true}) {
    Scene scene;
    scene.client_options.jobs = 1;
    scene.options.limit = 2;
    scene.rows["/v3/shops.json"] = upto(2);
    scene.rows["/v3/1/gadgets.json"] = upto(1);
    scene.rows["/v3/2/gadgets.json"] = upto(5);
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      if (url.find("stock") == url.npos) return std::nullopt;
      return answer(200, Scene::page_of("stock", {1}, 1, 250));
    };
    scene.want_only(gadgets(), {"id"});
    scene.want(stock);
    Kept kept;
    if (interrupted) {
      scene.stop = [&] { return scene.asked.size() == 2; };
      (void)kept.run(scene);
      scene.stop = [] { return false; };
    }
    (void)kept.run(scene);
    asked[interrupted ? 1 : 0] = scene.asked;
  }
  // What was on its way at the stop is asked for again; nothing is asked for otherwise.
  for (const auto& url : asked[0]) EXPECT_THAT(asked[1], testing::Contains(url));
  for (const auto& url : asked[1]) EXPECT_THAT(asked[0], testing::Contains(url));
}

TEST(ARunInTwoParts, CountsNoDaysTheApiNoLongerKeeps) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  std::string earliest = "2024-02-11";
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (parameter(url, "start_date").substr(0, 10) < earliest)
      return answer(400, R"({"error":"date range must be within the last 25 months"})");
    auto ids = in_window(url, 300);
    if (scene.asked.size() > 1) std::erase(ids, 150);
    return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                      std::stoi(parameter(url, "per_page"))));
  };
  scene.want(sales);
  Kept kept;
  scene.stop = [&] { return scene.asked.size() == 38; };
  Summary s = kept.run(scene);
  scene.stop = [] { return false; };
  scene.clock.advance(std::chrono::hours{47});
  earliest = "2024-02-13";
  s = kept.run(scene);
  EXPECT_EQ(s.endpoints[0].outcome, Outcome::complete);
}

TEST(ARunInTwoParts, AsksForNoDaysTheApiNoLongerKeeps) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.page_size = 20;
  scene.rows["/v3/shops.json"] = upto(50);
  std::string earliest = "2024-02-11";
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (url.find("sales") == url.npos) return std::nullopt;
    if (parameter(url, "start_date").substr(0, 10) < earliest)
      return answer(400, R"({"error":"date range must be within the last 25 months"})");
    return answer(200, Scene::page_of("sales", {1}, 1, 20));
  };
  scene.want_only(gadgets(), {"id"});
  for (int i = 1; i <= 50; ++i) scene.rows["/v3/" + std::to_string(i) + "/gadgets.json"] = upto(1);
  scene.want(sales);
  Kept kept;
  // stopped while the first child is being read; sales was planned when shops was finished
  scene.stop = [&] { return scene.asked.size() == 10; };
  Summary s = kept.run(scene);
  scene.stop = [] { return false; };
  scene.clock.advance(std::chrono::hours{47});
  earliest = "2024-02-13";
  s = kept.run(scene);
  EXPECT_EQ(s.endpoints[1].outcome, Outcome::complete);
}

TEST(ARunInTwoParts, TakesNoMissingNumberForChurn) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    auto ids = in_window(url, 300);
    // A gap between the windows: never given but in the whole list.
    const bool whole = scene.asked.size() == 1 || parameter(url, "per_page") == "1";
    if (!whole) std::erase_if(ids, [](int id) { return id >= 140 && id < 190; });
    if (parameter(url, "per_page") == "1") return answer(200, R"({"page":1,"sales":[{"id":1}]})");
    return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                      std::stoi(parameter(url, "per_page"))));
  };
  scene.want(sales);
  const Summary s = scene.run();
  EXPECT_EQ(s.endpoints[0].proof, Proof::unproven);
}

TEST(ARunInTwoParts, TakesNoGapForChurn) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    auto ids = in_window(url, 300);
    const bool whole = scene.asked.size() == 1 || parameter(url, "per_page") == "1";
    if (!whole) std::erase_if(ids, [](int id) { return id >= 140 && id < 190; });
    if (parameter(url, "per_page") == "1") ids.push_back(301);
    return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                      std::stoi(parameter(url, "per_page"))));
  };
  scene.want(sales);
  const Summary s = scene.run();
  EXPECT_EQ(s.endpoints[0].proof, Proof::unproven);
}

TEST(ARunInTwoParts, ReadsAFileAgainThatWasTakenAway) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1", "2", "3"};
  for (const char* s : {"1", "2", "3"}) {
    scene.rows["/v3/" + std::string{s} + "/members.json"] = upto(3);
    scene.rows["/v3/" + std::string{s} + "/gadgets.json"] = upto(3);
  }
  scene.want_only(gadgets(), {"id"});
  scene.want(members);
  Kept kept;
  scene.stop = [&] { return scene.asked.size() == 5; };
  Summary s = kept.run(scene);
  kept.files.remove("data/gadgets.csv");
  scene.stop = [] { return false; };
  s = kept.run(scene);
  EXPECT_TRUE(kept.files.content("data/gadgets.csv").has_value() ||
              s.endpoints[0].outcome != Outcome::complete);
}

TEST(ARunInTwoParts, KeepsWhatItCannotTakeUpRightNow) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1", "2", "3"};
  for (const char* s : {"1", "2", "3"})
    scene.rows["/v3/" + std::string{s} + "/gadgets.json"] = upto(3);
  scene.want_only(gadgets(), {"id"});
  Kept kept;
  scene.stop = [&] { return scene.asked.size() == 1; };
  Summary s = kept.run(scene);
  scene.stop = [] { return false; };
  kept.files.from_now_on = {test::MemoryFiles::Event::What::fail, EMFILE};
  kept.files.names_from_now_on = {"open", "remove"};
  s = kept.run(scene);
  EXPECT_FALSE(kept.checkpoint.empty());
}

}  // namespace
}  // namespace callrail
