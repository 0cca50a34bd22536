#include "http/content_coding.hpp"

#include "gzip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace callrail {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t plenty = 1u << 28;

std::expected<Body, NetworkError> unpack(std::string_view packed, std::uint64_t most = plenty) {
  Inflater inflater;
  return unpack_gzip(inflater, packed, most);
}

/// What is wrong with it, in the words a user gets.
std::string complaint(std::string_view packed, std::uint64_t most = plenty) {
  const auto body = unpack(packed, most);
  return body ? "nothing" : body.error().what;
}

std::string page_of(std::size_t size) {
  std::mt19937 random{1};
  std::string text = R"({"calls":[)";
  while (text.size() < size) text += "{\"id\":" + std::to_string(random()) + "},";
  return text;
}

std::string with_size(std::string packed, std::uint32_t size) {
  for (std::size_t i = 0; i < 4; ++i)
    packed[packed.size() - 4 + i] = static_cast<char>(size >> (8 * i) & 0xff);
  return packed;
}

TEST(ContentCoding, KnowsGzipByItsNames) {
  for (const char* header : {"gzip", "x-gzip", "GZIP", " gzip ", "identity, gzip", "gzip,"})
    EXPECT_EQ(coding_of(header), Coding::gzip) << header;
  for (const char* header : {"", "identity", "Identity", " , "})
    EXPECT_EQ(coding_of(header), Coding::none) << header;
  EXPECT_EQ(coding_of(std::nullopt), Coding::none);
  for (const char* header : {"br", "zstd", "deflate", "gzip, gzip", "gzip, br", "gzipp", "\x01"})
    EXPECT_EQ(coding_of(header), Coding::unknown) << header;
}

TEST(GzipBody, IsUnpackedWhateverItsSize) {
  for (const std::size_t size : {0u, 1u, 100u, 16384u, 300'000u, 2'000'000u}) {
    const std::string text = size < 100 ? std::string(size, 'x') : page_of(size);
    const auto body = unpack(gzipped(text));
    ASSERT_TRUE(body) << size;
    EXPECT_EQ(body->text(), text);
  }
}

TEST(GzipBody, HasPaddingOfZerosBehindIt) {
  const auto body = unpack(gzipped(page_of(5000)));
  ASSERT_TRUE(body);
  const char* const end = body->text().data() + body->size();
  EXPECT_EQ(std::string_view(end, Body::padding), std::string(Body::padding, '\0'));
}

TEST(GzipBody, MayHaveSeveralMembers) {
  const auto body = unpack(gzipped("{\"a\":") + gzipped("") + gzipped(page_of(50'000)));
  ASSERT_TRUE(body);
  EXPECT_EQ(body->text(), "{\"a\":" + page_of(50'000));
}

TEST(GzipBody, ThatIsCutAnywhereIsDamagedAndMayComeWholeNextTime) {
  const std::string packed = gzipped(page_of(2000));
  for (std::size_t size = 1; size < packed.size(); ++size) {
    const auto body = unpack(packed.substr(0, size));
    ASSERT_FALSE(body) << size;
    EXPECT_EQ(body.error().what, "the compressed answer is damaged: it breaks off") << size;
    EXPECT_FALSE(body.error().final);
    EXPECT_EQ(body.error().code, Code::try_later);
  }
}

TEST(GzipBody, NeverGivesOtherTextThanWasPacked) {
  const std::string packed = gzipped(page_of(2000));
  std::size_t damaged = 0;
  for (std::size_t at = 10; at < packed.size(); ++at) {
    std::string changed = packed;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    const auto body = unpack(changed);
    if (body)
      EXPECT_EQ(body->text(), page_of(2000)) << at;  // a bit that means nothing
    else
      EXPECT_THAT(body.error().what, HasSubstr("the compressed answer is damaged: ")) << at;
    damaged += body ? 0 : 1;
  }
  EXPECT_GE(damaged, packed.size() - 12);
}

TEST(GzipBody, ThatIsNoneIsDamaged) {
  EXPECT_EQ(complaint("hello"), "the compressed answer is damaged: incorrect header check");
}

TEST(GzipBody, IsFollowedByNothing) {
  EXPECT_EQ(complaint(gzipped("{}") + "{}"),
            "the compressed answer is damaged: 2 bytes follow its end");
  EXPECT_EQ(complaint(gzipped("{}") + std::string(1234, '\0')),
            "the compressed answer is damaged: 1,234 bytes follow its end");
  EXPECT_EQ(complaint(gzipped("{}") + "\x1f\x8b"),
            "the compressed answer is damaged: it breaks off");
}

TEST(GzipBody, ThatLiesAboutItsSizeIsDamaged) {
  const std::string packed = gzipped(page_of(100'000));
  for (const std::uint32_t size : {0u, 1u, 99'999u, 200'000u, 0x7fff'ffffu, 0xffff'ffffu})
    EXPECT_EQ(complaint(with_size(packed, size)),
              "the compressed answer is damaged: incorrect length check")
        << size;
}

TEST(GzipBody, IsCappedWhateverItSaysAboutItsSize) {
  const std::string text(1'000'000, ' ');
  const std::string bomb = gzipped(text);
  EXPECT_EQ(complaint(bomb, 1'000'000), "nothing");
  for (const std::string& packed : {bomb, with_size(bomb, 10), with_size(bomb, 0xffff'ffffu)}) {
    const auto body = unpack(packed, 999'999);
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().what,
              "the answer is larger than 999,999 bytes unpacked; ask for fewer rows");
    EXPECT_TRUE(body.error().final);
    EXPECT_EQ(body.error().code, Code::bad_answer);
  }
}

TEST(GzipBody, IsCappedOverAllItsMembers) {
  std::string packed;
  for (int i = 0; i < 10; ++i) packed += gzipped(std::string(100'000, ' '));
  EXPECT_EQ(complaint(packed, 1'000'000), "nothing");
  EXPECT_THAT(complaint(packed, 999'999), HasSubstr("larger than 999,999 bytes unpacked"));
}

}  // namespace
}  // namespace callrail
