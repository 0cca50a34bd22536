#include "raw_server.hpp"

#include <callrail/media_transport.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace callrail {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

CurlMediaOptions here() {
  CurlMediaOptions options;
  options.user_agent = "callrail-batch/0.1.0";
  options.plain_http = true;
  return options;
}

struct Got {
  std::expected<MediaHead, NetworkError> head = MediaHead{};
  std::string bytes;
  std::string error() const { return head ? "it worked" : head.error().what; }
};

Got get(
    MediaTransport& transport, const MediaAsk& ask,
    const MediaTransport::Stop& stop = [] { return false; }) {
  Got got;
  got.head = transport.get(
      ask,
      [&](const MediaHead&, std::string_view bytes) {
        got.bytes += bytes;
        return true;
      },
      stop);
  return got;
}

Got answered(std::string_view response, const std::string& path = "/a?signature=secret") {
  RawServer server{[&](RawConnection& connection) {
    connection.read_request();
    connection.send(response);
  }};
  CurlMediaTransport transport{here()};
  return get(transport, {server.url(path), "audio/mpeg"});
}

TEST(CurlMediaTransport, SendsNoKeyNoCookieAndNoReferrer) {
  std::string request;
  RawServer server{[&](RawConnection& connection) {
    request = connection.read_request();
    connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nSet-Cookie: a=b\r\nContent-Length: "
        "5\r\nConnection: close\r\n\r\nID3!!");
  }};
  CurlMediaTransport transport{here()};
  for (int i = 0; i < 2; ++i) {
    const Got got = get(transport, {server.url("/a?signature=x"), "audio/mpeg"});
    ASSERT_TRUE(got.head) << got.error();
    EXPECT_EQ(got.bytes, "ID3!!");
    EXPECT_EQ(got.head->status, 200);
    EXPECT_EQ(got.head->content_type, "audio/mpeg");
    EXPECT_EQ(got.head->announced, 5u);
    EXPECT_THAT(request, StartsWith("GET /a?signature=x HTTP/1.1\r\n"));
    EXPECT_THAT(request, AllOf(Not(HasSubstr("Authorization")), Not(HasSubstr("Cookie")),
                               Not(HasSubstr("Referer")), Not(HasSubstr("Accept-Encoding"))));
    EXPECT_THAT(request, AllOf(HasSubstr("Accept: audio/mpeg"), HasSubstr("callrail-batch/")));
  }
}

TEST(CurlMediaTransport, DoesNotFollowARedirectAndTellsWhereItLeads) {
  const Got got = answered(
      "HTTP/1.1 302 Found\r\nLocation: https://b.example.com/c?d=1\r\nContent-Length: "
      "5\r\n\r\nmoved");
  ASSERT_TRUE(got.head) << got.error();
  EXPECT_EQ(got.head->status, 302);
  EXPECT_EQ(got.head->location, "https://b.example.com/c?d=1");
  EXPECT_EQ(got.bytes, "");
}

TEST(CurlMediaTransport, GivesNoBytesOfARefusal) {
  const Got got = answered("HTTP/1.1 403 Forbidden\r\nContent-Length: 8\r\n\r\n<Error/>");
  ASSERT_TRUE(got.head) << got.error();
  EXPECT_EQ(got.head->status, 403);
  EXPECT_EQ(got.bytes, "");
}

TEST(CurlMediaTransport, GivesNoBytesOfAPart) {
  const Got got = answered("HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nID3");
  ASSERT_TRUE(got.head) << got.error();
  EXPECT_EQ(got.head->status, 206);
  EXPECT_EQ(got.bytes, "");
}

Got rest(std::string_view response, std::string& request) {
  RawServer server{[&](RawConnection& connection) {
    request = connection.read_request();
    connection.send(response);
  }};
  CurlMediaTransport transport{here()};
  return get(transport, {server.url(), "audio/mpeg", 3, "\"v1\""});
}

TEST(CurlMediaTransport, AsksForTheRestOfWhatItHas) {
  std::string request;
  const Got got = rest(
      "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes "
      "3-4/5\r\nContent-Length: "
      "2\r\n\r\n!!",
      request);
  ASSERT_TRUE(got.head) << got.error();
  EXPECT_THAT(request,
              AllOf(HasSubstr("\r\nRange: bytes=3-\r\n"), HasSubstr("\r\nIf-Range: \"v1\"\r\n")));
  EXPECT_EQ(got.bytes, "!!");
  EXPECT_EQ(got.head->first, 3u);
  EXPECT_EQ(got.head->whole, 5u);
  EXPECT_EQ(got.head->version, "\"v1\"");
  EXPECT_FALSE(rest("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-4/5\r\nContent-Length: "
                    "2\r\n\r\n!",
                    request)
                   .head)
      << "cut once more";
}

