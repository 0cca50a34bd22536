// What fifty thousand lists take: a program of its own, because it counts what is allocated.
#include "scene.hpp"

#include <callrail/file_sink.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <deque>
#include <malloc.h>
#include <new>

namespace {
std::size_t held = 0;

void* taken(void* bytes) {
  if (bytes == nullptr) throw std::bad_alloc{};
  held += malloc_usable_size(bytes);
  return bytes;
}
void give_back(void* bytes) {
  if (bytes != nullptr) held -= malloc_usable_size(bytes);
  std::free(bytes);
}
}  // namespace

void* operator new(std::size_t size) { return taken(std::malloc(size)); }
// Sanitizers bring one of their own, whose bytes only their own delete takes back.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return taken(std::malloc(size));
}
void operator delete(void* bytes) noexcept { give_back(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { give_back(bytes); }

namespace callrail {
namespace {

constexpr std::array whole_style{Paging::whole};
constexpr std::array parents{
    Parent{.parameter = "gadget_id", .endpoint = "shops", .in_path = true}};
constexpr std::array fields{Field{.name = "gadget_id",
                                  .type = Type::id,
                                  .accepts = accept_text,
                                  .sent = Sent::of_request,
                                  .parameter = "gadget_id"},
                            Field{.name = "page", .type = Type::text}};
constexpr std::array<Text, 1> keys{"gadget_id"};
constexpr Endpoint visits{.name = "visits",
                          .path = "/v3/{gadget_id}/visits.json",
                          .rows = "visits",
                          .keys = keys,
                          .fields = fields,
                          .parents = parents,
                          .paging = whole_style};

/// Answers at once, and remembers nothing.
class Server final : public Transport {
 public:
  explicit Server(int rows) : rows_{rows} {}

  void start(std::uint64_t ticket, const Request& request) override {
    ++requests;
    // The pages of the rows themselves have gone by now; those with dates come in pieces, anyway.
    if (request.url.find("/visits.json") != request.url.npos) most_held = std::max(most_held, held);
    Scripted scripted = reply(request.url);
    waiting_.push_back({ticket, std::move(scripted.result), {}});
  }
  std::optional<Finished> wait(Clock::Steady) override {
    if (waiting_.empty()) return std::nullopt;
    Finished finished = std::move(waiting_.front());
    waiting_.pop_front();
    return finished;
  }
  void cancel_all() override { waiting_.clear(); }

  int requests = 0;
  std::size_t most_held = 0;  ///< while children are read

 private:
  Scripted reply(const std::string& url) const {
    if (url.find("/visits.json") != url.npos)
      return requests % 10 == 0 ? answer(404, "{}") : answer(200, R"({"visits":[{"page":"/a"}]})");
    const int page = std::stoi(parameter(url, "page")),
              size = std::stoi(parameter(url, "per_page"));
    const int from = std::min((page - 1) * size, rows_), to = std::min(page * size, rows_);
    std::string text = fmt::format(R"({{"page":{},"total_records":{},"shops":[)", page, rows_);
    for (int i = from; i < to; ++i)
      text +=
          fmt::format(R"({}{{"id":"CAL8154748ae6bd4e278a7cddd{:010}"}})", i == from ? "" : ",", i);
    return answer(200, text + "]}");
  }

  int rows_;
  std::deque<Finished> waiting_;
};

struct Taken {
  std::size_t most = 0;  ///< bytes held at once while children are read
  double seconds = 0;    ///< of this processor
  EndpointSummary summary;
};

Taken read_children_of(int rows) {
  VirtualClock clock;
  Server server{rows};
  Limiter limiter{{}};
  Client client{server, limiter, clock, {.jobs = 4, .retry_statuses = {}}, 1};
  NullSink sink{TextOptions{.format = FileFormat::csv}};
  ExtractOptions options{.base_url = "https://api.example.com",
                         .endpoints = {{&visits, Selection::everything(visits), false}},
                         .fixed = {},
                         .range = {},
                         .limit = {},
                         .paging = {},
                         .began = {}};
  Events silent;
  const std::size_t before = held;
  const std::clock_t begin = std::clock();
  Summary summary = extract(api(), options, client, sink, clock, silent, [] { return false; });
  Taken taken{server.most_held - before, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC,
              std::move(summary.endpoints.at(0))};
  return taken;
}

TEST(FiftyThousandLists, TakeTheKeysOfTheirRowsAndNoMore) {
  constexpr int few = 5000, many = 50'000;
  const Taken little = read_children_of(few);
  const Taken much = read_children_of(many);
  ASSERT_EQ(much.summary.lists, static_cast<std::uint64_t>(many));
  ASSERT_TRUE(much.summary.sum);
  EXPECT_EQ(much.summary.sum->lists, static_cast<std::uint64_t>(many));
  EXPECT_EQ(much.summary.rows + much.summary.sum->unknown, static_cast<std::uint64_t>(many));
  EXPECT_EQ(much.summary.warnings.size(), 1u);
  EXPECT_EQ(much.summary.windows.size(), 10u);
  const auto each = (much.most - std::min(little.most, much.most)) / (many - few);
  RecordProperty("bytes_for_each_row", static_cast<int>(each));
  RecordProperty("milliseconds", static_cast<int>(much.seconds * 1000));
  std::fprintf(stderr, "%zu bytes for each row, %.1f MB in all, %.2f s\n", each,
               static_cast<double>(much.most) / 1e6, much.seconds);
  EXPECT_LE(each, 60u) << "the key of a row has 36";
  // Ten times the lists take about ten times as long; a loop over all of them in each would take a
  // hundred times.
  EXPECT_LE(much.seconds, 30 * std::max(little.seconds, 0.05));
}

}  // namespace
}  // namespace callrail
