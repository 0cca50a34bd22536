#include <callrail/api/calls.hpp>
#include <callrail/curl_transport.hpp>
#include <callrail/processor.hpp>
#include <callrail/text_format.hpp>
#include <callrail/url.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <unistd.h>

/// bench-fetch-to-csv ours|libcurl FIELDS LIST: the pages at the addresses in the file LIST, one
/// after the other over one connection, as one table on standard output. `libcurl` leaves the
/// unpacking to libcurl, as this program did before; all else is the same.
namespace {

using namespace callrail;

using Fetch = std::function<Result<Body>(const std::string& url)>;

const Endpoint& endpoint() { return Processor<api::Call>::endpoint(); }

Fetch with_ours(const std::string& any_url) {
  CurlOptions options;
  const auto url = parse_url(any_url);
  if (url) options.base_url = fmt::format("{}://{}:{}", url->scheme, url->host, url->port);
  options.auth_header = "Authorization";
  options.auth_value = "Token token=\"none\"";
  auto transport = std::make_shared<CurlTransport>(options);
  return [transport](const std::string& address) -> Result<Body> {
    transport->start(1, {address, "page"});
    auto finished = transport->wait(std::chrono::steady_clock::now() + std::chrono::seconds{30});
    if (!finished) return fail(Code::try_later, "no answer");
    if (!finished->result) return fail(Code::bad_answer, finished->result.error().what);
    return std::move(finished->result->body);
  };
}

std::size_t take(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<Body*>(body)->append({data, size});
  return size;
}

Fetch with_libcurl() {
  const std::shared_ptr<CURL> handle{curl_easy_init(), &curl_easy_cleanup};
  CURL* const easy = handle.get();
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
  return [handle, easy](const std::string& address) -> Result<Body> {
    Body body;
    curl_easy_setopt(easy, CURLOPT_URL, address.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    if (const CURLcode code = curl_easy_perform(easy); code != CURLE_OK)
      return fail(Code::bad_answer, curl_easy_strerror(code));
    return body;
  };
}

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

Status write_out(Text rest) {
  while (!rest.empty()) {
    const ssize_t done = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (done < 0) return fail(Code::sink_failed, std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

Status convert(bool ours, Text names, const char* list) {
  const auto selection = selection_of(names);
  if (!selection) return std::unexpected(selection.error());
  std::vector<std::string> addresses;
  std::ifstream file{list};
  for (std::string line; std::getline(file, line);) addresses.push_back(line);
  if (addresses.empty()) return fail(Code::bad_request, fmt::format("{}: no addresses", list));
  const Fetch fetch = ours ? with_ours(addresses.front()) : with_libcurl();

  const Table table = table_of(endpoint(), *selection, Nested::json);
  const auto format = make_text_format({.format = FileFormat::csv});
  // The reader spells the lines, as in a run.
  const auto lines = format->lines(table);
  if (!lines) return fail(Code::bad_request, "these fields are no lines");
  PageDecoder decoder;
  Page page;
  const Selection none;
  std::string out;
  format->begin(table, out);
  if (auto written = write_out(out); !written) return written;
  out.clear();
  for (const std::string& address : addresses) {
    auto body = fetch(address);
    if (!body) return std::unexpected(std::move(body).error().in(address));
    Drift drift;
    const auto read = decoder.read({endpoint(), Reflect<api::Call>::paging, none, none, &*lines},
                                   body->text(), page, drift);
    if (!read) return read;
    const Rows rows = page.rows();
    // The lines of a page lie behind each other, and go out as they lie there.
    for (std::size_t begin = 0, end = 0; begin < rows.count; begin = end) {
      Text stretch = rows.lines[begin];
      while (++end < rows.count && rows.lines[end].data() == stretch.data() + stretch.size())
        stretch = {stretch.data(), stretch.size() + rows.lines[end].size()};
      if (auto written = write_out(stretch); !written) return written;
    }
  }
  format->end(table, out);
  return write_out(out);
}

}  // namespace

int main(int argc, char** argv) {
  const Text how = argc == 4 ? argv[1] : "";
  if (how != "ours" && how != "libcurl") {
    std::fputs("bench-fetch-to-csv ours|libcurl FIELDS LIST\n", stderr);
    return 2;
  }
  const auto status = convert(how == "ours", argv[2], argv[3]);
  if (status) return 0;
  std::fputs((status.error().what + "\n").c_str(), stderr);
  return 1;
}
