#include "verify.hpp"

#include "scratch_folder.hpp"

#include <callrail/manifest.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace callrail::cli {
namespace {

struct Said {
  int code = 0;
  std::string text, error;
};

/// Of a whole file with two rows of very many lists.
Said verify_file_of(std::uint64_t rows_of_lists, std::optional<Proof> proof = Proof::proven) {
  const ScratchFolder folder;
  std::ofstream{folder / "visits.csv"} << "id\r\n1\r\n2\r\n";
  const auto there = measure_file(folder / "visits.csv");
  ManifestFile file{.file = "visits.csv",
                    .table = "visits",
                    .rows = 2,
                    .bytes = there->bytes,
                    .sha256 = there->sha256,
                    .replaces = {},
                    .from = {},
                    .proof = {.proof = proof, .windows = {}, .sum = ListSum{}}};
  file.proof.sum->lists = 300;
  file.proof.sum->rows = rows_of_lists;
  EXPECT_TRUE(write_manifest(folder.path().string(), {.files = {file}}));
  Said said;
  said.code = verify(
      folder.path().string(), false, [&](const std::string& line) { said.text += line + '\n'; },
      said.error);
  return said;
}

TEST(Verify, ComparesARowCountWithTheSumOfItsLists) {
  EXPECT_EQ(verify_file_of(2).code, 0);
  const Said differs = verify_file_of(3);
  EXPECT_EQ(differs.code, 1);
  EXPECT_THAT(differs.text, testing::HasSubstr("its 300 lists had 3 rows, and 2 were written"));
}

TEST(Verify, ComparesNoRowCountThatALimitCut) {
  EXPECT_EQ(verify_file_of(3, std::nullopt).code, 0);
}

}  // namespace
}  // namespace callrail::cli
