#include "shelf.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <memory>
#include <random>
#include <unistd.h>

namespace callrail {
namespace {

struct Free {
  void operator()(char* bytes) const { std::free(bytes); }
};

/// What this process has of its own in memory, in bytes.
std::size_t resident() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * 4096;
}

constexpr std::size_t large = 8u << 20;

class ShelfTest : public testing::Test {
 protected:
  ShelfTest() {
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);  // as main does
    bytes.reset(static_cast<char*>(std::malloc(large)));
    std::mt19937_64 random{1};
    for (std::size_t i = 0; i + 8 <= large; i += 8) {
      const auto word = random();
      std::memcpy(bytes.get() + i, &word, 8);
    }
    copy.assign(bytes.get(), large);
  }
  std::string_view text() const { return {bytes.get(), large}; }

  std::string folder = std::filesystem::temp_directory_path();
  std::unique_ptr<char, Free> bytes;
  std::string copy;
};

TEST_F(ShelfTest, TakesMemoryAndGivesItBackWhenItIsLookedAt) {
  const std::size_t before = resident();
  Shelf shelf{folder};
  if (!shelf.put_aside(text())) GTEST_SKIP() << folder << " takes no files without a name";
  EXPECT_LT(resident(), before - large / 2);
  EXPECT_EQ(text(), copy);
}

TEST_F(ShelfTest, MayGoBeforeTheMemoryDoes) {
  {
    Shelf shelf{folder};
    shelf.put_aside(text());
  }
  EXPECT_EQ(text(), copy);
  bytes.get()[5000] = 'x';
  EXPECT_EQ(text()[5000], 'x');
  bytes.reset(static_cast<char*>(std::realloc(bytes.release(), 2 * large)));
  EXPECT_EQ(text().substr(5001), std::string_view{copy}.substr(5001));
}

TEST_F(ShelfTest, LeavesNoNameInTheFolder) {
  const auto own = std::filesystem::path{folder} / ("shelf-" + std::to_string(::getpid()));
  std::filesystem::create_directory(own);
  Shelf shelf{own};
  shelf.put_aside(text());
  EXPECT_TRUE(std::filesystem::is_empty(own));
  std::filesystem::remove(own);
}

TEST_F(ShelfTest, LeavesThingsWhereTheyAreIfItCannotTakeThem) {
  for (const char* nowhere : {"", "/nowhere/at/all", "/proc"}) {
    Shelf shelf{nowhere};
    EXPECT_FALSE(shelf.put_aside(text()));
    EXPECT_EQ(text(), copy);
  }
  Shelf shelf{folder};
  EXPECT_FALSE(shelf.put_aside(text().substr(0, 1000)));
}

}  // namespace
}  // namespace callrail
