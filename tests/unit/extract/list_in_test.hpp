#pragma once

#include "gadget.hpp"
#include "window_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace callrail::test {

/// A list on a server: its rows may change between two requests.
struct ListInTest {
  std::vector<int> ids;
  bool totals = true;
  int most = 1000;                ///< rows a page, whatever is asked for
  std::int64_t lie = 0;           ///< added to the totals
  std::map<int, int> moved = {};  ///< how often a row moved: what its cursor tells
  std::function<void(int nth)> before = [](int) {};
  std::function<std::string(const std::string& url)> instead = [](const std::string&) {
    return std::string{};
  };
  std::vector<std::string> asked = {};

  static int number(const std::string& query, const std::string& name, int other) {
    const auto at = ('&' + query).find('&' + name + '=');
    return at == query.npos ? other : std::stoi(query.substr(at + name.size() + 1));
  }

  std::string answer(const std::string& query) {
    asked.push_back(query);
    before(static_cast<int>(asked.size()));
    if (auto text = instead(query); !text.empty()) return text;
    const bool relative = query.find("relative_pagination=true") != query.npos;
    const int asked_size = number(query, "per_page", 100);
    const int size = std::min(asked_size, most);
    const int page = relative ? number(query, "offset", 0) + 1 : number(query, "page", 1);
    const int total = static_cast<int>(ids.size());
    const int from = std::min((page - 1) * size, total), to = std::min(page * size, total);
    std::string text = "{";
    if (relative) {
      text += to < total ? R"("has_next_page":true,"next_page":"https://api.example.com/x",)"
                         : R"("has_next_page":false,"next_page":null,)";
    } else {
      text += "\"page\":" + std::to_string(page) + ',';
      if (totals)
        text += "\"total_pages\":" + std::to_string((total + size - 1) / size) +
                ",\"total_records\":" + std::to_string(total + lie) + ',';
    }
    text += "\"things\":[";
    for (int i = from; i < to; ++i)
      text += (i == from ? "" : ",") + std::string{R"({"id":)"} +
              std::to_string(ids[static_cast<std::size_t>(i)]) + R"(,"name":"n","count":)" +
              std::to_string(moved[ids[static_cast<std::size_t>(i)]]) + '}';
    return text + "]}";
  }

  void hide(int id) { std::erase(ids, id); }
  void insert(std::size_t at, int id) {
    ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(std::min(at, ids.size())), id);
  }
};

inline std::vector<int> first_ids(int n) {
  std::vector<int> ids;
  for (int i = 1; i <= n; ++i) ids.push_back(i);
  return ids;
}

inline Reading reading(int page_size) {
  return {.paging = &Reflect<Gadget>::paging, .page_size = page_size, .key = 0, .most = {}};
}

inline std::size_t field(std::string_view name) { return Processor<Gadget>::endpoint().find(name); }

inline Page decoded(const std::string& json) {
  const Endpoint& endpoint = Processor<Gadget>::endpoint();
  Drift drift;
  PageDecoder decoder;
  auto page = decoder.decode(endpoint, Reflect<Gadget>::paging, Body{json},
                             Selection::everything(endpoint), {}, drift);
  EXPECT_TRUE(page) << json;
  return *std::move(page);
}

/// The same as a sink of lines wants it: the key as a cell, and all of the row in its final
/// spelling.
inline Page spelled(const std::string& json) {
  Selection key;
  key.add(field("id"));
  const RowLines lines{.fields = {field("id"), field("name"), field("count")}};
  Drift drift;
  PageDecoder decoder;
  auto page = decoder.decode({.endpoint = Processor<Gadget>::endpoint(),
                              .paging = Reflect<Gadget>::paging,
                              .wanted = key,
                              .asked = {},
                              .lines = &lines},
                             Body{json}, drift);
  EXPECT_TRUE(page) << json;
  return *std::move(page);
}

/// Reads until the reader is done; requests known at the same time are answered in an order of the
/// seed. Gives the first refusal of an answer that stayed of no use.
inline Status read_all(WindowReader& reader, ListInTest& list, unsigned seed = 0) {
  std::mt19937 random{seed};
  while (reader.state() == WindowReader::State::reading) {
    std::vector<WindowReader::Ask> asks;
    while (const auto ask = reader.next()) {
      reader.asked(ask->read);
      asks.push_back(*ask);
    }
    EXPECT_FALSE(asks.empty()) << "nothing to ask for, and not done";
    if (asks.empty() || list.asked.size() > 500) return fail(Code::bad_answer, "for ever");
    if (seed != 0) std::ranges::shuffle(asks, random);
    for (const auto& ask : asks) {
      Status status;
      for (int tries = 1; tries <= 3; ++tries) {
        status = reader.arrived(ask.read, decoded(list.answer(ask.query)), tries == 3);
        if (status) break;
      }
      if (!status) return status;
    }
  }
  return {};
}

inline std::vector<int> ids_of(WindowReader& reader) {
  std::vector<int> ids;
  std::uint64_t repeated = 0;
  while (const auto page = reader.take(repeated)) {
    const Rows rows = page->rows();
    for (std::size_t i = 0; i < rows.count; ++i)
      ids.push_back(std::stoi(std::string{rows.at(i, 0).text()}));
  }
  return ids;
}

}  // namespace callrail::test
