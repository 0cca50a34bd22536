#include "fake_test.hpp"

#include <callrail/fake/gzip.hpp>
#include <callrail/fake/http_text.hpp>
#include <callrail/fake/server.hpp>

#include <zlib.h>

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace callrail::fake {
namespace {

using testing::HasSubstr;

/// What a client sees: the bytes until the server ends the connection, and how it ended it.
struct Heard {
  std::string bytes;
  int error = 0;  ///< errno of the last read; 0: closed in good order

  std::string body() const {
    const auto end = bytes.find("\r\n\r\n");
    return end == std::string::npos ? "" : bytes.substr(end + 4);
  }
};

class Socket : public Fake {
 protected:
  void serve(FakeOptions options) {
    server_.reset();  // before the fake it answers from
    FakeApi& fake = start(std::move(options));
    server_ = std::make_unique<FakeServer>(fake, [] { return noon; });
    const Status listening = server_->listen(0);
    ASSERT_TRUE(listening) << listening.error().what;
  }
  void serve_with_fault(const char* fault) {
    FakeOptions options = plain_options();
    options.faults.push_back(*read_fault(fault, test::small_api));
    serve(std::move(options));
  }
  FakeServer& server() { return *server_; }

  int connected() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  Heard hear(const std::string& target, const std::string& headers = "Connection: close\r\n") {
    const int fd = connected();
    const std::string request = "GET " + filled(target) +
                                " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                "Authorization: Token token=\"fake-key\"\r\n" +
                                headers + "\r\n";
    EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    Heard heard;
    char bytes[65536];
    while (true) {
      const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
      if (got < 0) heard.error = errno;
      if (got <= 0) break;
      heard.bytes.append(bytes, static_cast<std::size_t>(got));
    }
    close(fd);
    return heard;
  }

 private:
  std::unique_ptr<FakeServer> server_;
};

std::string unpacked(const std::string& packed) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string in = packed, out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.total_out == out.size()) out.resize(out.size() * 2);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + stream.total_out);
    stream.avail_out = static_cast<uInt>(out.size() - stream.total_out);
    state = inflate(&stream, Z_NO_FLUSH);
  }
  out.resize(state == Z_STREAM_END ? stream.total_out : 0);
  inflateEnd(&stream);
  return out;
}

