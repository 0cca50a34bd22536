#include "curl_fixture.hpp"
#include "gzip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;

/// A well-behaved server on this machine that remembers its requests.
class CurlTransportTest : public testing::Test {
 protected:
  static void prepare(httplib::Server& server) {
    // Each kept connection occupies a thread, and the default closes it after five requests.
    server.new_task_queue = [] { return new httplib::ThreadPool(16); };
    server.set_keep_alive_max_count(1'000'000);
    server.set_tcp_nodelay(true);
    // The default lets two servers listen at one port without a word.
    server.set_socket_options([](auto socket) {
      int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
  }

  void SetUp() override {
    prepare(server);
    server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock{mutex};
      requests.push_back(request);
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server.Get("/plain", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("{}", "application/octet-stream");
    });
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::jthread{[this] { server.listen_after_bind(); }};
    while (!server.is_running()) std::this_thread::yield();
  }
  void TearDown() override { server.stop(); }

  std::string url(std::string_view path = "") const {
    return "http://127.0.0.1:" + std::to_string(port) + std::string{path};
  }

  httplib::Server server;
  int port = 0;
  std::mutex mutex;
  std::vector<httplib::Request> requests;
  std::jthread thread;
};

TEST_F(CurlTransportTest, SendsTheKeyAndSaysWhoItIs) {
  CurlTransport transport{options_for(url())};
  const Finished finished = fetch(transport, url("/plain?fields=id%2Cname"));
  ASSERT_TRUE(finished.result) << finished.result.error().what;
  EXPECT_EQ(finished.result->status, 200);
  EXPECT_EQ(finished.result->body.text(), "{}");
  EXPECT_EQ(finished.result->content_type, "application/octet-stream");
  EXPECT_EQ(finished.result->wire_bytes, 2u);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].get_header_value("Authorization"), the_key);
  EXPECT_EQ(requests[0].get_header_value("User-Agent"),
            "callrail-batch/0.1.0 (+https://example.com/tool)");
  EXPECT_EQ(requests[0].get_header_value("Accept-Encoding"), "gzip");
  EXPECT_EQ(requests[0].get_param_value("fields"), "id,name");
}

TEST_F(CurlTransportTest, UsesAConnectionAgain) {
  CurlTransport transport{options_for(url())};
  std::set<int> ports;
  for (int i = 0; i < 20; ++i) {
    const Finished finished = fetch(transport, url("/plain"));
    ASSERT_TRUE(finished.result) << finished.result.error().what;
  }
  for (const auto& request : requests) ports.insert(request.remote_port);
  EXPECT_EQ(requests.size(), 20u);
  EXPECT_EQ(ports.size(), 1u);
}

TEST_F(CurlTransportTest, HandsBackAnswersInTheOrderTheyFinish) {
  std::promise<void> fast_is_done;
  auto wait_for_fast = fast_is_done.get_future().share();
  server.Get("/slow", [=](const httplib::Request&, httplib::Response& response) {
    wait_for_fast.wait_for(20s);
    response.set_content("slow", "application/octet-stream");
  });
  CurlTransport transport{options_for(url())};
  transport.start(1, {url("/slow"), "slow"});
  transport.start(2, {url("/plain"), "fast"});
  const auto first = transport.wait(patience());
  fast_is_done.set_value();
  const auto second = transport.wait(patience());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->ticket, 2u);
  EXPECT_EQ(second->ticket, 1u);
  ASSERT_TRUE(second->result);
  EXPECT_EQ(second->result->body.text(), "slow");
}

