#include "failing_files.hpp"
#include "rows_in_tests.hpp"
#include "test_folder.hpp"

#include <callrail/file_sink.hpp>

#include <climits>
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace callrail {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const Table things = table_with({"id", "name"});
const Table others = table_with({"id"}, "others");
const OwnedRows two_rows{{number("1"), text("x")}, {number("2"), text("y")}};

Status show(Writer& writer) {
  if (auto finished = writer.finish(); !finished) return std::unexpected(finished.error());
  return writer.publish({.proof = Proof::proven, .windows = {}});
}

Status write_all_rows(Sink& sink, const Table& table, const Rows& rows) {
  auto writer = sink.open(table);
  if (!writer) return std::unexpected(writer.error());
  if (auto done = (*writer)->write(rows); !done) return done;
  return show(**writer);
}

/// What a person sees in the folder: no hidden file, no manifest.
std::vector<std::string> data_files(const TestFolder& folder, const std::string& below = "") {
  std::vector<std::string> names;
  for (const std::string& name : folder.names(below))
    if (!name.starts_with('.') && name != Manifest::name) names.push_back(name);
  return names;
}

TEST(FolderSink, WritesOneFilePerTable) {
  const TestFolder folder;
  FolderSink sink{folder / "data", {}};
  auto writer = *sink.open(things);
  EXPECT_EQ(writer->where(), folder / "data/things.csv");
  ASSERT_TRUE(writer->write(two_rows));
  ASSERT_TRUE(writer->write(two_rows));
  ASSERT_TRUE(show(*writer));
  EXPECT_EQ(content(folder / "data/things.csv"), "id,name\r\n1,x\r\n2,y\r\n1,x\r\n2,y\r\n");
  EXPECT_EQ(writer->bytes(), std::filesystem::file_size(folder / "data/things.csv"));
  ASSERT_TRUE(write_all_rows(sink, others, OwnedRows{{number("1")}}));
  EXPECT_THAT(folder.names("data"), ElementsAre("_manifest.json", "others.csv", "things.csv"));
}

TEST(FolderSink, KeepsFilesAndFoldersForTheOwner) {
  const TestFolder folder;
  FolderSink sink{folder / "deep/data", {}};
  ASSERT_TRUE(write_all_rows(sink, things, two_rows));
  EXPECT_EQ(mode(folder / "deep"), 0700u);
  EXPECT_EQ(mode(folder / "deep/data"), 0700u);
  EXPECT_EQ(mode(folder / "deep/data/things.csv"), 0600u);
}

TEST(FolderSink, CreatesNothingBeforeATableIsOpened) {
  const TestFolder folder;
  const FolderSink sink{folder / "data", {}};
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(FolderSink, WritesAFileForATableWithoutRows) {
  const TestFolder folder;
  const std::pair<FileFormat, std::string> expected[] = {
      {FileFormat::csv, "id,name\r\n"},
      {FileFormat::jsonl, ""},
      {FileFormat::json, "[]\n"},
      {FileFormat::xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<things>\n</things>\n"},
  };
  for (const auto& [format, whole] : expected) {
    FolderSink sink{folder.path(), {.format = format}};
    ASSERT_TRUE(write_all_rows(sink, things, {}));
    EXPECT_EQ(content(folder / ("things" + std::string{file_extension(format)})), whole);
  }
  EXPECT_EQ(data_files(folder).size(), 4u);
}

TEST(FolderSink, SpellsAPathAsTheUserDid) {
  const TestFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const auto& [given, where] : {std::pair{"data", "data/things.csv"},
                                     {"data/", "data/things.csv"},
                                     {".", "./things.csv"},
                                     {"", "things.csv"}}) {
    FolderSink sink{given, {}};
    EXPECT_EQ((*sink.open(things))->where(), where);
  }
  std::filesystem::current_path(before);
}

TEST(FolderSink, ShowsNothingOfAWriterThatWasNotFinishedAndKeepsItForTheNext) {
  const TestFolder folder;
  FolderSink sink{folder.path(), {}};
  ASSERT_TRUE((*sink.open(things))->write(two_rows));
  EXPECT_THAT(folder.names(), ElementsAre(".things.csv.part"));
  (*sink.open(things))->discard();
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(FolderSink, GoesOnBehindTheLastCommitAndGivesTheSameBytes) {
  for (const FileFormat format :
       {FileFormat::csv, FileFormat::jsonl, FileFormat::json, FileFormat::xml}) {
    const TestFolder whole, torn;
    FolderSink undisturbed{whole.path(), {.format = format}};
    auto writer = *undisturbed.open(things);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->write(two_rows));
    ASSERT_TRUE(show(*writer));
    Position position;
    {
      FolderSink sink{torn.path(), {.format = format}};
      auto first = *sink.open(things);
      ASSERT_TRUE(first->write(two_rows));
      position = *first->commit();
      EXPECT_EQ(position.rows, 2u);
      ASSERT_TRUE(first->write(two_rows));  // not committed: comes again
    }
    FolderSink sink{torn.path(), {.format = format}};
    auto second = *sink.open(things, position);
    ASSERT_EQ(second->bytes(), position.bytes);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(second->write(two_rows));
    ASSERT_TRUE(show(*second));
    const std::string name = "things" + std::string{file_extension(format)};
    EXPECT_EQ(content(torn / name), content(whole / name));
    EXPECT_EQ(read_manifest(torn.path())->find(name)->sha256,
              read_manifest(whole.path())->find(name)->sha256);
  }
}

TEST(FolderSink, BeginsAnewWhereWhatIsThereIsNotWhatWasCommitted) {
  const TestFolder folder;
  Position position;
  {
    FolderSink sink{folder.path(), {}};
    auto writer = *sink.open(things);
    ASSERT_TRUE(writer->write(two_rows));
    position = *writer->commit();
  }
  const std::string part = folder / ".things.csv.part";
  for (const std::string& other : {std::string{"id,name\r\n1,x\r\n2,z\r\n"}, std::string{"id"}}) {
    put(part, other);
    FolderSink sink{folder.path(), {}};
    auto writer = *sink.open(things, position);
    EXPECT_NE(writer->bytes(), position.bytes);
    ASSERT_TRUE(writer->write(two_rows));
    ASSERT_TRUE(show(*writer));
    EXPECT_EQ(content(folder / "things.csv"), "id,name\r\n1,x\r\n2,y\r\n");
  }
}

TEST(FolderSink, NamesAFileInTheManifestBeforeItShowsIt) {
  const TestFolder folder;
  put(folder / "things.csv", "old");
  FailingFiles files;
  FolderSink sink{folder.path(), {}, {.program = "test 1", .began_at = {}, .options = {}}, files};
  auto writer = *sink.open(things);
  ASSERT_TRUE(writer->write(two_rows));
  ASSERT_TRUE(writer->finish());
  files.fail_rename_to = folder / "things.csv";
  ASSERT_FALSE(writer->publish({}));
  EXPECT_EQ(content(folder / "things.csv"), "old");
  ASSERT_NE(read_manifest(folder.path())->find("things.csv"), nullptr);
  files.fail_rename_to.clear();
  auto again = *sink.open(things);
  ASSERT_TRUE(again->write(two_rows));
  ASSERT_TRUE(show(*again));
  const auto manifest = read_manifest(folder.path());
  ASSERT_TRUE(manifest);
  const ManifestFile* file = manifest->find("things.csv");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->rows, 2u);
  EXPECT_EQ(file->from.program, "test 1");
  EXPECT_EQ(file->sha256, measure_file(folder / "things.csv")->sha256);
}

TEST(FolderSink, NamesTheFileThatStandsThereAsTheOneToBeReplaced) {
  const TestFolder folder;
  FailingFiles files;
  FolderSink sink{folder.path(), {}, {}, files};
  const auto replaced = [&] { return read_manifest(folder.path())->find("things.csv")->replaces; };
  const auto write = [&](const char* id) {
    return write_all_rows(sink, things, OwnedRows{{number(id), text("x")}});
  };
  ASSERT_TRUE(write("1"));
  EXPECT_EQ(replaced(), "");
  const std::string there = measure_file(folder / "things.csv")->sha256;
  // Three runs that die between the manifest and the rename, each with other rows.
  files.fail_rename_to = folder / "things.csv";
  for (const char* id : {"2", "3", "4"}) {
    ASSERT_FALSE(write(id));
    EXPECT_EQ(replaced(), there) << id;
  }
  files.fail_rename_to.clear();
  put(folder / "things.csv", "somebody else's");
  ASSERT_TRUE(write("5"));
  put(folder / "other.csv", "somebody else's");
  EXPECT_EQ(replaced(), measure_file(folder / "other.csv")->sha256);
}

TEST(FolderSink, PublishesWhatAnEarlierProcessFinished) {
  const TestFolder folder;
  Position position;
  {
    FolderSink sink{folder.path(), {}};
    auto writer = *sink.open(things);
    ASSERT_TRUE(writer->write(two_rows));
    position = *writer->finish();
  }
  FolderSink sink{folder.path(), {}};
  EXPECT_EQ(sink.publish_finished(things, position, {}), true);
  EXPECT_EQ(content(folder / "things.csv"), "id,name\r\n1,x\r\n2,y\r\n");
  EXPECT_EQ(sink.publish_finished(things, position, {}), true);  // it had got that far
  put(folder / "things.csv", "somebody else's");
  EXPECT_EQ(sink.publish_finished(things, position, {}), false);
}

TEST(FolderSink, WritesManyRowsAsFew) {
  OwnedRows rows{2};
  std::string expected = "id,name\r\n";
  for (int i = 0; i < 50'000; ++i) {
    const Text id = rows.keep(std::to_string(i));
    rows.add(number(id)), rows.add(text("a, b"));
    expected.append(id).append(",\"a, b\"\r\n");
  }
  const TestFolder folder;
  FailingFiles files;
  FolderSink sink{folder.path(), {}, {}, files};
  ASSERT_TRUE(write_all_rows(sink, things, rows));
  EXPECT_EQ(content(folder / "things.csv"), expected);
  EXPECT_LE(files.writes.size(), expected.size() / 200'000 + 2);
}

TEST(FolderSink, KeepsThePreviousFileWhenTheDiskIsFull) {
  const TestFolder folder;
  put(folder / "things.csv", "old");
  FailingFiles files;
  files.space = 15;
  FolderSink sink{folder.path(), {}, {}, files};
  const auto done = write_all_rows(sink, things, two_rows);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what,
            folder / "things.csv" + ": no space left on device; free some space and run again");
  EXPECT_THAT(data_files(folder), ElementsAre("things.csv"));
  EXPECT_EQ(content(folder / "things.csv"), "old");
}

TEST(FolderSink, LeavesWhatWasThereWhateverCallFails) {
  std::vector<std::string> calls;
  {
    const TestFolder folder;
    FailingFiles files;
    FolderSink sink{folder / "data", {}, {}, files};
    ASSERT_TRUE(write_all_rows(sink, things, two_rows));
    calls = files.calls;
  }
  // First the folder is made, then the file, which begins with a look at its place.
  const auto file_begins = std::ranges::find(calls, "look") - calls.begin();
  // Neither the manifest nor a file to be replaced is there; the latter might as well be
  // unreadable.
  const std::vector<std::string> looked_for{"open", "open"};
  const auto replaced = std::ranges::search(calls, looked_for).begin() + 1 - calls.begin();
  for (std::size_t i = 0; i + 2 < calls.size(); ++i) {
    const TestFolder folder;
    FailingFiles files;
    files.fail_at = i;
    FolderSink sink{folder / "data", {}, {}, files};
    const auto done = write_all_rows(sink, things, two_rows);
    SCOPED_TRACE(files.calls[i] + " number " + std::to_string(i));
    // Making the folder gets by without some calls, and so does closing what was only read.
    if (done) {
      EXPECT_TRUE(i < static_cast<std::size_t>(file_begins) ||
                  i == static_cast<std::size_t>(replaced) || files.calls[i] == "close");
      EXPECT_EQ(content(folder / "data/things.csv"), "id,name\r\n1,x\r\n2,y\r\n");
      continue;
    }
    EXPECT_EQ(done.error().code, Code::sink_failed);
    EXPECT_THAT(done.error().what, HasSubstr(": input/output error; "));
    if (std::filesystem::exists(folder / "data")) {
      EXPECT_THAT(data_files(folder, "data"), IsEmpty());
    }
  }
}

class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_), 0); }
  ~Pipe() { close_reader(), close_writer(); }
  Pipe(const Pipe&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }
  std::string read_rest() {
    close_writer();
    std::string out;
    char buffer[65536];
    for (ssize_t n; (n = ::read(ends_[0], buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
    return out;
  }

 private:
  static void close(int& fd) {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }
  int ends_[2] = {-1, -1};
};

TEST(StreamSink, WritesAsItGoes) {
  Pipe pipe;
  StreamSink sink{pipe.writer(), {.format = FileFormat::json}};
  auto writer = *sink.open(things);
  ASSERT_TRUE(writer->write(two_rows));
  char buffer[100];
  const auto n = ::read(pipe.reader(), buffer, sizeof buffer);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(n)),
            "[\n{\"id\":1,\"name\":\"x\"},\n{\"id\":2,\"name\":\"y\"}");
  ASSERT_TRUE(writer->finish());
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(pipe.read_rest(), "\n]\n");
  EXPECT_EQ(writer->bytes(), static_cast<std::uint64_t>(n) + 3);
}

