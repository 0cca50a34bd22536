#include "curl_fixture.hpp"
#include "gzip.hpp"
#include "raw_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::AnyOf;
using testing::HasSubstr;

/// Answers the first request of every connection with these bytes and hangs up.
RawServer::Handler sends(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection) {
    connection.read_request();
    connection.send(bytes);
  };
}

/// What becomes of an answer of exactly these bytes.
NetworkError failure_of(std::string bytes, CurlOptions options = options_for("")) {
  RawServer server{sends(std::move(bytes))};
  options.base_url = server.url();
  CurlTransport transport{options};
  return failure(transport, server.url("/page"));
}

std::string head(std::string_view more) {
  return "HTTP/1.1 200 OK\r\n" + std::string{more} + "\r\n";
}

TEST(CurlFault, ACutBodySaysHowMuchOfItCame) {
  const NetworkError error = failure_of(head("Content-Length: 9999\r\n") + std::string(1234, 'x'));
  EXPECT_EQ(error.what, "connection cut after 1,234 of 9,999 bytes");
  EXPECT_FALSE(error.final);
  EXPECT_EQ(error.code, Code::try_later);
}

TEST(CurlFault, ACutChunkedBodyIsNoAnswerEither) {
  const NetworkError error = failure_of(head("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
  EXPECT_EQ(error.what, "connection cut after 5 bytes");
  EXPECT_FALSE(error.final);
}

TEST(CurlFault, NonsenseForAnAnswerIsTriedAgain) {
  for (const char* bytes :
       {"", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"}) {
    const NetworkError error = failure_of(bytes);
    EXPECT_FALSE(error.final) << bytes;
    EXPECT_NE(error.what, "it worked") << bytes;
    EXPECT_EQ(error.what.find_first_of("\r\n\t\x1b"), std::string::npos) << error.what;
  }
  EXPECT_EQ(failure_of("HTTP/1.1 404 Not Found\r\nContent-Len").what,
            "connection cut in the headers");
  EXPECT_EQ(failure_of("").what, "the server closed the connection instead of answering");
}

TEST(CurlFault, HeadersAreCapped) {
  std::string many;
  for (int i = 0; i < 700; ++i)
    many += "X-Filler-" + std::to_string(i) + ": " + std::string(90, 'x') + "\r\n";
  for (const std::string& bomb : {many, "X-Filler: " + std::string(80'000, 'x') + "\r\n",
                                  "X-Filler: " + std::string(300'000, 'x') + "\r\n"}) {
    const NetworkError error = failure_of(head(bomb + "Content-Length: 2\r\n") + "{}");
    EXPECT_TRUE(error.final);
    EXPECT_EQ(error.code, Code::bad_answer);
    EXPECT_EQ(error.what, "the answer's headers are larger than 65,536 bytes");
  }
}

TEST(CurlFault, TheCapsAreThoseThatAreDocumented) {
  const CurlOptions options;
  EXPECT_EQ(options.connect_timeout, 5s);
  EXPECT_EQ(options.most_wire_bytes, 64u * 1024 * 1024);
  EXPECT_EQ(options.most_body_bytes, 256u * 1024 * 1024);
  EXPECT_EQ(options.most_header_bytes, 64u * 1024);
}

TEST(CurlFault, AnswersThatOnlyAnnounceTheAnswerAreCappedLikeHeaders) {
  std::string announcements;
  for (int i = 0; i < 5000; ++i) announcements += "HTTP/1.1 100 Continue\r\n\r\n";
  const NetworkError error = failure_of(announcements + head("Content-Length: 2\r\n") + "{}");
  EXPECT_EQ(error.what, "the answer's headers are larger than 65,536 bytes");
  EXPECT_TRUE(error.final);
}

TEST(CurlFault, AServerThatOnlyAcceptsIsGivenUpBeforeTheTimeForAnAnswerIsOver) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.read_request();  // says nothing, not even hello
  }};
  CurlOptions options = options_for("https" + server.url().substr(4));
  options.connect_timeout = 100ms;
  options.timeout = 20s;
  CurlTransport transport{options};
  const auto begin = steady_clock::now();
  const NetworkError error = failure(transport, options.base_url + "/page");
  EXPECT_THAT(error.what, HasSubstr("no connection: "));
  EXPECT_FALSE(error.final);
  EXPECT_LT(steady_clock::now() - begin, 5s);
}

TEST(CurlFault, AnAnswerThatTricklesIsGivenUpAlthoughItNeverStops) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.send(head("Content-Length: 1000000\r\n"));
    while (connection.send("x")) std::this_thread::sleep_for(5ms);
  }};
  CurlOptions options = options_for(server.url());
  options.slow_for = 100ms;
  options.slowest = 100'000;
  CurlTransport transport{options};
  EXPECT_THAT(failure(transport, server.url("/page")).what,
              HasSubstr("came slower than 100000 bytes a second"));
}