TEST_F(CurlTransportTest, UnpacksGzipAndCountsWhatCameOverTheWire) {
  const std::string text = "{\"rows\":[" + std::string(100'000, ' ') + "]}";
  server.Get("/gzip", [&](const httplib::Request&, httplib::Response& response) {
    response.set_header("Content-Encoding", "gzip");
    response.set_content(gzipped(text), "application/octet-stream");
  });
  CurlTransport transport{options_for(url())};
  const Finished finished = fetch(transport, url("/gzip"));
  ASSERT_TRUE(finished.result) << finished.result.error().what;
  EXPECT_EQ(finished.result->body.text(), text);
  EXPECT_EQ(finished.result->wire_bytes, gzipped(text).size());
}

TEST_F(CurlTransportTest, ReadsTheHeadersThatMatter) {
  server.Get("/limited", [](const httplib::Request&, httplib::Response& response) {
    response.status = 429;
    response.set_header("Retry-After", "Tue, 10 Mar 2026 12:01:40 GMT");
    response.set_header("X-Rate-Limit-Hourly-Allowed", "1000");
    response.set_header("X-Rate-Limit-Hourly-Used", "998");
    response.set_header("X-Rate-Limit-Daily-Allowed", "many");
    response.set_header("X-Runtime", "0.012345");
    response.set_content(R"({"error":"rate limit exceeded"})", "application/json");
  });
  CurlTransport transport{options_for(url())};
  Finished finished = fetch(transport, url("/limited"));
  ASSERT_TRUE(finished.result) << finished.result.error().what;
  EXPECT_EQ(finished.result->status, 429);
  EXPECT_EQ(finished.result->retry_after, "Tue, 10 Mar 2026 12:01:40 GMT");
  EXPECT_EQ(finished.result->hour_allowed, 1000);
  EXPECT_EQ(finished.result->hour_used, 998);
  EXPECT_FALSE(finished.result->day_allowed);
  EXPECT_FALSE(finished.result->day_used);
  EXPECT_EQ(finished.result->runtime, std::chrono::microseconds{12'345});
  EXPECT_EQ(finished.result->body.text(), R"({"error":"rate limit exceeded"})");

  // Nothing of it sticks to the next answer over the same handle.
  finished = fetch(transport, url("/plain"));
  ASSERT_TRUE(finished.result);
  EXPECT_FALSE(finished.result->retry_after);
  EXPECT_FALSE(finished.result->hour_used);
  EXPECT_FALSE(finished.result->runtime);
  EXPECT_EQ(finished.result->body.text(), "{}");
}

TEST_F(CurlTransportTest, DoesNotFollowARedirectSoTheKeyGoesNowhereElse) {
  httplib::Server other;
  prepare(other);
  std::atomic<int> visits{0};
  other.Get(".*", [&](const httplib::Request&, httplib::Response&) { ++visits; });
  const int other_port = other.bind_to_any_port("127.0.0.1");
  std::jthread other_thread{[&] { other.listen_after_bind(); }};
  while (!other.is_running()) std::this_thread::yield();
  const std::string target = "http://127.0.0.1:" + std::to_string(other_port) + "/taken";

  server.Get("/moved", [&](const httplib::Request&, httplib::Response& response) {
    response.set_redirect(target, 302);
  });
  CurlTransport transport{options_for(url())};
  const Finished finished = fetch(transport, url("/moved"));
  EXPECT_TRUE(finished.result);
  if (finished.result) {
    EXPECT_EQ(finished.result->status, 302);
    EXPECT_EQ(finished.result->location, target);
  }
  // Nor when the API names that address as its next page.
  const NetworkError error = failure(transport, target);
  EXPECT_TRUE(error.final);
  EXPECT_EQ(error.code, Code::bad_answer);
  EXPECT_THAT(error.what, HasSubstr("refused, because the key would go there"));
  EXPECT_EQ(visits, 0);
  other.stop();
}

TEST_F(CurlTransportTest, SendsNothingWithOptionsThatEndangerTheKey) {
  CurlOptions open = options_for("http://example.com");
  CurlTransport unencrypted{open};
  EXPECT_THAT(failure(unencrypted, "http://example.com/v3/a.json").what, HasSubstr("plain http"));

  CurlOptions broken = options_for(url());
  broken.auth_value = "Token token=\"a\r\nX-Injected: 1\"";
  CurlTransport injected{broken};
  const NetworkError error = failure(injected, url("/plain"));
  EXPECT_TRUE(error.final);
  EXPECT_THAT(error.what, HasSubstr("line break"));
  EXPECT_TRUE(requests.empty());
}

TEST_F(CurlTransportTest, WaitsUntilTheTimeGivenWhenNothingIsInFlight) {
  CurlTransport transport{options_for(url())};
  const auto until = steady_clock::now() + 20ms;
  EXPECT_FALSE(transport.wait(until));
  EXPECT_GE(steady_clock::now(), until);
  EXPECT_FALSE(transport.wait(steady_clock::now() - 1s));
}

TEST_F(CurlTransportTest, ForgetsWhatWasInFlightWhenCancelled) {
  std::promise<void> end;
  auto ended = end.get_future().share();
  server.Get("/hang", [=](const httplib::Request&, httplib::Response&) { ended.wait_for(20s); });
  CurlTransport transport{options_for(url())};
  transport.start(1, {url("/hang"), "hang"});
  EXPECT_FALSE(transport.wait(steady_clock::now() + 10ms));
  transport.cancel_all();
  const Finished finished = fetch(transport, url("/plain"));
  end.set_value();
  ASSERT_TRUE(finished.result) << finished.result.error().what;
  EXPECT_FALSE(transport.wait(steady_clock::now() + 10ms));
}

TEST_F(CurlTransportTest, AsksThisMachineDirectlyWhateverTheProxyOfTheEnvironment) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy"})
    setenv(name, "http://127.0.0.1:1", 1);
  CurlTransport transport{options_for(url())};
  const Finished finished = fetch(transport, url("/plain"));
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy"}) unsetenv(name);
  EXPECT_TRUE(finished.result) << finished.result.error().what;
}

TEST_F(CurlTransportTest, KeepsDotsInAPathWhereTheyAre) {
  server.Get(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{}", "application/octet-stream");
  });
  CurlTransport transport{options_for(url())};
  ASSERT_TRUE(fetch(transport, url("/v3/a/%2E%2E/x.json")).result);
  EXPECT_EQ(requests.back().target, "/v3/a/%2E%2E/x.json");
}

}  // namespace
}  // namespace callrail