TEST(StreamSink, SaysThatTheReaderClosedThePipe) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  StreamSink sink{pipe.writer(), {}};
  auto writer = *sink.open(things);
  pipe.close_reader();
  const auto done = writer->write(two_rows);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::sink_failed);
  EXPECT_THAT(done.error().what, HasSubstr("the reader closed the pipe"));
  EXPECT_FALSE(writer->finish());
}

TEST(StreamSink, SaysThatTheDiskBehindItIsFull) {
  FailingFiles files;
  files.space = 5;
  const TestFolder folder;
  const int fd = ::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  StreamSink sink{fd, {}, files};
  const auto done = write_all_rows(sink, things, two_rows);
  ::close(fd);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("no space left on device"));
}

TEST(StreamSink, WritesNothingAfterAFailure) {
  Pipe pipe;
  FailingFiles files;
  files.space = 10;
  StreamSink sink{pipe.writer(), {}, files};
  auto writer = *sink.open(things);
  EXPECT_FALSE(writer->write(two_rows));
  files.space = 1000;
  EXPECT_FALSE(writer->write(two_rows));
  EXPECT_FALSE(writer->finish());
  EXPECT_EQ(pipe.read_rest(), "id,name\r\n1");
}

TEST(StreamSink, NoticesARealDeviceWithoutSpace) {
  const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (fd < 0) GTEST_SKIP() << "no /dev/full here";
  StreamSink sink{fd, {}};
  const auto done = write_all_rows(sink, things, two_rows);
  ::close(fd);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("no space left on device"));
}

