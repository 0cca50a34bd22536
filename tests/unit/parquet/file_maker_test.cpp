#include "memory_files.hpp"
#include "rows_in_tests.hpp"

#include <callrail/file_sink.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>

namespace callrail {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const Table things = table_with({"id", "name"});
const OwnedRows two_rows{{number("1"), text("x")}, {number("2"), text("y")}};
const std::string lines = "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"y\"}\n";

/// Writes the rows between brackets, by calls that can fail and kill.
class Bracket final : public FileMaker {
 public:
  explicit Bracket(MemoryFiles& files) : files_{files} {}
  std::optional<Error> error;
  int made = 0;

  Status make(const Table&, const std::string& rows, const std::string& to) override {
    ++made;
    if (error) return std::unexpected(*error);
    const int fd = files_.open(to.c_str(), O_WRONLY | O_TRUNC, 0);
    if (fd < 0) return fail(Code::sink_failed, to + ": not there");
    for (const std::string& piece : {std::string{"["}, *files_.content(rows), std::string{"]"}})
      for (std::size_t at = 0; at < piece.size();) {
        const ssize_t n = files_.write(fd, piece.data() + at, piece.size() - at);
        if (n < 0) return fail(Code::sink_failed, "no space");
        at += static_cast<std::size_t>(n);
      }
    files_.close(fd);
    return {};
  }

 private:
  MemoryFiles& files_;
};

/// A run that keeps where it is, as a checkpoint does, and a folder that outlives it.
struct Extraction {
  MemoryFiles files;
  Bracket maker{files};
  FolderSink sink{"data", {.format = FileFormat::parquet}, {}, files, &maker};
  Position kept;
  bool finished = false, published = false;

  /// Goes on where the last one was; two commits of two rows.
  Status go() {
    if (finished && !published) {
      const auto done = sink.publish_finished(things, kept, {});
      if (!done) return std::unexpected(done.error());
      if (*done) return published = !files.dead(), Status{};
      kept = {};
      finished = false;
    }
    if (published) return {};
    auto writer = sink.open(things, kept);
    if (!writer) return std::unexpected(writer.error());
    if ((*writer)->bytes() != kept.bytes) kept = {};
    for (std::uint64_t rows = kept.rows; rows < 4; rows += 2) {
      if (auto written = (*writer)->write(two_rows); !written) return written;
      auto position = (*writer)->commit();
      if (!position) return std::unexpected(position.error());
      kept = *position;
    }
    auto position = (*writer)->finish();
    if (!position) return std::unexpected(position.error());
    kept = *position;
    finished = true;
    if (auto shown = (*writer)->publish({}); !shown) return shown;
    published = !files.dead();
    return {};
  }
};

std::map<std::string, std::string> visible(const MemoryFiles& files) {
  auto all = files.files("data");
  std::erase_if(all, [](const auto& file) { return file.first.starts_with('.'); });
  return all;
}

TEST(FileMaker, GetsTheRowsWhenTheTableIsWholeAndNotBefore) {
  Extraction run;
  auto writer = *run.sink.open(things);
  ASSERT_TRUE(writer->write(two_rows));
  ASSERT_TRUE(writer->commit());
  EXPECT_THAT(run.files.files("data"), ElementsAre(Pair(".things.parquet.rows.part", lines)));
  EXPECT_EQ(run.maker.made, 0);
  EXPECT_EQ(writer->where(), "data/things.parquet");
  const auto position = writer->finish();
  ASSERT_TRUE(position);
  EXPECT_EQ(position->rows, 2u);
  EXPECT_EQ(position->bytes, lines.size() + 2);
  EXPECT_EQ(writer->bytes(), lines.size() + 2);
  EXPECT_THAT(visible(run.files), testing::IsEmpty());
  ASSERT_TRUE(writer->publish({}));
  EXPECT_EQ(run.files.content("data/things.parquet"), "[" + lines + "]");
  EXPECT_EQ(run.files.files("data").size(), 2u);
  const auto manifest = read_manifest("data", run.files);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->find("things.parquet")->sha256, position->sha256);
  EXPECT_EQ(manifest->find("things.parquet")->rows, 2u);
}

TEST(FileMaker, GetsTheRowsAgainAfterItFailed) {
  Extraction run;
  run.maker.error = Error{Code::sink_failed, "no space"};
  const auto failed = run.go();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().what, "data/things.parquet: no space");
  EXPECT_THAT(visible(run.files), testing::IsEmpty());
  run.maker.error.reset();
  ASSERT_TRUE(run.go());
  EXPECT_EQ(run.files.content("data/things.parquet"), "[" + lines + lines + "]");
}

TEST(FileMaker, LeavesTheSameFilesWhereverTheProcessDies) {
  Extraction whole;
  ASSERT_TRUE(whole.go());
  const auto expected = whole.files.files("data");
  ASSERT_EQ(expected.size(), 2u);
  const std::size_t calls = whole.files.calls.size();
  ASSERT_GT(calls, 15u);
  for (std::size_t n = 1; n <= calls; ++n)
    for (const bool after : {false, true})
      for (const bool power : {false, true}) {
        SCOPED_TRACE(whole.files.calls[n - 1].name + " " + whole.files.calls[n - 1].path +
                     (after ? " after" : " before") + (power ? ", power cut" : ""));
        Extraction run;
        run.files.crash_at(n, after);
        try {
          (void)run.go();
        } catch (const Crash&) {
        }
        if (power)
          run.files.cut_power(n);
        else
          run.files.restart();
        if (const auto file = run.files.content("data/things.parquet")) {
          EXPECT_EQ(*file, expected.at("things.parquet"));
        }
        ASSERT_TRUE(run.go());
        EXPECT_EQ(run.files.files("data"), expected);
      }
}

TEST(FileMaker, LosesNothingWhereACallFails) {
  Extraction whole;
  ASSERT_TRUE(whole.go());
  for (std::size_t n = 1; n <= whole.files.calls.size(); ++n) {
    SCOPED_TRACE(whole.files.calls[n - 1].name + " " + whole.files.calls[n - 1].path);
    Extraction run;
    run.files.fail_at(n, EIO);
    const auto failed = run.go();
    if (!failed) {
      EXPECT_EQ(failed.error().code, Code::sink_failed);
    }
    run.files.restart();
    ASSERT_TRUE(run.go());
    EXPECT_EQ(run.files.content("data/things.parquet"), "[" + lines + lines + "]");
  }
}

TEST(FileMaker, IsNotNeededForAFileThatWasFinished) {
  Extraction run;
  ASSERT_TRUE(run.go());
  run.published = false;
  ASSERT_TRUE(run.go());
  EXPECT_EQ(run.maker.made, 1);
}

TEST(FolderSink, RefusesAFormThatNobodyMakes) {
  MemoryFiles files;
  FolderSink sink{"data", {.format = FileFormat::parquet}, {}, files};
  const auto writer = sink.open(things);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().what, HasSubstr("data/things.parquet"));
}

TEST(FileMaker, IsToldBeforeAnythingIsWrittenThatAFolderHasTheName) {
  Extraction run;
  run.files.put("data/things.parquet/inside", "x");
  const auto writer = run.sink.open(things);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().what, HasSubstr("a folder has this name"));
}

}  // namespace
}  // namespace callrail
