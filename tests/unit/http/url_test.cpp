#include <callrail/url.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, HasSchemeHostPortAndTarget) {
  const auto url = parse_url("HTTPS://API.Example.com:8443/v3/a.json?page=2&x[]=1");
  ASSERT_TRUE(url) << url.error().what;
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/v3/a.json?page=2&x[]=1");
  EXPECT_EQ(parse_url("https://example.com?a=b")->target, "/?a=b");
  EXPECT_EQ(parse_url("http://[::1]:81/x")->host, "[::1]");
  EXPECT_EQ(parse_url("http://[::1]:81/x")->port, 81);
}

TEST(Url, IsRefusedIfTwoReadersCouldSeeTwoHosts) {
  for (const char* wrong : {"",
                            "example.com",
                            "/v3/a.json",
                            "ftp://example.com",
                            "file:///etc/passwd",
                            "https://",
                            "https://api.example.com@evil.example/",
                            "https://a:b@example.com/",
                            "https://example.com\\@evil.example",
                            "https://example.com:0/",
                            "https://example.com:99999/",
                            "https://example.com:8x/",
                            "https://example.com:/",
                            "https://exa mple.com/",
                            "https://example.com/a b",
                            "https://example.com/\n",
                            "https://ex\xc3\xa4mple.com/",
                            "https://example.com/#x",
                            "https://[::1/",
                            "https://[zz]/",
                            "https://exam%70le.com/",
                            "https://a,b/"})
    EXPECT_FALSE(parse_url(wrong)) << wrong;
}

TEST(Url, DoesNotRepeatAPasswordInItsError) {
  EXPECT_THAT(parse_url("https://user:hunter2@example.com/").error().what,
              Not(HasSubstr("hunter2")));
}

TEST(SameOrigin, ComparesSchemeHostAndPort) {
  EXPECT_TRUE(same_origin("https://example.com/v3", "https://EXAMPLE.com:443/other?x"));
  EXPECT_FALSE(same_origin("https://example.com/", "http://example.com/"));
  EXPECT_FALSE(same_origin("https://example.com/", "https://example.com:8443/"));
  EXPECT_FALSE(same_origin("https://example.com/", "https://example.com.evil.example/"));
  EXPECT_FALSE(same_origin("https://example.com/", "https://example.com@evil.example/"));
  EXPECT_FALSE(same_origin("nonsense", "nonsense"));
}

TEST(Loopback, IsOnlyWhatEverybodyReadsAsThisMachine) {
  for (const char* yes : {"localhost", "127.0.0.1", "127.255.3.4", "[::1]"})
    EXPECT_TRUE(is_loopback(yes)) << yes;
  for (const char* no :
       {"", "127.1", "127.0.0.01", "127.0.0.256", "127.0.0.1.", "127.0.0.1.example.com",
        "128.0.0.1", "0.0.0.0", "2130706433", "0x7f.0.0.1", "localhost.example.com", "[::2]"})
    EXPECT_FALSE(is_loopback(no)) << no;
}

TEST(BaseUrl, LosesTheVersionAndTheSlashUsersAdd) {
  EXPECT_EQ(check_base_url("https://api.example.com"), "https://api.example.com");
  EXPECT_EQ(check_base_url("https://api.example.com/"), "https://api.example.com");
  EXPECT_EQ(check_base_url("https://api.example.com/v3"), "https://api.example.com");
  EXPECT_EQ(check_base_url(" https://API.example.com:443/v3// "), "https://api.example.com");
  EXPECT_EQ(check_base_url("http://localhost:8080/fake/v3/"), "http://localhost:8080/fake");
  EXPECT_EQ(check_base_url("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(check_base_url("https://example.com/v3/v3/"), "https://example.com");
  EXPECT_EQ(check_base_url("https://example.com/version"), "https://example.com/version");
}

TEST(BaseUrl, IsPlainHttpOnlyOnThisMachine) {
  const auto base = check_base_url("http://api.example.com");
  ASSERT_FALSE(base);
  EXPECT_EQ(base.error().code, Code::bad_request);
  EXPECT_THAT(base.error().what, HasSubstr("write https://"));
  EXPECT_FALSE(check_base_url("http://127.1:8080"));
  EXPECT_FALSE(check_base_url("https://example.com/?key=1"));
  EXPECT_FALSE(check_base_url("api.example.com"));
  EXPECT_FALSE(check_base_url(""));
}

TEST(MakeUrl, EncodesNamesAndValues) {
  EXPECT_EQ(make_url("https://example.com", "/v3/a.json"), "https://example.com/v3/a.json");
  EXPECT_EQ(
      make_url("https://example.com", "/v3/a.json", {{"fields", "id,name"}, {"tags[]", "a b&c=ü"}}),
      "https://example.com/v3/a.json?fields=id%2Cname&tags%5B%5D=a%20b%26c%3D%C3%BC");
  EXPECT_EQ(make_url("https://example.com", "/x?a=1", {{"b", "2"}}),
            "https://example.com/x?a=1&b=2");
}

TEST(EncodeSegment, KeepsAValueInItsPlaceInThePath) {
  EXPECT_EQ(encode_segment("ACC0123abc"), "ACC0123abc");
  EXPECT_EQ(encode_segment("../x?y"), "..%2Fx%3Fy");
  EXPECT_EQ(encode_segment(".."), "%2E%2E");
  EXPECT_EQ(encode_segment("."), "%2E");
}

}  // namespace
}  // namespace callrail