TEST(StreamSink, WaitsForASlowReader) {
  Pipe pipe;
  FailingFiles files;
  files.busy = true;
  files.most_at_once = 3;
  files.interrupt = true;
  StreamSink sink{pipe.writer(), {}, files};
  ASSERT_TRUE(write_all_rows(sink, things, two_rows));
  EXPECT_EQ(pipe.read_rest(), "id,name\r\n1,x\r\n2,y\r\n");
  EXPECT_GT(files.count("wait_writable"), 5u);
}

TEST(StreamSink, FillsAPipeThatDoesNotBlockAsFastAsItIsRead) {
  Pipe pipe;
  ::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK);
  OwnedRows rows{2};
  for (int i = 0; i < 40'000; ++i) rows.add(number("1")), rows.add(text("a long enough text"));
  const std::string expected = spell(things, rows, {});
  ASSERT_GT(expected.size(), 500'000u);
  Status done;
  std::thread writing{[&] {
    StreamSink sink{pipe.writer(), {}};
    done = write_all_rows(sink, things, rows);
    pipe.close_writer();
  }};
  std::string read;
  char buffer[4096];
  for (ssize_t n; (n = ::read(pipe.reader(), buffer, sizeof buffer)) > 0;)
    read.append(buffer, static_cast<std::size_t>(n));
  writing.join();
  EXPECT_TRUE(done);
  EXPECT_EQ(read, expected);
}

OwnedRows more_than_a_pipe_holds() {
  OwnedRows rows{2};
  for (int i = 0; i < 40'000; ++i) rows.add(number("1")), rows.add(text("a long enough text"));
  return rows;
}

TEST(StreamSink, EndsWhenAskedToWhileTheReaderTakesNothing) {
  const OwnedRows rows = more_than_a_pipe_holds();
  Pipe pipe;
  int found_full = 0;
  const auto stop = [&] {
    pollfd wanted{.fd = pipe.writer(), .events = POLLOUT, .revents = 0};
    return ::poll(&wanted, 1, 0) == 0 && ++found_full == 2;
  };
  FailingFiles files;
  StreamSink sink{pipe.writer(), {}, files, stop};
  auto writer = *sink.open(things);
  const auto done = writer->write(rows);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::cancelled);
  EXPECT_THAT(done.error().what, HasSubstr("stopped"));
  EXPECT_EQ(writer->finish().error().code, Code::cancelled);
  EXPECT_LE(*std::ranges::max_element(files.writes), std::size_t{PIPE_BUF});
  const std::string taken = pipe.read_rest();
  EXPECT_GT(taken.size(), 10'000u);
  EXPECT_THAT(spell(things, rows, {}), StartsWith(taken));
}

TEST(StreamSink, WritesEverythingIfNobodyAsksItToStop) {
  Pipe pipe;
  FailingFiles files;
  files.busy = true;
  files.most_at_once = 3;
  files.interrupt = true;
  StreamSink sink{pipe.writer(), {}, files, [] { return false; }};
  ASSERT_TRUE(write_all_rows(sink, things, two_rows));
  EXPECT_EQ(pipe.read_rest(), "id,name\r\n1,x\r\n2,y\r\n");
}

TEST(StreamSink, NoticesAClosedPipeAlsoIfItMayBeStopped) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  StreamSink sink{pipe.writer(), {}, real_files(), [] { return false; }};
  const auto opened = sink.open(things);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::sink_failed);
}

