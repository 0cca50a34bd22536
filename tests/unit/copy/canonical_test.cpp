#include "canonical.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

std::string json(Text text) {
  std::string out;
  append_canonical_json(text, out);
  return out;
}
std::string number(Text text) {
  std::string out;
  append_canonical_number(text, out);
  return out;
}

TEST(CanonicalNumbers, AreTheSameHoweverTheyAreSpelled) {
  for (const char* same : {"12.5", "12.50", "012.5", "1.25e1", "125E-1", "0.125e+2"})
    EXPECT_EQ(number(same), "125e-1") << same;
  for (const char* zero : {"0", "-0", "0.00", "0e7"}) EXPECT_EQ(number(zero), "0") << zero;
  EXPECT_EQ(number("100000000000000000000"), number("1.0e+20"));
  EXPECT_EQ(number("-9007199254740993"), "-9007199254740993e0");
  EXPECT_NE(number("-1"), number("1"));
  EXPECT_NE(number("9007199254740993"), number("9007199254740992"));
}

TEST(CanonicalJson, IsTheSameHoweverADatabaseSpellsIt) {
  // On the left as it came, on the right as PostgreSQL's jsonb gives it back.
  EXPECT_EQ(json(R"({"b":[1,2.50,{}],"a":"x\/y\u00e9\n","a b":null,"b c":true})"),
            json(R"({"a": "x/yé\n", "b": [1, 2.50, {}], "a b": null, "b c": true})"));
  EXPECT_EQ(json(R"({"a":1,"a":2})"), json(R"({"a": 2})"));
  EXPECT_EQ(json("[1e2]"), json("[100]"));
  EXPECT_EQ(json("\"a \\\" b\""), json("\"a \\u0022 b\""));
  EXPECT_EQ(json(" [ ] "), json("[]"));
}

TEST(CanonicalJson, TellsApartWhatIsNotTheSame) {
  const char* const different[] = {"[]",           "{}",
                                   "[[]]",         "null",
                                   "\"null\"",     "[1,2]",
                                   "[2,1]",        "[12]",
                                   "\"1\"",        "1",
                                   R"({"a":1})",   R"({"b":1})",
                                   R"({"a":"1"})", R"(["a","b"])",
                                   R"(["a,b"])",   R"(["a\",\"b"])",
                                   "\"\"",         "[\"\"]",
                                   "[null]",       R"({"a":{"b":1}})"};
  for (const char* one : different)
    for (const char* other : different)
      if (one != other) {
        EXPECT_NE(json(one), json(other)) << one << ' ' << other;
      }
}

TEST(CanonicalJson, StopsLookingWhereItIsTooDeep) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(json(deep), json(deep));
  EXPECT_NE(json(deep), json('[' + deep + ']'));
}

}  // namespace
}  // namespace callrail
