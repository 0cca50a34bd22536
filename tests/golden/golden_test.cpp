#include "golden_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace callrail::codegen {
namespace {

class Golden : public testing::TestWithParam<GoldenCase> {};

TEST_P(Golden, IsWhatTheGeneratorWrites) {
  const GoldenCase& golden = GetParam();
  EXPECT_FALSE(golden.actual.empty()) << "nothing is generated for it";
  EXPECT_EQ(golden.expected_text(), golden.actual)
      << "If the new text is right: cmake --build build --target accept-golden";
}

TEST_P(Golden, IsShortEnoughToBeRead) {
  EXPECT_LE(std::count(GetParam().actual.begin(), GetParam().actual.end(), '\n'), 60);
}

INSTANTIATE_TEST_SUITE_P(Files, Golden,
                         testing::ValuesIn(golden_cases(CALLRAIL_SOURCE_DIR "/tests/golden")),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           for (char& c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                           return name;
                         });

}  // namespace
}  // namespace callrail::codegen
