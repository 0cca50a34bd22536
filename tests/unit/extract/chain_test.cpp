#include "chain.hpp"

#include "list_in_test.hpp"

#include <gtest/gtest.h>

#include <random>

namespace callrail::test {
namespace {

/// A page of rows with these ids; -1: a row without one.
std::string page_of(const std::vector<int>& ids) {
  std::string text = R"({"things":[)";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += ',';
    text += ids[i] < 0 ? R"({"id":null,"name":"n"})" : "{\"id\":" + std::to_string(ids[i]) + "}";
  }
  return text + "]}";
}

Chain::Link link_of(const std::vector<int>& ids, int number, std::uint64_t read) {
  return {.span = {number, 5}, .page = decoded(page_of(ids)), .read = read};
}

std::vector<int> random_ids(std::mt19937& random) {
  std::vector<int> ids(random() % 6);
  for (int& id : ids) id = static_cast<int>(random() % 20) - 1;
  return ids;
}

TEST(Chain, CountedAsItGrowsSaysWhatCountingTheWholeSays) {
  std::mt19937 random{3};
  for (int round = 0; round < 300; ++round) {
    Chain chain{0, Endpoint::npos};
    std::vector<std::vector<int>> pages;  // by link, as they stand now
    std::vector<std::uint64_t> reads;
    std::uint64_t clock = 0;
    for (int step = 0; step < 12; ++step) {
      const auto ids = random_ids(random);
      const std::size_t at = random() % (pages.size() + 1);
      const unsigned kind = random() % 8;
      if (kind == 0 && at < pages.size()) {  // read again
        chain.links[at].page = decoded(page_of(ids));
        chain.links[at].read = reads[at] = ++clock;
        pages[at] = ids;
      } else if (kind == 1 && at < pages.size()) {
        const auto offset = static_cast<std::ptrdiff_t>(at);
        chain.links.erase(chain.links.begin() + offset);
        pages.erase(pages.begin() + offset);
        reads.erase(reads.begin() + offset);
      } else {
        const auto offset = static_cast<std::ptrdiff_t>(kind == 2 ? at : pages.size());
        chain.links.insert(chain.links.begin() + offset, link_of(ids, step + 1, ++clock));
        pages.insert(pages.begin() + offset, ids);
        reads.insert(reads.begin() + offset, clock);
      }
      if (random() % 3 == 0) continue;
      chain.count();
      Chain anew{0, Endpoint::npos};
      for (std::size_t i = 0; i < pages.size(); ++i)
        anew.links.push_back(link_of(pages[i], 1, reads[i]));
      anew.count();
      ASSERT_EQ(chain.rows(), anew.rows());
      ASSERT_EQ(chain.print(), anew.print());
      for (std::size_t i = 0; i < pages.size(); ++i) {
        ASSERT_EQ(chain.new_rows(i), anew.new_rows(i));
        ASSERT_EQ(chain.touches_previous(i), anew.touches_previous(i));
      }
    }
  }
}

TEST(Chain, CountsThousandsOfRows) {
  Chain chain{0, Endpoint::npos};
  for (int page = 0; page < 40; ++page) {
    std::vector<int> ids;
    for (int i = 0; i < 250; ++i) ids.push_back(page * 249 + i);  // one in common
    chain.links.push_back(link_of(ids, page + 1, static_cast<std::uint64_t>(page) + 1));
    chain.count();
    EXPECT_EQ(chain.rows(), static_cast<std::size_t>(page) * 249 + 250);
    EXPECT_EQ(chain.touches_previous(static_cast<std::size_t>(page)), page > 0);
  }
}

}  // namespace
}  // namespace callrail::test
