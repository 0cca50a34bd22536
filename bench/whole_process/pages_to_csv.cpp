#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>
#include <callrail/text_format.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <data/pages.hpp>
#include <fcntl.h>
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
  static std::array<char, 256 * 1024> part;
  body.clear();
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = file < 0 ? -1 : 1;
  while (got > 0) {
    got = read(file, part.data(), part.size());
    if (got > 0) body.append({part.data(), static_cast<std::size_t>(got)});
  }
  const int reason = errno;
  if (file >= 0) close(file);
  if (got < 0) return fail(Code::bad_request, fmt::format("{}: {}", path, std::strerror(reason)));
  return {};
}

Status write_out(std::string& text) {
  Text rest = text;
  while (!rest.empty()) {
    const ssize_t done = write(STDOUT_FILENO, rest.data(), rest.size());
    if (done < 0)
      return fail(Code::sink_failed, fmt::format("standard output: {}", std::strerror(errno)));
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  text.clear();
  return {};
}

Status convert(const Selection& selection, std::span<char* const> files) {
  const Table table = table_of(endpoint(), selection, Nested::json);
  const auto format = make_text_format({.format = FileFormat::csv});
  PageDecoder decoder;
  Body body;
  std::string out;
  format->begin(table, out);
  for (const char* const file : files) {
    if (Status read = read_file(file, body); !read) return read;
    Drift drift;
    auto page = decoder.decode(endpoint(), Reflect<api::Call>::paging, std::move(body), selection,
                               {}, drift);
    if (!page) return std::unexpected(std::move(page).error().in(file));
    format->rows(table, page->rows(), out);
    body = std::move(*page).give_up_body();
    if (Status written = write_out(out); !written) return written;
  }
  format->end(table, out);
  return write_out(out);
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