TEST_F(Socket, AnswersWhatTheLibraryAnswers) {
  serve(plain_options());
  const Heard heard = hear("/v3/a.json");
  EXPECT_THAT(heard.bytes, HasSubstr("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(heard.body(), ask("/v3/a.json").body);
  EXPECT_EQ(heard.error, 0);
}

TEST_F(Socket, KeepsConnectionsOpenForTheNextRequest) {
  serve(plain_options());
  const int fd = connected();
  const std::string two =
      "GET /v3/a.json HTTP/1.1\r\nHost: x\r\n\r\nGET /v3/a.json HTTP/1.1\r\nConnection: "
      "close\r\n\r\n";
  ASSERT_EQ(send(fd, two.data(), two.size(), MSG_NOSIGNAL), static_cast<ssize_t>(two.size()));
  std::string all;
  char bytes[4096];
  for (ssize_t got = 0; (got = recv(fd, bytes, sizeof bytes, 0)) > 0;)
    all.append(bytes, static_cast<std::size_t>(got));
  close(fd);
  EXPECT_EQ(all.find("401"), 9U);
  EXPECT_NE(all.find("401", 20), std::string::npos);
}

TEST_F(Socket, PacksWithGzipWhenAskedAndNeverOtherwise) {
  serve(plain_options());
  const std::string target = "/v3/a/{shop}/visits.json?start_date=2025-01-01";
  const Heard packed = hear(target, "Accept-Encoding: br, gzip;q=0.5\r\nConnection: close\r\n");
  EXPECT_THAT(packed.bytes, HasSubstr("Content-Encoding: gzip\r\n"));
  const Heard plain = hear(target, "Accept-Encoding: br\r\nConnection: close\r\n");
  EXPECT_THAT(plain.bytes, testing::Not(HasSubstr("Content-Encoding")));
  EXPECT_EQ(unpacked(packed.body()), plain.body());
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_TRUE(accepts_gzip("deflate, GZIP"));
}

TEST_F(Socket, ResetsBeforeAndInTheBody) {
  serve_with_fault("visits:1=reset");
  const Heard none = hear("/v3/a/{shop}/visits.json");
  EXPECT_EQ(none.bytes, "");
  EXPECT_EQ(none.error, ECONNRESET);
  serve_with_fault("visits:1=reset-in-body");
  const Heard half = hear("/v3/a/{shop}/visits.json?start_date=2025-01-01");
  EXPECT_GT(half.body().size(), 1000U);
  EXPECT_EQ(half.error, ECONNRESET);
}

TEST_F(Socket, LiesAboutLengths) {
  const auto length = [](const Heard& heard) {
    const auto place = heard.bytes.find("Content-Length: ");
    return place == std::string::npos ? 0UL : std::stoul(heard.bytes.substr(place + 16));
  };
  serve_with_fault("visits:1=short-body");
  const Heard cut = hear("/v3/a/{shop}/visits.json");
  EXPECT_EQ(cut.body().size(), length(cut) / 2);
  serve_with_fault("visits:1=wrong-length");
  const Heard wrong = hear("/v3/a/{shop}/visits.json");
  EXPECT_EQ(wrong.body().size() / 2, length(wrong));
  serve_with_fault("visits:1=bad-chunk");
  const Heard chunk = hear("/v3/a/{shop}/visits.json");
  EXPECT_THAT(chunk.bytes, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(chunk.bytes, testing::EndsWith("\r\nno size\r\n"));
}

TEST_F(Socket, StallsAndTrickles) {
  serve_with_fault("visits:1=stall:30ms");
  const Heard stalled = hear("/v3/a/{shop}/visits.json");
  EXPECT_LT(stalled.body().size(), ask("/v3/a/{shop}/visits.json").body.size());
  serve_with_fault("shops:1=slow:0ms");
  EXPECT_EQ(hear("/v3/a.json").body(), ask("/v3/a.json").body);
}

TEST_F(Socket, IsStoppedInTheMiddleOfADelay) {
  FakeOptions options = plain_options();
  options.delay = std::chrono::hours{1};
  serve(std::move(options));
  const int fd = connected();
  const std::string request = "GET /v3/a.json HTTP/1.1\r\n\r\n";
  ASSERT_GT(send(fd, request.data(), request.size(), MSG_NOSIGNAL), 0);
  server().stop();
  char byte;
  EXPECT_LE(recv(fd, &byte, 1, 0), 0);
  close(fd);
}

TEST_F(Socket, RefusesAPortThatIsTaken) {
  serve(plain_options());
  FakeServer second{api(), [] { return noon; }};
  EXPECT_THAT(second.listen(server().port()).error().what, HasSubstr("choose another with --port"));
}

TEST_F(Socket, UnpacksItsBombToWhatItPromises) {
  EXPECT_EQ(unpacked(gzip_bomb(3)), std::string(3 << 20, ' '));
  EXPECT_LT(gzip_bomb(3).size(), 100'000U);
}

TEST(HttpText, IsReadWithCare) {
  const auto head =
      read_head("GET /v3/a%2Bb.json?x=1%202&y=a+b HTTP/1.1\r\nHost:  h \r\nconnection: close\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->ask.path, "/v3/a+b.json");
  EXPECT_EQ(*head->ask.find("x"), "1 2");
  EXPECT_EQ(*head->ask.find("y"), "a b");
  EXPECT_EQ(head->ask.header("HOST"), "h");
  EXPECT_FALSE(head->keep_alive);
  for (const char* wrong :
       {"", "GET", "GET / ", "GET x HTTP/1.1\r\n", "GET / HTTP/1.1\r\nno colon\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n", "\x16\x03\x01 junk"})
    EXPECT_FALSE(read_head(wrong)) << wrong;
}

}  // namespace
}  // namespace callrail::fake