TEST(StreamSink, KeepsWhatItWrote) {
  Pipe pipe;
  StreamSink sink{pipe.writer(), {}};
  EXPECT_FALSE((*sink.open(things))->all_or_nothing());
}

TEST(StreamSink, TakesOneTable) {
  Pipe pipe;
  StreamSink sink{pipe.writer(), {}};
  ASSERT_TRUE(sink.open(things));
  const auto second = sink.open(others);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::bad_request);
}

TEST(StreamSink, NamesStandardOutput) {
  FailingFiles files;  // Takes the header, so that the test's own output stays clean.
  files.fail_call = "write";
  files.error = EPIPE;
  StreamSink sink{STDOUT_FILENO, {}, files};
  EXPECT_THAT(sink.open(things).error().what, HasSubstr("standard output: the reader closed"));
}

TEST(NullSink, CountsWhatItWouldWrite) {
  const TestFolder folder;
  FolderSink real{folder.path(), {.format = FileFormat::json}};
  ASSERT_TRUE(write_all_rows(real, things, two_rows));
  NullSink sink{{.format = FileFormat::json}};
  auto writer = *sink.open(things);
  ASSERT_TRUE(writer->write(two_rows));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(writer->bytes(), std::filesystem::file_size(folder / "things.json"));
  ASSERT_TRUE(write_all_rows(sink, others, OwnedRows{{number("1")}}));
  EXPECT_EQ(sink.rows(), 3u);
  EXPECT_GT(sink.bytes(), writer->bytes());
}

}  // namespace
}  // namespace callrail
