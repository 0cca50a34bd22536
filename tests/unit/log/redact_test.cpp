#include <callrail/redact.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace callrail {
namespace {

// An invented key, spelled with letters that no hexadecimal id has.
const std::string key = "kQ7zPwLm3vTxRy9nHsJg";

Redaction with_key() { return {.key = key, .secret_names = {"door_code"}, .mask_people = true}; }
std::string clean(std::string_view text) { return redact(text, with_key()); }

TEST(Redaction, HidesTheKeyWhereverItStands) {
  EXPECT_EQ(clean("Token token=" + key), "Token token=[key]");
  EXPECT_EQ(clean("a" + key + "b"), "a[key]b");
  EXPECT_EQ(clean(key + key), "[key]");
}

TEST(Redaction, HidesTheBeginningAndTheEndOfTheKeyToo) {
  EXPECT_EQ(clean("starts with " + key.substr(0, 5)), "starts with [key]");
  EXPECT_EQ(clean("ends in " + key.substr(key.size() - 5) + "."), "ends in [key].");
  EXPECT_EQ(clean("cut: " + key.substr(0, 13)), "cut: [key]");
  EXPECT_EQ(clean("middle: " + key.substr(6, 9)), "middle: [key]");
}

TEST(Redaction, LeavesFourCharactersOfTheKeyAlone) {
  EXPECT_EQ(clean("word " + key.substr(0, 4)), "word " + key.substr(0, 4));
}

TEST(Redaction, HidesAShortKeyWhole) {
  EXPECT_EQ(redact("key abc.", {.key = "abc", .secret_names = {}}), "key [key].");
}

TEST(Redaction, HidesTheValuesOfParametersThatAreCredentials) {
  EXPECT_EQ(clean("https://example.com/a?access_key=9f8e7d&page=2"),
            "https://example.com/a?access_key=[hidden]&page=2");
  EXPECT_EQ(clean("access_key%3D9f8e7d%26page"), "access_key%3D[hidden]%26page");
  EXPECT_EQ(clean("?key=9f8e7d"), "?key=[hidden]");
  EXPECT_EQ(clean("client-secret = abc, page = 3"), "client-secret = [hidden], page = 3");
}

TEST(Redaction, HidesTheValuesOfMembersThatAreCredentials) {
  EXPECT_EQ(clean(R"({"signing_key": "0badcafe", "id": 12})"),
            R"({"signing_key": "[hidden]", "id": 12})");
  EXPECT_EQ(clean(R"("{\"token\":\"abc\\\"d\",\"n\":1}")"),
            R"("{\"token\":\"[hidden]\",\"n\":1}")");
  EXPECT_EQ(clean(R"({"password":12345,"n":1})"), R"({"password":[hidden],"n":1})");
}

TEST(Redaction, HidesMembersTheSchemaMarksAsSecret) {
  EXPECT_EQ(clean(R"({"door_code":"4711"})"), R"({"door_code":"[hidden]"})");
}

TEST(Redaction, HidesAuthorizationHeadersToTheirEnd) {
  EXPECT_EQ(clean("Authorization: Bearer abc def"), "Authorization: [hidden]");
  EXPECT_EQ(clean("Authorization: Token token=\"abcdef\""), "Authorization: [hidden]");
}

TEST(Redaction, HidesNamesAndPasswordsInAddresses) {
  EXPECT_EQ(clean("http://anna:geheim@example.com/x"), "http://[hidden]@example.com/x");
}

TEST(Redaction, LeavesSentencesAboutTokensAlone) {
  for (const auto* text : {"the token was refused", "no password, no key", "token: see the manual"})
    EXPECT_EQ(clean(text), text);
}

TEST(Redaction, KeepsTwoDigitsOfAPhoneNumber) {
  EXPECT_EQ(clean("from +14045550110 to"), "from +*********10 to");
  EXPECT_EQ(clean("+1 (404) 555-0110"), "+* (***) ***-**10");
  EXPECT_EQ(clean("+44 20 7946 0110."), "+** ** **** **10.");
  EXPECT_EQ(clean("(404) 555-0110"), "(***) ***-**10");
  EXPECT_EQ(clean("404-555-0110, 404.555.0111."), "***-***-**10, ***.***.**11.");
  EXPECT_EQ(clean("1-404-555-0110"), "*-***-***-**10");
  EXPECT_EQ(clean("number=%2B14045550110&x"), "number=%2B*********10&x");
}

TEST(Redaction, TakesTenBareDigitsForAPhoneNumberOnlyWithASign) {
  EXPECT_EQ(clean(R"("4045550110")"), R"("********10")");
  EXPECT_EQ(clean("customer_phone_number=4045550110"), "customer_phone_number=********10");
  EXPECT_EQ(clean("tel:14045550110"), "tel:*********10");
  EXPECT_EQ(clean("4045550110 bytes"), "4045550110 bytes");
}

TEST(Redaction, HidesEmailAddresses) {
  EXPECT_EQ(clean("to jane.doe+x@mail.example.com, bye"), "to ***@***, bye");
  EXPECT_EQ(clean("?email=jane%40example.com&a=1"), "?email=***@***&a=1");
  EXPECT_EQ(clean("<jane@example.com>"), "<***@***>");
  EXPECT_EQ(clean("jörg@bücher.example"), "***@***");
}

TEST(Redaction, ShowsPeopleIfAsked) {
  Redaction open = with_key();
  open.mask_people = false;
  EXPECT_EQ(redact("+14045550110 jane@example.com " + key, open),
            "+14045550110 jane@example.com [key]");
}

TEST(Redaction, LeavesDatesIdsAndCountsAsTheyAre) {
  for (const auto* text : {
           "2025-07-23 10:05:13,047",
           "2026-02-10T09:22:21.049-05:00",
           "2026-02-10T09:22:21.049+05:00 12345678",
           "2021-03-04 09:15:27 +1000 123456789 rows",
           "2021-03-04 09:15:27 -0500",
           "window 2024-10-22..2026-11-21 America/New_York",
           "id 9007199254740993, 555010001, ACCc3effa19e10048cb9553683399de406e",
           "CAL0196a1b2c3d44e5f8091a2b3c4d5e6f7",
           "550e8400-e29b-41d4-a716-446655440000",
           "rows 250 250 1000, 4045550110 bytes, 1753265113",
           "127.0.0.1:8080, 192.168.10.254",
           "1,000,000 rows in 12.345 s, +250",
           "sha256 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
           "v0.1.0, 10/s, 120/m, 1000/h, 10000/d, 99.95 %",
       })
    EXPECT_EQ(clean(text), text);
}

TEST(Redaction, HoldsOnTwentyThousandRandomLines) {
  std::mt19937_64 random{20250723};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto digits = [&](std::size_t n) {
    std::string out(1, static_cast<char>('1' + pick(9)));
    while (out.size() < n) out += static_cast<char>('0' + pick(10));
    return out;
  };
  const auto two = [&](std::size_t most) {
    const std::size_t n = pick(most);
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  const auto hex = [&](std::size_t n) {
    std::string out;
    while (out.size() < n) out += "0123456789abcdef"[pick(16)];
    return out;
  };
  const std::string begin = key.substr(0, 5), end = key.substr(key.size() - 5);

  for (int line = 0; line < 20'000; ++line) {
    std::vector<std::string> kept, canaries;
    std::string text;
    for (std::size_t part = 0; part < 2 + pick(7); ++part) {
      const std::string subscriber = "55501" + two(100);
      std::string piece;
      switch (pick(12)) {
        case 0:
          piece = "20" + two(30) + "-0" + std::to_string(1 + pick(9)) + "-" + two(28) + " " +
                  two(24) + ":" + two(60) + ":" + two(60) + "," + digits(3);
          kept.push_back(piece);
          break;
        case 1:
          piece = "20" + two(30) + "-1" + std::to_string(pick(3)) + "-" + two(28) + "T" + two(24) +
                  ":" + two(60) + ":" + two(60) + "." + digits(3) + (pick(2) != 0 ? "+" : "-") +
                  two(14) + ":00";
          kept.push_back(piece);
          break;
        case 2: kept.push_back(piece = "ACC" + hex(32)); break;
        case 3: kept.push_back(piece = digits(1 + pick(19))); break;
        case 4: kept.push_back(piece = "page=" + digits(2) + "&per_page=250"); break;
        case 5: piece = key; break;
        case 6: piece = "x" + key.substr(0, 5 + pick(15)); break;
        case 7: piece = key.substr(pick(15)) + "y"; break;
        case 8:
          canaries.push_back("404" + subscriber);
          piece = "+1404" + subscriber;
          break;
        case 9:
          canaries.push_back("404-" + subscriber.substr(0, 3));
          piece = "404-" + subscriber.substr(0, 3) + "-" + subscriber.substr(3);
          break;
        case 10:
          canaries.push_back("zoe" + digits(6) + "@example.com");
          piece = canaries.back();
          break;
        default: canaries.push_back("sesame" + hex(12)); piece = "?access_key=" + canaries.back();
      }
      text += (text.empty() ? "" : pick(2) != 0 ? " " : ", ") + piece;
    }
    const std::string shown = clean(text);
    for (const auto& k : kept)
      ASSERT_NE(shown.find(k), shown.npos) << k << " was damaged\n" << text << "\n" << shown;
    canaries.insert(canaries.end(), {key, begin, end});
    for (const auto& canary : canaries)
      ASSERT_EQ(shown.find(canary), shown.npos) << canary << " is in\n" << text << "\n" << shown;
  }
}

}  // namespace
}  // namespace callrail
