#include "body_cleaner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace callrail {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string key = "zqkx7f0e1d2c3b4a5canary6978w9vjh";
const BodyCleaner cleaner{{.key = key, .secret_names = {"token", "door_code"}}};

TEST(ARecordedBody, LosesTheValuesOfSecretMembersAndNothingElse) {
  EXPECT_EQ(cleaner.clean(R"({ "id" : 1.50, "token" : "abc\"d" ,"x":[ ] })"),
            R"({ "id" : 1.50, "token" : "[removed]" ,"x":[ ] })");
  EXPECT_EQ(cleaner.clean(R"({"rows":[{"a":{"door_code":4711,"b":[{"token":true}]}}]})"),
            R"({"rows":[{"a":{"door_code":"[removed]","b":[{"token":"[removed]"}]}}]})");
}

TEST(ARecordedBody, LosesWholeObjectsAndLists) {
  EXPECT_EQ(cleaner.clean(R"({"token":{"a":[1,{"token":"}"}],"b":"x"},"c":2})"),
            R"({"token":"[removed]","c":2})");
  EXPECT_EQ(cleaner.clean(R"({"token":["a","b"],"c":[]})"), R"({"token":"[removed]","c":[]})");
  EXPECT_EQ(cleaner.clean(R"([{"token":{}},{"token":[]}])"),
            R"([{"token":"[removed]"},{"token":"[removed]"}])");
}

TEST(ARecordedBody, KeepsNullsAndWhatOnlyLooksLikeASecret) {
  for (const auto* body :
       {R"({"token":null,"door_code":null})", R"({"my_token":"a","tokens":"b"})",
        R"(["token","a"])", R"({"a":"token","b":"\"token\":\"c\""})", R"({"phone":"+15550137788"})",
        R"("token")", R"(null)", R"( [ ] )", R"({"a":-0.5e+10,"b":123456789012345678901234567890})",
        R"({"a":"\ud83d","b":"\ud83d\ude00","c":"\/"})"})
    EXPECT_EQ(cleaner.clean(body), body);
}

TEST(ARecordedBody, KnowsASecretInAnotherSpelling) {
  EXPECT_EQ(cleaner.clean(R"({"tok\u0065n":"a","TOKEN":"b"})"),
            R"({"tok\u0065n":"[removed]","TOKEN":"[removed]"})");
}

TEST(ARecordedBody, LosesTheKeyInWhateverSpelling) {
  EXPECT_EQ(cleaner.clean("{\"note\":\"Token " + key + " refused\"}"),
            R"({"note":"Token [key] refused"})");
  EXPECT_EQ(cleaner.clean("{\"note\":\"\\u007aqkx7f0e1d2c3\"}"), R"({"note":"[removed]"})");
  EXPECT_EQ(cleaner.clean(R"({"note":"zqkx7… is wrong"})"), R"({"note":"[key]… is wrong"})");
}

