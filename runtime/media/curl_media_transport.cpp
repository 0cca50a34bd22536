#include <callrail/error_message.hpp>
#include <callrail/media_transport.hpp>
#include <callrail/url.hpp>

#include <curl/curl.h>
#include <curl/header.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <thread>
#include <vector>

namespace callrail {

namespace {

constexpr std::chrono::milliseconds slice{100};  // how late Ctrl-C may be noticed
constexpr std::size_t most_header_bytes = 64u << 10;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// "bytes 100-199/200": where a part lies that goes to the end; nothing if it is another.
void read_part(std::string_view text, MediaHead& head) {
  const auto number = [&](char behind) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto taken = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || (behind != '\0' && !text.substr(taken).starts_with(behind)))
      return std::nullopt;
    text.remove_prefix(taken + (behind == '\0' ? 0 : 1));
    return value;
  };
  if (!text.starts_with("bytes ")) return;
  text.remove_prefix(6);
  const auto first = number('-'), last = number('/'), whole = number('\0');
  if (!first || !last || !whole || !text.empty() || *last < *first || *last + 1 != *whole) return;
  if (head.announced.value_or(*whole - *first) != *whole - *first) return;
  head.first = first;
  head.whole = whole;
}

std::string header(CURL* easy, const char* name) {
  curl_header* found = nullptr;
  if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return {};
  return found->value;
}

}  // namespace

struct CurlMediaTransport::Impl {
  explicit Impl(CurlMediaOptions given) : options{std::move(given)} {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)once;
    easy.reset(curl_easy_init());
    set(CURLOPT_ERRORBUFFER, reason.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, options.plain_http ? "http,https" : "https");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, options.slowest);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.slow_for.count()));
    set(CURLOPT_HEADERFUNCTION, &Impl::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Impl::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Impl::on_progress);
    set(CURLOPT_XFERINFODATA, this);
  }

  template <class T>
  void set(CURLoption option, T value) {
    usable = curl_easy_setopt(easy.get(), option, value) == CURLE_OK && usable;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    const std::string_view line{data, size};
    if (line.starts_with("HTTP/")) impl.headers_ended = false;  // again after a "100 Continue"
    if (line == "\r\n" || line == "\n") impl.headers_ended = true;
    impl.header_bytes += size;
    return impl.header_bytes <= most_header_bytes ? size : 0;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    if (!impl.begun) impl.begin();
    if (!impl.refusal.empty()) return 0;
    // What a refusal says is of no use, and may have no end.
    const bool wanted = impl.head.status == 200 || (impl.head.status == 206 && impl.goes_on);
    if (!wanted) return impl.skipped = true, 0;
    return (*impl.take)(impl.head, {data, size}) ? size : 0;
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<Impl*>(self)->stop)() ? 1 : 0;
  }

  void begin() {
    begun = true;
    read_head();
    const std::string coding = header(easy.get(), "content-encoding");
    if (!coding.empty() && coding != "identity")
      refusal = "the answer is packed as " + one_line(coding, 40) + ", which was not asked for";
    long version = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_HTTP_VERSION, &version);
    const bool framed = version == CURL_HTTP_VERSION_2_0 || version == CURL_HTTP_VERSION_3 ||
                        header(easy.get(), "transfer-encoding").ends_with("chunked");
    if (!head.announced && !framed)
      refusal = "the answer does not say how long it is, so a cut one would look whole";
  }

  void read_head() {
    head = {};
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    head.status = static_cast<int>(status);
    head.content_type = header(easy.get(), "content-type");
    head.location = header(easy.get(), "location");
    curl_off_t length = -1;
    curl_easy_getinfo(easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length >= 0) head.announced = static_cast<std::uint64_t>(length);
    // A weak one says that the bytes may differ.
    const std::string tag = header(easy.get(), "etag");
    if (tag.starts_with('"') && header(easy.get(), "accept-ranges") == "bytes") head.version = tag;
    if (head.status == 206)
      head.version = tag, read_part(header(easy.get(), "content-range"), head);
  }

  NetworkError error(CURLcode code) const {
    const std::string said = one_line(reason[0] != '\0' ? reason.data() : curl_easy_strerror(code));
    const bool certificate =
        code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
    return {certificate ? "the server's certificate was refused: " + said : said, certificate};
  }

  const CurlMediaOptions options;
  std::unique_ptr<CURL, FreeEasy> easy;
  std::array<char, CURL_ERROR_SIZE> reason{};
  bool usable = true;

  const Take* take = nullptr;
  const Stop* stop = nullptr;
  MediaHead head;
  bool goes_on = false, begun = false, skipped = false, headers_ended = false;
  std::size_t header_bytes = 0;
  std::string refusal;
};

CurlMediaTransport::CurlMediaTransport(CurlMediaOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}
CurlMediaTransport::~CurlMediaTransport() = default;

std::expected<MediaHead, NetworkError> CurlMediaTransport::get(const MediaAsk& ask,
                                                               const Take& take, const Stop& stop) {
  Impl& impl = *impl_;
  const auto refuse = [](std::string what) {
    return std::unexpected(NetworkError{std::move(what), true, Code::bad_answer});
  };
  if (!impl.usable) return refuse("libcurl is too old or was built without TLS");
  const auto parts = parse_url(ask.url);
  if (!parts) return refuse(parts.error().what);
  if (parts->scheme == "http" && !(impl.options.plain_http && is_loopback(parts->host)))
    return refuse("the address is plain http");
  impl.take = &take;
  impl.stop = &stop;
  impl.head = {};
  impl.goes_on = ask.first != 0 && !ask.version.empty();
  impl.begun = impl.skipped = impl.headers_ended = false;
  impl.header_bytes = 0;
  impl.refusal.clear();
  impl.reason[0] = '\0';
  std::vector<std::string> lines{"Accept: " + std::string{ask.type} + ", */*;q=0.1"};
  if (impl.goes_on) lines.push_back(fmt::format("Range: bytes={}-", ask.first));
  if (impl.goes_on) lines.push_back("If-Range: " + ask.version);
  std::unique_ptr<curl_slist, FreeList> headers;
  for (const std::string& line : lines)
    if (curl_slist* const longer = curl_slist_append(headers.get(), line.c_str()))
      (void)headers.release(), headers.reset(longer);
  CURL* const easy = impl.easy.get();
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_URL, ask.url.c_str());
  const bool direct = parts->scheme == "http" || is_loopback(parts->host);
  curl_easy_setopt(easy, CURLOPT_PROXY, direct ? "" : nullptr);
  const CURLcode code = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, nullptr);
  if (!impl.refusal.empty()) return refuse(impl.refusal);
  if (code != CURLE_OK && !impl.skipped) return std::unexpected(impl.error(code));
  if (!impl.headers_ended) return std::unexpected(NetworkError{"connection cut in the headers"});
  impl.read_head();
  return impl.head;
}

void CurlMediaTransport::wait(Clock::Steady until, const Stop& stop) {
  while (!stop() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(slice);
}

}  // namespace callrail
