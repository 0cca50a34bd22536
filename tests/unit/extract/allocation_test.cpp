// What the straight path of a row asks of the allocator: nothing.
#include "key_set.hpp"
#include "list_in_test.hpp"
#include "test_folder.hpp"

#include <callrail/file_sink.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc{};
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace callrail::test {
namespace {

struct Counted {
  std::size_t rows = 0, allocations = 0;
};

/// Reads a window of two pages of this size, and writes it; what the decoder does is not counted.
Counted read_and_write(int page_size, Writer& writer) {
  ListInTest list{.ids = first_ids(2 * page_size - 10), .most = page_size};
  WindowReader reader{reading(page_size)};
  KeySet before, here;
  Counted counted;
  while (const auto ask = reader.next()) {
    reader.asked(ask->read);
    Page page = decoded(list.answer(ask->query));
    const std::size_t begin = allocations;
    EXPECT_TRUE(reader.arrived(ask->read, std::move(page), false));
    counted.allocations += allocations - begin;
  }
  EXPECT_EQ(reader.state(), WindowReader::State::settled);
  const std::size_t begin = allocations;
  std::uint64_t repeated = 0;
  while (auto page = reader.take(repeated)) {
    page->erase_if([&](std::size_t row) {
      const auto print = KeySet::print_of(page->cell(row, 0).text());
      here.insert(print);
      return before.contains(print);
    });
    counted.rows += page->size();
    EXPECT_TRUE(writer.write(page->rows()));
  }
  counted.allocations += allocations - begin;
  return counted;
}

TEST(Allocations, DoNotGrowWithTheRowsOfAWindow) {
  const TestFolder folder;
  FolderSink sink{folder / "data", {}};
  const Endpoint& endpoint = Processor<Gadget>::endpoint();
  const Table table = table_of(endpoint, Selection::everything(endpoint), Nested::json);
  auto writer = *sink.open(table);
  read_and_write(4000, *writer);  // what is kept for the next window is there now
  const Counted few = read_and_write(500, *writer);
  const Counted many = read_and_write(4000, *writer);
  EXPECT_EQ(few.rows, 990u);
  EXPECT_EQ(many.rows, 7990u);
  // Tables that double: a few more times for more rows.
  EXPECT_LE(many.allocations, few.allocations + 16);
  EXPECT_LE(few.allocations, 80u);
}

}  // namespace
}  // namespace callrail::test