TEST(ARecordedBody, LosesItsSecretsAlsoWhereItIsCut) {
  // What is no JSON goes through the redaction of the log too, which has a word of its own.
  EXPECT_EQ(cleaner.clean(R"({"a":1,"token":"abcde)"), R"({"a":1,"token":"[hidden]")");
  EXPECT_EQ(cleaner.clean(R"({"a":1,"door_code":"abcde)"), R"({"a":1,"door_code":"[hidden]")");
  EXPECT_EQ(cleaner.clean(R"({"a":1,"token":{"b":[1,2)"), R"({"a":1,"token":"[hidden]")");
  EXPECT_EQ(cleaner.clean(R"({"a":1,"token":)"), R"({"a":1,"token":)");
  EXPECT_EQ(cleaner.clean(R"({"a":1,"b":"c)"), R"({"a":1,"b":"c)");
}

TEST(ARecordedBody, ThatIsNoJsonIsRedactedLikeALog) {
  const std::string html = cleaner.clean("<p>bad token=abcdef1 for " + key + "</p>");
  EXPECT_THAT(html, Not(HasSubstr("abcdef1")));
  EXPECT_THAT(html, Not(HasSubstr("zqkx7")));
  EXPECT_THAT(html, HasSubstr("<p>bad"));
  EXPECT_EQ(cleaner.clean("<a href=\"tel:+1 555 013 7788\">"), "<a href=\"tel:+1 555 013 7788\">");
  EXPECT_EQ(cleaner.clean(""), "");
}

TEST(ARecordedBody, CanBeNestedAsDeepAsAnybodyLikes) {
  const std::string deep = std::string(1'000'000, '[');
  EXPECT_EQ(cleaner.clean(deep), deep);
  EXPECT_EQ(cleaner.clean("{\"token\":" + deep + "}"), "{\"token\":\"[hidden]\"");
}

/// Random JSON, and beside it the same without what must go.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_{seed} {}

  std::string in, expected;

  void value(int depth) {
    switch (roll(depth <= 0 ? 5 : 8)) {
      case 0: return both(pick({"null", "true", "false"}));
      case 1: return both(pick({"0", "-1.5", "1e9", "12345678901234567890", "0.1250"}));
      case 2:
      case 3:
      case 4: return both(text());
      case 5: return list(depth);
      default: return object(depth);
    }
  }

 private:
  std::size_t roll(std::size_t n) { return random_() % n; }
  std::string pick(std::initializer_list<const char*> words) {
    return words.begin()[roll(words.size())];
  }
  void both(const std::string& text) {
    in += text;
    if (!hidden_) expected += text;
  }
  void blank() { both(pick({"", "", "", " ", "\n  ", "\t", "\r\n"})); }

  /// No name of a secret where it begins otherwise.
  std::string text(std::string out = "\"") {
    for (std::size_t n = roll(6); n != 0; --n)
      out += pick({"a",       "token", "\\\"", "\\\\",    "{",    "}",        "[",
                   "]",       ":",     ",",    "\\u00e9", "é",    "\\n",      "\\ud83d\\ude00",
                   "\\ud83d", "null",  "/",    "zqkx",    "9vjh", "door_code"});
    return out + "\"";
  }
  void list(int depth) {
    both("[");
    for (std::size_t n = roll(4), i = 0; i < n; ++i) {
      if (i != 0) both(",");
      blank(), value(depth - 1), blank();
    }
    both("]");
  }
  void object(int depth) {
    both("{");
    for (std::size_t n = roll(5), i = 0; i < n; ++i) {
      if (i != 0) both(",");
      blank();
      const bool secret = roll(3) == 0;
      both(secret ? pick({"\"token\"", "\"door_code\"", "\"t\\u006fken\""}) : text("\"a"));
      blank(), both(":"), blank();
      if (secret && !hidden_ && roll(5) != 0) {
        hide(depth);
      } else if (secret && !hidden_) {
        both("null");
      } else {
        value(depth - 1);
      }
      blank();
    }
    both("}");
  }
  void hide(int depth) {
    expected += BodyCleaner::removed;
    hidden_ = true;
    // Not null, which stays.
    const std::size_t before = in.size();
    do in.resize(before), value(depth - 1);
    while (in.substr(before) == "null");
    hidden_ = false;
  }

  std::mt19937 random_;
  bool hidden_ = false;
};

TEST(ARecordedBody, IsCleanedRightHoweverItIsNested) {
  std::size_t with_secrets = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    Generator generator{seed};
    generator.value(6);
    ASSERT_EQ(cleaner.clean(generator.in), generator.expected) << "seed " << seed;
    // What is clean stays as it is.
    ASSERT_EQ(cleaner.clean(generator.expected), generator.expected) << "seed " << seed;
    with_secrets += generator.in == generator.expected ? 0 : 1;
  }
  EXPECT_GT(with_secrets, 3000u);
}

TEST(ARecordedBody, OfAnyBytesIsNoDanger) {
  std::mt19937 random{7};
  for (int i = 0; i < 20'000; ++i) {
    std::string body;
    for (std::size_t n = random() % 40; n != 0; --n) {
      constexpr std::string_view bytes = "{}[]:,\"\\ntu0e-. \x01\xc3\xffken";
      if (random() % 8 == 0) body += "\"token\":";
      body += bytes[random() % bytes.size()];
    }
    (void)cleaner.clean(body);
    (void)cleaner.clean(body + key);
    ASSERT_THAT(cleaner.clean(body + "\n" + key), Not(HasSubstr(key))) << body;
  }
}

}  // namespace
}  // namespace callrail