TEST(CurlMediaTransport, KnowsNoPartWhereItsPlaceMakesNoSense) {
  for (const char* range : {"", "bytes 3-4/*", "bytes */5", "bytes 3-3/5", "bytes 4-3/5",
                            "bytes 3-4/5, 6-7/8", "lines 3-4/5", "bytes 3-4/5x", "bytes -3-4/5",
                            "bytes 3-5/6", "bytes 99999999999999999999-4/5"}) {
    std::string request;
    const Got got = rest("HTTP/1.1 206 Partial Content\r\nContent-Range: " + std::string{range} +
                             "\r\nContent-Length: 2\r\n\r\n!!",
                         request);
    ASSERT_TRUE(got.head) << got.error();
    EXPECT_FALSE(got.head->first) << range;
  }
}

TEST(CurlMediaTransport, KnowsThatAnAnswerCanBeGoneOnWithOnlyIfItSaysSo) {
  const std::pair<const char*, const char*> answers[] = {
      {"Accept-Ranges: bytes\r\nETag: \"v1\"\r\n", "\"v1\""},
      {"Accept-Ranges: bytes\r\nETag: W/\"v1\"\r\n", ""},
      {"Accept-Ranges: none\r\nETag: \"v1\"\r\n", ""},
      {"ETag: \"v1\"\r\n", ""},
      {"Accept-Ranges: bytes\r\n", ""}};
  for (const auto& [headers, version] : answers) {
    const Got got =
        answered("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" + std::string{headers} + "\r\nID3");
    ASSERT_TRUE(got.head) << got.error();
    EXPECT_EQ(got.head->version, version) << headers;
  }
}

TEST(CurlMediaTransport, FailsWhereAnAnswerIsCutOrDoesNotSayWhereItEnds) {
  const Got cut = answered("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nID3");
  EXPECT_FALSE(cut.head);
  const Got chunk = answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nID3");
  EXPECT_FALSE(chunk.head);
  const Got headers = answered("HTTP/1.1 200 OK\r\nContent-Ty");
  EXPECT_FALSE(headers.head);
  EXPECT_FALSE(answered("").head);
  const Got endless = answered("HTTP/1.1 200 OK\r\n\r\nID3");
  ASSERT_FALSE(endless.head);
  EXPECT_THAT(endless.error(), HasSubstr("how long it is"));
  const Got whole =
      answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nID3\r\n0\r\n\r\n");
  ASSERT_TRUE(whole.head) << whole.error();
  EXPECT_EQ(whole.bytes, "ID3");
  for (const Got* got : {&cut, &chunk, &headers, &endless})
    EXPECT_THAT(got->error(), Not(HasSubstr("secret")));
}

TEST(CurlMediaTransport, RefusesWhatIsPacked) {
  const Got got = answered(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08");
  ASSERT_FALSE(got.head);
  EXPECT_THAT(got.error(), HasSubstr("packed as gzip"));
  EXPECT_TRUE(got.head.error().final);
}

TEST(CurlMediaTransport, EndsWhereTheTakerOrTheUserHasEnough) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nID3");
    connection.read_request();  // until the other side hangs up
  }};
  CurlMediaTransport transport{here()};
  int stopped = 0;
  EXPECT_FALSE(get(transport, {server.url(), "audio/mpeg"}, [&] { return ++stopped > 1; }).head);
  const auto refused = transport.get(
      {server.url(), "audio/mpeg"}, [](const MediaHead&, std::string_view) { return false; },
      [] { return false; });
  EXPECT_FALSE(refused);
}

TEST(CurlMediaTransport, GivesUpAnAnswerThatTrickles) {
  RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nID3");
    connection.read_request();
  }};
  CurlMediaOptions options = here();
  options.slow_for = std::chrono::seconds{1};
  CurlMediaTransport transport{options};
  const Got got = get(transport, {server.url(), "audio/mpeg"});
  ASSERT_FALSE(got.head);
  EXPECT_FALSE(got.head.error().final);
}

TEST(CurlMediaTransport, AsksInTheClearOnlyThisMachineAndOnlyIfItMay) {
  int asked = 0;
  RawServer server{[&](RawConnection& connection) {
    ++asked;
    connection.read_request();
  }};
  CurlMediaOptions options = here();
  options.plain_http = false;
  CurlMediaTransport strict{options}, local{here()};
  EXPECT_THAT(get(strict, {server.url(), "audio/mpeg"}).error(), HasSubstr("plain http"));
  EXPECT_THAT(get(local, {"http://storage.example.net/a", "audio/mpeg"}).error(),
              HasSubstr("plain http"));
  EXPECT_THAT(get(local, {"file:///etc/passwd", "audio/mpeg"}).error(), HasSubstr("https://"));
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace callrail
