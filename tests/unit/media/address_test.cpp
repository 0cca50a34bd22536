#include "address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Url api = *parse_url("https://api.example.com");
const Url local_api = *parse_url("http://127.0.0.1:8080");
constexpr std::string_view key = "0123456789abcdef0123456789abcdef";

std::string refusal(std::string_view address, const Url& base = api) {
  const auto checked = check_media_address(address, base, key);
  return checked ? "" : checked.error().what;
}

TEST(MediaAddress, MayBeOnAnyHostThatIsAskedPrivately) {
  EXPECT_EQ(refusal("https://storage.example.net/a.mp3?signature=x"), "");
  EXPECT_EQ(refusal("https://api.example.com/v1/b/songs/s/tape"), "");
  EXPECT_THAT(refusal("http://storage.example.net/a.mp3"), HasSubstr("plain http"));
  EXPECT_THAT(refusal("ftp://storage.example.net/a.mp3"), HasSubstr("https://"));
  EXPECT_THAT(refusal("file:///etc/passwd"), Not(""));
  EXPECT_THAT(refusal("not an address"), Not(""));
}

TEST(MediaAddress, HoldsNeitherAUserNameNorTheKey) {
  EXPECT_THAT(refusal("https://user:secret@storage.example.net/a.mp3"),
              AllOf(HasSubstr("user name or password"), Not(HasSubstr("secret"))));
  EXPECT_THAT(refusal("https://storage.example.net/a.mp3?token=" + std::string{key}),
              AllOf(HasSubstr("holds the API key"), Not(HasSubstr(key))));
}

TEST(MediaAddress, IsOnThisMachineOnlyIfTheApiIs) {
  EXPECT_THAT(refusal("https://localhost/a.mp3"), HasSubstr("this machine"));
  EXPECT_THAT(refusal("http://127.0.0.1:1/a.mp3"), HasSubstr("this machine"));
  EXPECT_EQ(refusal("http://localhost:8080/a.mp3", local_api), "");
  EXPECT_THAT(refusal("http://storage.example.net/a.mp3", local_api), HasSubstr("plain http"));
}

TEST(MediaAddress, OfARedirectMayBeAPathOnTheSameHost) {
  const Url url = *parse_url("https://a.example.com:8443/x/y?z=1");
  EXPECT_EQ(where_it_leads(url, "/b.mp3?c=1"), "https://a.example.com:8443/b.mp3?c=1");
  EXPECT_EQ(where_it_leads(url, "//b.example.com/c"), "https://b.example.com/c");
  EXPECT_EQ(where_it_leads(url, "https://b.example.com/c"), "https://b.example.com/c");
  EXPECT_EQ(where_it_leads(*parse_url("https://a.example.com/x"), "/b"), "https://a.example.com/b");
}

TEST(MediaAddress, IsTheTextOfOneMemberOfAnAnswer) {
  EXPECT_EQ(text_member(R"( {"id":1,"url":"https:\/\/a.example.com\/b"} )", "url"),
            "https://a.example.com/b");
  EXPECT_EQ(text_member(R"({"url":null})", "url"), "");
  EXPECT_EQ(text_member(R"({"other":"x"})", "url"), "");
  EXPECT_EQ(text_member(R"(["url"])", "url"), "");
  EXPECT_EQ(text_member(R"({"url":"cut)", "url"), "");
  EXPECT_EQ(text_member("ID3\x04", "url"), "");
  EXPECT_EQ(text_member("", "url"), "");
}

}  // namespace
}  // namespace callrail
