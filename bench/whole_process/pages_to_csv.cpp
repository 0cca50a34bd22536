#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>
#include <callrail/text_format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <data/pages.hpp>
#include <fcntl.h>
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

Status read_file(const char* path, Body& body) {
  constexpr std::size_t at_least = 64 * 1024;
  body.clear();
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (file >= 0) fstat(file, &facts);
  std::size_t expected = static_cast<std::size_t>(facts.st_size) + 1;
  ssize_t got = file < 0 ? -1 : 1;
  while (got > 0) {
    const std::size_t room = std::max(expected, at_least);
    got = read(file, body.room(room), room);
    if (got > 0) body.wrote(static_cast<std::size_t>(got));
    expected = 0;
  }
  const int reason = errno;
  if (file >= 0) close(file);
  if (got < 0) return fail(Code::bad_request, fmt::format("{}: {}", path, std::strerror(reason)));
  return {};
}

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
  Body body;
  std::string text;
  format->begin(table, text);
  if (Status written = write_out(text); !written) return written;
  for (const char* const file : files) {
    if (Status got = read_file(file, body); !got) return got;
    Drift drift;
    const Status decoded = decoder.read(
        {endpoint(), Reflect<api::Call>::paging, none, none, &*lines}, body.text(), page, drift);
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