TEST(CurlFault, ALengthThatIsTooSmallCutsTheAnswerAndNothingElse) {
  RawServer server{sends(head("Content-Length: 10\r\n") + R"({"things":[{"id":1}]})")};
  CurlTransport transport{options_for(server.url())};
  const Finished finished = fetch(transport, server.url("/page"));
  ASSERT_TRUE(finished.result);
  EXPECT_EQ(finished.result->body.text(), R"({"things":)");  // which the decoder refuses
  // What was left over is not taken for the next answer.
  const Finished next = fetch(transport, server.url("/page"));
  ASSERT_TRUE(next.result);
  EXPECT_EQ(next.result->body.text(), R"({"things":)");
}

TEST(CurlFault, OnlyGetIsSentAndNothingTheServerPlanted) {
  std::mutex mutex;
  std::vector<std::string> requests;
  RawServer server{[&](RawConnection& connection) {
    for (;;) {
      std::string request = connection.read_request();
      if (request.empty()) return;
      {
        const std::lock_guard lock{mutex};
        requests.push_back(std::move(request));
      }
      connection.send(head("Set-Cookie: track=1\r\nStrict-Transport-Security: max-age=999\r\n"
                           "Alt-Svc: h2=\"elsewhere.example.com:443\"\r\nRefresh: 0; url=/x\r\n"
                           "Link: </x>; rel=preload\r\nContent-Length: 2\r\n") +
                      "{}");
    }
  }};
  {
    CurlTransport transport{options_for(server.url())};
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(fetch(transport, server.url("/page")).result);
  }
  const std::lock_guard lock{mutex};
  ASSERT_EQ(requests.size(), 3u);
  for (const std::string& request : requests) {
    EXPECT_EQ(request, requests[0]);
    EXPECT_TRUE(request.starts_with("GET /page HTTP/1.1\r\n")) << request;
    for (const char* header :
         {"Cookie", "Content-Length", "Transfer-Encoding", "Referer", "Upgrade"})
      EXPECT_EQ(request.find(header), std::string::npos) << request;
  }
}

TEST(CurlFault, AGzipBombIsGivenUpAtTheCap) {
  CurlOptions options = options_for("");
  options.most_body_bytes = 1'000'000;
  const std::string bomb = gzipped(std::string(20'000'000, ' '));
  ASSERT_LT(bomb.size(), 200'000u);
  const NetworkError error = failure_of(
      head("Content-Encoding: gzip\r\nContent-Length: " + std::to_string(bomb.size()) + "\r\n") +
          bomb,
      options);
  EXPECT_TRUE(error.final);
  EXPECT_EQ(error.what, "the answer is larger than 1,000,000 bytes unpacked; ask for fewer rows");
}

std::string packed_as(std::string_view coding, std::string_view body, std::string_view status) {
  return "HTTP/1.1 " + std::string{status} + "\r\nContent-Encoding: " + std::string{coding} +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

TEST(CurlFault, AGzipThatWasCutIsNoAnswerAlthoughItsLengthIsRight) {
  const std::string packed = gzipped(R"({"things":[{"id":1},{"id":2}]})");
  const NetworkError error =
      failure_of(packed_as("gzip", packed.substr(0, packed.size() - 9), "200 OK"));
  EXPECT_EQ(error.what, "the compressed answer is damaged: it breaks off");
  EXPECT_FALSE(error.final);
}

TEST(CurlFault, ACodingNobodyAskedForIsNamedAndNotGuessedAt) {
  for (const char* coding : {"br", "deflate", "gzip, gzip"}) {
    const NetworkError error = failure_of(packed_as(coding, "{}", "200 OK"));
    EXPECT_EQ(error.what,
              std::string{"the answer is packed as "} + coding + ", which was not asked for");
    EXPECT_FALSE(error.final);
  }
}

TEST(CurlFault, AStatusIsHeardAlsoWhereTheBodyCannotBeRead) {
  for (const auto& [coding, body] : {std::pair{"br", "\x8b"}, std::pair{"gzip", "hello"}}) {
    RawServer server{sends(packed_as(coding, body, "429 Too Many Requests"))};
    CurlTransport transport{options_for(server.url())};
    const Finished finished = fetch(transport, server.url("/page"));
    ASSERT_TRUE(finished.result);
    EXPECT_EQ(finished.result->status, 429);
    EXPECT_TRUE(finished.result->body.empty());
  }
}

TEST(CurlFault, OneAnswerPackedDoesNotMakeTheNextOneSo) {
  std::vector<std::string> answers{packed_as("identity", "{}", "200 OK"),
                                   packed_as("gzip", gzipped("[1]"), "200 OK"),
                                   head("Content-Length: 2\r\n") + "{}"};
  std::size_t next = 0;
  RawServer server{[&](RawConnection& connection) {
    while (!connection.read_request().empty()) connection.send(answers[next++ % answers.size()]);
  }};
  CurlTransport transport{options_for(server.url())};
  for (const char* text : {"{}", "[1]", "{}", "{}", "[1]"}) {
    const Finished finished = fetch(transport, server.url("/page"));
    ASSERT_TRUE(finished.result);
    EXPECT_EQ(finished.result->body.text(), text);
  }
}

TEST(CurlFault, ABodyIsCappedWhetherItSaysItsLengthOrNot) {
  CurlOptions options = options_for("");
  options.most_wire_bytes = 1000;
  std::string chunks;
  for (int i = 0; i < 100; ++i) chunks += "64\r\n" + std::string(100, 'x') + "\r\n";
  for (const std::string& bytes : {head("Content-Length: 1001\r\n") + std::string(1001, 'x'),
                                   head("Transfer-Encoding: chunked\r\n") + chunks + "0\r\n\r\n",
                                   head("Connection: close\r\n") + std::string(100'000, 'x')}) {
    const NetworkError error = failure_of(bytes, options);
    EXPECT_TRUE(error.final);
    EXPECT_EQ(error.what, "the answer is larger than 1,000 bytes; ask for fewer rows");
  }
}

TEST(CurlFault, AServerThatDoesNotAnswerIsGivenUp) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.read_request();  // until the client hangs up
  }};
  CurlOptions options = options_for(server.url());
  options.timeout = 100ms;
  CurlTransport transport{options};
  const NetworkError error = failure(transport, server.url("/page"));
  EXPECT_EQ(error.what, "no answer within 0.1 s");
  EXPECT_FALSE(error.final);
}

TEST(CurlFault, AnAnswerThatStopsHalfwayIsGivenUp) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.send(head("Content-Length: 4000\r\n") + std::string(1000, 'x'));
    connection.read_request();
  }};
  CurlOptions options = options_for(server.url());
  options.slow_for = 50ms;
  options.slowest = 1'000'000;
  CurlTransport slow{options};
  EXPECT_EQ(failure(slow, server.url("/page")).what,
            "the answer came slower than 1000000 bytes a second, 1,000 of 4,000 bytes arrived");

  options.slow_for = 10s;
  options.timeout = 200ms;
  CurlTransport late{options};
  EXPECT_EQ(failure(late, server.url("/page")).what,
            "timeout after 0.2 s, 1,000 of 4,000 bytes arrived");
}

