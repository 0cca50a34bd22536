#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace callrail::test {

/// JSON values that try a reader, good ones and bad ones.
inline std::vector<std::string> odd_values() {
  return {"1",
          "-0",
          "0",
          "01",
          "1.",
          "1.5",
          "-1e+9",
          "1e999",
          "1E",
          "--1",
          "+1",
          "12a",
          "true",
          "tru",
          "truee",
          "false",
          "null",
          "nul",
          "nulll",
          "\"\"",
          "\"a\"",
          "\"a,b\"",
          "\"\\\"\"",
          "\"\\\\\"",
          "\"\\/\"",
          "\"\\b\\f\\n\\r\\t\"",
          "\"\\q\"",
          "\"\\u0026\"",
          "\"\\u002c\"",
          "\"\\u0022\"",
          "\"\\u000a\"",
          "\"\\u0000\"",
          "\"\\u001f\"",
          "\"\\u005c\"",
          "\"\\u00e9\"",
          "\"\\u20AC\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud83d\"",
          "\"\\ude00\"",
          "\"\\ud83d\\u0041\"",
          "\"\\uD83D\\uDE00\"",
          "\"\\u12\"",
          "\"\\u12g4\"",
          "\"\\",
          "\"abc",
          "\"\x01\"",
          "\"\t\"",
          "\"\xc3\xa9\"",
          "\"\xc3\"",
          "\"\xed\xa0\x80\"",
          "\"\xf0\x9f\x98\x80\"",
          "\"\xff\"",
          "\"a long text that is longer than one vector of thirty-two bytes\"",
          "\"a long text, with a comma, longer than one vector of thirty-two bytes\"",
          "\"a long text of more than thirty-two bytes \\u0026 more, \\\"quoted\\\"\"",
          "\"2026-03-10T12:00:00Z\"",
          "\"2026-03-10T12:00:00.123Z\"",
          "\"2026-02-10T09:22:21.049-05:00\"",
          "\"2026-02-10T09:22:21.049,05:00\"",
          "\"2026-02-30T09:22:21.049-05:00\"",
          "\"2026-02-28T24:22:21-05:00\"",
          "\"2026-13-10T09:22:21-05:00\"",
          "\"2026-00-10T09:22:21-05:00\"",
          "\"2026-01-31T09:22:21+05:59\"",
          "\"2026-01-11T09:60:21+05:59\"",
          "\"+14045550123\"",
          "\"+0404555012\"",
          "\"+1404\"",
          "\"+1404555012345678\"",
          "\"https://www.example.com/a?b=1\\u0026c=2\"",
          "\"https://www.example.com/a b\"",
          "\"//www.example.com\"",
          "\"ftp://example.com\"",
          "\"http:/example.com\"",
          "[]",
          "{}",
          "[1,\"a\",null,[],{}]",
          "[1,]",
          "[,1]",
          "[1 ,2]",
          "{\"a\":1}",
          "{\"a\":1,}",
          "{\"a\"}",
          "{\"a\" :1}",
          "{\"a\":1,\"a\":2}",
          "{\"\\u0061\":1}",
          "{\"a\":{\"b\":[\"\\\"\",\",\"]}}",
          "[[[{}]]]",
          "{]",
          "[}",
          "1 2",
          " 1",
          "1 ",
          ""};
}

/// The page in other words: not compact, its rows several times, members turned round, left out,
/// doubled, added. Nothing if it is no page.
inline std::vector<std::string> odd_pages(const std::string& page, std::string_view rows) {
  std::vector<std::string> out;
  const auto json = nlohmann::ordered_json::parse(page, nullptr, false);
  const std::string list{rows};
  if (json.is_discarded() || !json.is_object() || !json.contains(list) || !json[list].is_array())
    return out;
  out.push_back(json.dump());
  out.push_back(json.dump(2));
  auto many = json;
  for (int i = 0; i < 3; ++i)
    for (const auto& row : json[list]) many[list].push_back(row);
  out.push_back(many.dump());
  const auto changed = [&](auto change) {
    auto copy = many;
    std::size_t number = 0;
    for (auto& row : copy[list])
      if (row.is_object()) change(row, number++);
    out.push_back(copy.dump());
  };
  using Row = nlohmann::ordered_json;
  changed([](Row& row, std::size_t) {
    Row turned = Row::object();
    for (auto member = row.rbegin(); member != row.rend(); ++member)
      turned[member.key()] = member.value();
    row = std::move(turned);
  });
  changed([](Row& row, std::size_t number) {
    if (row.size() > 3 && number % 2 == 0) row.erase(std::next(row.begin(), 2));
    if (row.size() > 3 && number % 3 == 0) row.erase(std::prev(row.end()));
  });
  changed([](Row& row, std::size_t number) {
    row[number % 2 == 0 ? "new_member" : "secret_token"] = {{"a", number}};
  });
  changed([](Row& row, std::size_t number) {
    std::size_t i = 0;
    for (auto& [key, value] : row.items())
      if (i++ % 5 == number % 5) value = nullptr;
  });
  changed([](Row& row, std::size_t number) {
    std::size_t i = 0;
    const auto words = odd_values();
    for (auto& [key, value] : row.items()) {
      auto odd = Row::parse(words[(i * 7 + number) % words.size()], nullptr, false);
      if (i++ % 4 == number % 4 && !odd.is_discarded()) value = std::move(odd);
    }
  });
  return out;
}

}  // namespace callrail::test
