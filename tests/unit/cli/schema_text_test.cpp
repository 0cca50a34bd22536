#include "schema_text.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace callrail::cli {
namespace {

TEST(SchemaText, IsTheFileByteForByte) {
  std::ifstream in{CALLRAIL_SOURCE_DIR "/schema/endpoints.yaml", std::ios::binary};
  const std::string file{std::istreambuf_iterator<char>{in}, {}};
  ASSERT_FALSE(file.empty());
  EXPECT_TRUE(schema_text() == file);  // both are too long to print
}

}  // namespace
}  // namespace callrail::cli