TEST(CurlFault, NobodyListeningIsAnErrorInPlainWords) {
  std::optional<RawServer> server{std::in_place, sends("")};
  const std::string url = server->url();
  server.reset();
  CurlTransport transport{options_for(url)};
  const NetworkError error = failure(transport, url + "/page");
  EXPECT_FALSE(error.final);
  EXPECT_THAT(error.what, HasSubstr("connect"));
}

TEST(CurlFault, ARequestIsNotRepeatedBehindTheClientsBack) {
  // libcurl would send the second request again over a new connection, uncounted.
  std::atomic<int> requests{0};
  RawServer server{[&](RawConnection& connection) {
    if (connection.read_request().empty()) return;
    ++requests;
    connection.send(head("Content-Length: 2\r\n") + "{}");
    if (!connection.read_request().empty()) ++requests;
  }};
  CurlTransport transport{options_for(server.url())};
  ASSERT_TRUE(fetch(transport, server.url("/1")).result);
  const NetworkError error = failure(transport, server.url("/2"));
  EXPECT_EQ(error.what, "the server closed the connection instead of answering");
  EXPECT_FALSE(error.final);
  EXPECT_EQ(requests, 2);
  EXPECT_TRUE(fetch(transport, server.url("/3")).result);
}

TEST(CurlFault, TheAnswerCountsFromItsFirstByte) {
  std::promise<void> head_sent, send_body;
  auto may_send_body = send_body.get_future();
  RawServer server{[&](RawConnection& connection) {
    connection.read_request();
    connection.send(head("Content-Length: 2\r\n"));
    head_sent.set_value();
    may_send_body.wait_for(20s);
    connection.send("{}");
  }};
  CurlTransport transport{options_for(server.url())};
  const auto sent = steady_clock::now();
  transport.start(1, {server.url("/page"), "page"});
  auto head_is_sent = head_sent.get_future();
  while (head_is_sent.wait_for(0s) != std::future_status::ready)
    ASSERT_FALSE(transport.wait(steady_clock::now() + 1ms));
  ASSERT_FALSE(transport.wait(steady_clock::now() + 5ms));  // reads the head
  const auto body_not_sent_yet = steady_clock::now();
  send_body.set_value();
  const auto finished = transport.wait(patience());
  ASSERT_TRUE(finished && finished->result);
  EXPECT_GE(finished->answered, sent);
  EXPECT_LE(finished->answered, body_not_sent_yet);
}

}  // namespace
}  // namespace callrail
