#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>
#include <callrail/text_format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <data/pages.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// bench-pages-to-csv [--fields A,B] FILE…: the pages in the files as one table on standard output,
/// which is what is left of the extractor without network, proof and checkpoint.
namespace {

using namespace callrail;

const Endpoint& endpoint() { return Processor<api::Call>::endpoint(); }

Result<Selection> selection_of(Text names) {
  Selection selection;
  while (!names.empty()) {
    const Text name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const std::size_t field = endpoint().find(name);
    if (field == Endpoint::npos)
      return fail(Code::bad_request, fmt::format("no field is called {}", name));
    selection.add(field);
  }
  return selection;
}

/// A file, mapped, with Body::padding zeros behind it: copying it would take as long as half of
/// reading it. Its place is used again for the next one.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (place_ != nullptr) munmap(place_, room_);
  }

  Result<Text> read(const char* path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    const bool mapped =
        file >= 0 && fstat(file, &facts) == 0 && map(file, static_cast<std::size_t>(facts.st_size));
    const int reason = errno;
    if (file >= 0) close(file);
    if (!mapped) return fail(Code::bad_request, fmt::format("{}: {}", path, std::strerror(reason)));
    return Text{place_, static_cast<std::size_t>(facts.st_size)};
  }

 private:
  bool map(int file, std::size_t size) {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t needed = (size + Body::padding + page - 1) / page * page;
    if (needed > room_ && !reserve(needed * 2)) return false;
    // Behind the end of the file its last page holds zeros, and so do those that follow.
    const std::size_t of_file = (size + page - 1) / page * page;
    if (of_file < filled_ && mmap(place_ + of_file, filled_ - of_file, PROT_READ,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
      return false;
    filled_ = of_file;
    return size == 0 || mmap(place_, size, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, file,
                             0) != MAP_FAILED;
  }

  bool reserve(std::size_t room) {
    if (place_ != nullptr) munmap(place_, room_);
    place_ = nullptr;
    room_ = filled_ = 0;
    void* const place = mmap(nullptr, room, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return false;
    place_ = static_cast<char*>(place);
    room_ = room;
    return true;
  }

  char* place_ = nullptr;
  std::size_t room_ = 0, filled_ = 0;
};

Status write_out(Text rest) {
  while (!rest.empty()) {
    const ssize_t done = write(STDOUT_FILENO, rest.data(), rest.size());
    if (done < 0)
      return fail(Code::sink_failed, fmt::format("standard output: {}", std::strerror(errno)));
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

Status convert(const Selection& selection, std::span<char* const> files) {
  const Table table = table_of(endpoint(), selection, Nested::json);
  const auto format = make_text_format({.format = FileFormat::csv});
  const auto lines = format->lines(table);
  const Selection none;
  PageDecoder decoder;
  Page page;
  MappedFile mapped;
  std::string text;
  format->begin(table, text);
  if (Status written = write_out(text); !written) return written;
  for (const char* const file : files) {
    const Result<Text> read = mapped.read(file);
    if (!read) return std::unexpected(read.error());
    Drift drift;
    const Status decoded = decoder.read(
        {endpoint(), Reflect<api::Call>::paging, none, none, &*lines}, *read, page, drift);
    if (!decoded) return std::unexpected(Error{decoded.error()}.in(file));
    if (Status written = write_out(page.text()); !written) return written;
  }
  text.clear();
  format->end(table, text);
  return write_out(text);
}

}  // namespace

int main(int argc, char** argv) {
  std::span<char* const> files{argv + 1, static_cast<std::size_t>(argc - 1)};
  Result<Selection> selection;
  if (files.size() > 1 && Text{files[0]} == "--fields") {
    selection = selection_of(files[1]);
    files = files.subspan(2);
  } else {
    for (const std::size_t i : bench::fields_in(bench::Variant::full)) selection->add(i);
  }
  if (!selection) {
    fmt::print(stderr, "bench-pages-to-csv: {}\n", selection.error().what);
    return 2;
  }
  if (const Status converted = convert(*selection, files); !converted) {
    fmt::print(stderr, "bench-pages-to-csv: {}\n", converted.error().what);
    return 1;
  }
}
