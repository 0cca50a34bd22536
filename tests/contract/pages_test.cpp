#include <callrail/api.hpp>
#include <callrail/page.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace callrail {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

const fs::path data = fs::path{CALLRAIL_SOURCE_DIR} / "tests/data";

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

std::vector<fs::path> pages_of(const Endpoint& endpoint) {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::directory_iterator{data / endpoint.name})
    pages.push_back(entry.path());
  std::ranges::sort(pages);
  return pages;
}

bool has(const fs::path& page, std::string_view word) {
  return page.filename().string().find(word) != std::string::npos;
}

/// Whether a page has no list in it: the answer is the row.
bool is_row(const Endpoint& endpoint) { return endpoint.rows == Endpoint::row_itself; }

/// The rows of a page.
Json rows_of(const Endpoint& endpoint, const Json& page) {
  return is_row(endpoint) ? Json::array({page}) : page[std::string{endpoint.rows}];
}

bool is_sent(const Field& field) {
  return field.sent != Sent::of_request && field.sent != Sent::ordinal;
}

/// A page of one row, from the answer to a request for that row.
std::string as_list(const Endpoint& endpoint, const std::string& row) {
  return "{\"" + std::string{endpoint.rows} + "\":[" + row + "]}";
}

struct Decoded {
  std::string text;
  Page page;
  Drift drift;
};

Decoded decode(const Endpoint& endpoint, const fs::path& path) {
  Decoded decoded;
  decoded.text = read_file(path);
  const bool single = has(path, "single");
  if (single) decoded.text = as_list(endpoint, decoded.text);
  Selection wanted;
  Selection asked;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) {
    const Sent sent = endpoint.fields[i].sent;
    wanted.add(i);
    // "page1" is the answer with every field asked for, "default" the one with none.
    if ((sent == Sent::on_request && has(path, "page1") && !has(path, "default") &&
         !has(path, "relative")) ||
        (sent == Sent::single && single))
      asked.add(i);
  }
  PageDecoder decoder;
  auto page = decoder.decode(endpoint, api::description().paging, Body{decoded.text}, wanted, asked,
                             decoded.drift);
  EXPECT_TRUE(page) << path << ": " << page.error().what;
  if (page) decoded.page = *std::move(page);
  return decoded;
}

Json json_of(const Cell& cell) {
  switch (cell.kind) {
    case Kind::absent:
    case Kind::null: return nullptr;
    case Kind::text: return Json(std::string{cell.text()});
    default: return Json::parse(cell.text());
  }
}

std::string described(const Drift& drift) {
  std::string text;
  const auto add = [&](const char* what, const Drift::Findings& findings) {
    for (const auto& [path, finding] : findings)
      text += std::string{what} + ' ' + path + " (" + std::to_string(finding.count) + "), e.g. " +
              finding.example + "\n";
  };
  add("unknown field", drift.unknown_fields);
  add("missing field", drift.missing_fields);
  add("unknown value", drift.unknown_values);
  add("changed type", drift.changed_types);
  add("broken format", drift.broken_formats);
  add("repeated field", drift.repeated_fields);
  return text;
}

class EveryEndpoint : public testing::TestWithParam<const Endpoint*> {};

TEST_P(EveryEndpoint, DecodesItsRecordedPagesWithoutDrift) {
  const Endpoint& endpoint = *GetParam();
  ASSERT_FALSE(pages_of(endpoint).empty()) << "save a page into tests/data/" << endpoint.name;
  for (const auto& path : pages_of(endpoint)) {
    Drift drift = decode(endpoint, path).drift;
    // A single conversation has all messages instead of the recent ones.
    if (has(path, "single")) drift.missing_fields.clear();
    EXPECT_EQ(described(drift), "") << path;
  }
}

TEST_P(EveryEndpoint, EncodesEveryValueOfItsPagesAsItCame) {
  const Endpoint& endpoint = *GetParam();
  for (const auto& path : pages_of(endpoint)) {
    const Decoded decoded = decode(endpoint, path);
    const Json page = Json::parse(decoded.text);
    const Json rows = rows_of(endpoint, page);
    ASSERT_EQ(decoded.page.size(), rows.size()) << path;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::size_t present = 0;
      for (std::size_t f = 0; f < endpoint.fields.size(); ++f) {
        if (!is_sent(endpoint.fields[f])) continue;
        const std::string name{endpoint.fields[f].name};
        const Cell& cell = decoded.page.rows().at(r, f);
        ASSERT_EQ(rows[r].contains(name), !cell.is_absent()) << path << " row " << r << ' ' << name;
        if (cell.is_absent()) continue;
        ++present;
        EXPECT_EQ(json_of(cell), rows[r][name]) << path << " row " << r << ' ' << name;
        if (cell.kind == Kind::number) {
          EXPECT_NE(decoded.text.find(cell.text()), std::string::npos);
        }
      }
      EXPECT_EQ(present, rows[r].size()) << path << " row " << r;
    }
  }
}

/// The fields a value shows, as paths: "tags[].color".
void collect(const Json& value, std::span<const Field> members, const std::string& path,
             std::set<std::string>& seen) {
  if (value.is_array()) {
    for (const Json& element : value) collect(element, members, path, seen);
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      const auto field = std::ranges::find(members, key, &Field::name);
      if (field == members.end()) continue;
      seen.insert(path + '.' + key);
      collect(member, field->members, path + '.' + key, seen);
    }
  }
}

void expect_seen(std::span<const Field> members, const std::string& path,
                 const std::set<std::string>& seen) {
  for (const Field& field : members) {
    if (field.sent == Sent::unseen || !is_sent(field)) continue;
    const std::string name = path + '.' + std::string{field.name};
    EXPECT_TRUE(seen.contains(name))
        << name << " stands in no page of tests/data: save one, or mark it unseen";
    if (seen.contains(name)) expect_seen(field.members, name, seen);
  }
}

TEST_P(EveryEndpoint, HasNoFieldThatNoPageShowsUnlessMarkedUnseen) {
  const Endpoint& endpoint = *GetParam();
  std::set<std::string> seen;
  for (const auto& path : pages_of(endpoint)) {
    const Json page = Json::parse(read_file(path));
    collect(has(path, "single") ? page : rows_of(endpoint, page), endpoint.fields,
            std::string{endpoint.name}, seen);
  }
  // What only other people's code names, and lists refuse, cannot be seen in a page of a list.
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    if (endpoint.fields[i].sent == Sent::single && endpoint.notes[i].evidence == Evidence::inferred)
      seen.insert(std::string{endpoint.name} + '.' + std::string{endpoint.fields[i].name});
  expect_seen(endpoint.fields, std::string{endpoint.name}, seen);
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryEndpoint,
                         testing::ValuesIn(api::description().endpoints.begin(),
                                           api::description().endpoints.end()),
                         [](const auto& chosen) { return std::string{chosen.param->name}; });

TEST(Contract, ReadsElevenListsUnlessOthersAreNamed) {
  EXPECT_EQ(std::ranges::count(api::description().endpoints, Text{}, &Endpoint::opt_in), 11);
}

}  // namespace
}  // namespace callrail
