/// Which rows are told to the queue of what there is to fetch.
#include "scene.hpp"

#include <callrail/file_sink.hpp>

namespace callrail {
namespace {

class Queue final : public MediaQueue {
 public:
  Lines added;  ///< "gadgets.note 5 shop_id=1"
  std::size_t committed = 0;
  void add(const Endpoint& endpoint, const Media& media, const Scope& scope, Text key) override {
    std::string line = std::string{endpoint.name} + "." + std::string{media.field} + " ";
    line += key;
    for (const auto& [name, value] : scope) line += " " + name + "=" + value;
    added.push_back(std::move(line));
  }
  Status commit() override {
    committed = added.size();
    return {};
  }
};

const Endpoint& sounding() {
  static constexpr std::array<Media, 1> media{Media{.field = "name"}};
  static const Endpoint facts = [] {
    Endpoint copy = gadgets();
    copy.media = media;
    return copy;
  }();
  return facts;
}

/// Gadgets 1 to 3 of shop 1 and 9 of shop 2; the second has nothing to fetch.
struct Sounds : Scene {
  Queue queue;
  Sounds() {
    options.media = &queue;
    before = [](const std::string& url) -> std::optional<Scripted> {
      if (url.find("gadgets") == url.npos) return std::nullopt;
      if (url.find("/2/") != url.npos)
        return answer(200, R"({"total_records":1,"things":[{"id":9,"name":"d"}]})");
      return answer(200, R"({"total_records":3,"things":[{"id":1,"name":"a"},
                             {"id":2,"name":null},{"id":3,"name":"c"}]})");
    };
  }
};

TEST(MediaOfRows, AreThoseWhoseFieldIsNotNull) {
  Sounds scene;
  scene.want(sounding());
  scene.run();
  EXPECT_THAT(scene.queue.added, ElementsAre("gadgets.name 1 shop_id=1", "gadgets.name 3 shop_id=1",
                                             "gadgets.name 9 shop_id=2"));
  EXPECT_EQ(scene.queue.committed, 3u);
}

TEST(MediaOfRows, AreFoundWhereTheFieldIsNoColumn) {
  Sounds scene;
  scene.want_only(sounding(), {"id"});
  scene.run();
  EXPECT_EQ(scene.queue.added.size(), 3u);
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("1", "2", "3", "9"));
  for (const auto& url : scene.asked)
    EXPECT_EQ(url.find("fields=id,name"), std::string::npos) << url;
}

TEST(MediaOfRows, AreFoundWhereTheDestinationTakesLines) {
  for (const FileFormat format : {FileFormat::csv, FileFormat::jsonl, FileFormat::xml}) {
    Sounds scene;
    scene.want_only(sounding(), {"count", "id"});
    NullSink sink{{.format = format}};
    ScriptedTransport transport{scene.clock, [&](const Request& r) { return scene.reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, scene.clock, scene.client_options, 1};
    Events silent;
    extract(api(), scene.options, client, sink, scene.clock, silent, [] { return false; });
    EXPECT_EQ(scene.queue.added.size(), 3u) << static_cast<int>(format);
    EXPECT_EQ(scene.queue.added.front(), "gadgets.name 1 shop_id=1");
  }
}

TEST(MediaOfRows, AreNoMoreThanTheRowsThatAreWritten) {
  Sounds scene;
  scene.options.limit = 2;
  scene.want(sounding());
  scene.run();
  EXPECT_THAT(scene.queue.added, ElementsAre("gadgets.name 1 shop_id=1"));

  Sounds only_keys;
  only_keys.want(stock);  // below gadgets, which nobody wrote
  only_keys.run();
  EXPECT_TRUE(only_keys.queue.added.empty());
}

/// A checkpoint that knows how much had been committed to the queue when it was told of rows.
class Late final : public Checkpoint {
 public:
  explicit Late(const Queue& queue) : queue_{queue} {}
  std::vector<std::size_t> behind;
  Result<std::optional<SavedEndpoint>> load(Text) override { return std::nullopt; }
  Status save(Text, const CheckpointChange&) override {
    behind.push_back(queue_.added.size() - queue_.committed);
    return {};
  }
  Status forget(Text) override { return {}; }

 private:
  const Queue& queue_;
};

TEST(MediaOfRows, AreSafeBeforeACheckpointSaysThatTheRowsAre) {
  Sounds scene;
  scene.want(sounding());
  Late checkpoint{scene.queue};
  ScriptedTransport transport{scene.clock, [&](const Request& r) { return scene.reply(r); }};
  Limiter limiter{{}};
  Client client{transport, limiter, scene.clock, scene.client_options, 1};
  Events silent;
  extract(
      api(), scene.options, client, scene.sink, scene.clock, silent, [] { return false; },
      &checkpoint);
  EXPECT_FALSE(checkpoint.behind.empty());
  for (const std::size_t behind : checkpoint.behind) EXPECT_EQ(behind, 0u);
  EXPECT_EQ(scene.queue.added.size(), 3u);
}

}  // namespace
}  // namespace callrail
