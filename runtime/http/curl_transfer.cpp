#include "curl_transfer.hpp"

#include <callrail/error_message.hpp>
#include <callrail/retry.hpp>

#include <curl/header.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace callrail {
namespace {

using std::chrono::steady_clock;

/// Room that a rare large page took is given back before the next one.
constexpr std::size_t worth_keeping = 1u << 20;

std::uint64_t wire_bytes(CURL* easy) {
  curl_off_t bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

/// As the headers say; below 0: they do not.
curl_off_t announced_bytes(CURL* easy) {
  curl_off_t bytes = -1;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &bytes);
  return bytes;
}

std::optional<std::string> header(CURL* easy, const char* name) {
  curl_header* found = nullptr;
  if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return std::nullopt;
  return found->value;
}

std::optional<int> number(CURL* easy, const char* name) {
  const auto text = header(easy, name);
  if (!text) return std::nullopt;
  return parse_budget(*text);
}

/// "0.012345"
std::optional<std::chrono::nanoseconds> seconds(CURL* easy, const char* name) {
  const auto text = header(easy, name);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !(value >= 0 && value < 86'400))
    return std::nullopt;
  return std::chrono::floor<std::chrono::nanoseconds>(std::chrono::duration<double>{value});
}

/// The server's certificate, or what we check it with: the same tomorrow as today.
bool is_certificate(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CERTPROBLEM ||
         code == CURLE_SSL_PINNEDPUBKEYNOTMATCH;
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlOptions& options, const curl_slist* headers,
                           Inflater& inflater)
    : options_{options}, inflater_{inflater}, easy_{curl_easy_init()} {
  const auto set = [this](CURLoption option, auto value) {
    usable_ = curl_easy_setopt(easy(), option, value) == CURLE_OK && usable_;
  };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, reason_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  // A name that takes long to resolve must not hold up Ctrl-C or a timeout.
  set(CURLOPT_QUICK_EXIT, 1L);

  set(CURLOPT_HTTPGET, 1L);
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));  // a proxy never sees the key
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  // Without CURLOPT_ACCEPT_ENCODING libcurl hands packed bodies on as they are: it would unpack
  // them piece by piece with zlib, which takes 2.5 × as long.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));

  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());

  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.most_wire_bytes));
  set(CURLOPT_BUFFERSIZE, 128L * 1024);

  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &CurlTransfer::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_PREREQFUNCTION, &CurlTransfer::on_send);
  set(CURLOPT_PREREQDATA, this);
}

void CurlTransfer::prepare(std::uint64_t ticket, const std::string& address, const Url& url) {
  ticket_ = ticket;
  packed_.clear();
  body_ = Body{};
  coding_.reset();
  header_bytes_ = 0;
  headers_ended_ = false;
  first_byte_.reset();
  sends_ = 0;
  stopped_ = Stopped::no;
  reason_[0] = '\0';
  curl_easy_setopt(easy(), CURLOPT_URL, address.c_str());
  // https_proxy and no_proxy of the environment are honoured: the proxy passes TLS through and sees
  // neither key nor data. This machine is asked directly, because http to a proxy would show both.
  const bool direct = url.scheme == "http" || is_loopback(url.host);
  curl_easy_setopt(easy(), CURLOPT_PROXY, direct ? "" : nullptr);
  // Waiting for the first connection tells whether others are needed at all (HTTP/2: no).
  curl_easy_setopt(easy(), CURLOPT_PIPEWAIT, url.scheme == "https" ? 1L : 0L);
}

std::size_t CurlTransfer::on_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view line{data, size};
  if (line.starts_with("HTTP/")) transfer.headers_ended_ = false;  // again after a "100 Continue"
  if (line == "\r\n" || line == "\n") transfer.headers_ended_ = true;
  if (!transfer.first_byte_) {
    transfer.first_byte_ = transfer.measured_from_ = steady_clock::now();
    transfer.measured_bytes_ = 0;
  }
  transfer.header_bytes_ += size;
  if (transfer.header_bytes_ <= transfer.options_.most_header_bytes) return size;
  transfer.stopped_ = Stopped::headers;
  return 0;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (!transfer.coding_) transfer.body_begins();
  if (transfer.coding_ != Coding::none) {
    // The cap on what comes over the wire bounds it.
    if (transfer.coding_ == Coding::gzip) transfer.packed_.append(data, size);
    return size;
  }
  if (transfer.body_.size() + size > transfer.options_.most_body_bytes) {
    transfer.stopped_ = Stopped::body;
    return 0;
  }
  transfer.body_.append({data, size});
  return size;
}

void CurlTransfer::body_begins() {
  coding_ = coding_of(header(easy(), "content-encoding"));
  if (packed_.capacity() > worth_keeping) packed_ = {};
  // While it grows it is held twice.
  if (coding_ == Coding::gzip)
    packed_.reserve(static_cast<std::size_t>(
        std::clamp<curl_off_t>(announced_bytes(easy()), 0, curl_off_t{worth_keeping})));
}

int CurlTransfer::on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const auto bytes = static_cast<std::uint64_t>(received);
  if (bytes > transfer.options_.most_wire_bytes) {
    transfer.stopped_ = Stopped::wire;
    return 1;
  }
  if (!transfer.too_slow(bytes)) return 0;
  transfer.stopped_ = Stopped::slow;
  return 1;
}

/// libcurl's own check also counts the time before the first byte, in which the server thinks; that
/// is what the timeout is for. This one is about answers that trickle.
bool CurlTransfer::too_slow(std::uint64_t received) {
  if (!first_byte_) return false;
  const auto now = steady_clock::now();
  const auto time = now - measured_from_;
  if (time < options_.slow_for) return false;
  const double seconds = std::chrono::duration<double>(time).count();
  const std::uint64_t arrived = header_bytes_ + received - measured_bytes_;
  measured_from_ = now;
  measured_bytes_ = header_bytes_ + received;
  return static_cast<double>(arrived) < seconds * static_cast<double>(options_.slowest);
}

/// libcurl silently repeats a request if a kept connection turns out to be dead. The server may
/// have counted the first one, so that is left to the client, which counts too.
int CurlTransfer::on_send(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.sends_++ == 0) return CURL_PREREQFUNC_OK;
  transfer.stopped_ = Stopped::resent;
  return CURL_PREREQFUNC_ABORT;
}

Finished CurlTransfer::finish(CURLcode code) {
  const Clock::Steady answered = first_byte_.value_or(steady_clock::now());
  if (code == CURLE_OK && !headers_ended_)  // libcurl takes that for an answer without a body
    return {ticket_, std::unexpected(NetworkError{"connection cut in the headers"}), answered};
  if (code == CURLE_OK) return {ticket_, response(), answered};
  return {ticket_, std::unexpected(error(code)), answered};
}

std::expected<Response, NetworkError> CurlTransfer::response() {
  Response response;
  long status = 0;
  curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  auto body = unpacked();
  // Where the status tells enough, what else the server says is worth no failure.
  const bool needed = status >= 200 && status < 300;
  if (!body && (needed || body.error().final)) return std::unexpected(std::move(body).error());
  if (body) response.body = *std::move(body);
  response.content_type = header(easy(), "content-type").value_or("");
  response.retry_after = header(easy(), "retry-after");
  response.location = header(easy(), "location").value_or("");
  response.hour_allowed = number(easy(), "x-rate-limit-hourly-allowed");
  response.hour_used = number(easy(), "x-rate-limit-hourly-used");
  response.day_allowed = number(easy(), "x-rate-limit-daily-allowed");
  response.day_used = number(easy(), "x-rate-limit-daily-used");
  response.runtime = seconds(easy(), "x-runtime");
  response.wire_bytes = wire_bytes(easy());
  return response;
}

std::expected<Body, NetworkError> CurlTransfer::unpacked() {
  switch (coding_.value_or(Coding::none)) {
    case Coding::none: break;
    case Coding::gzip: return unpack_gzip(inflater_, packed_, options_.most_body_bytes);
    case Coding::unknown:
      return std::unexpected(
          NetworkError{fmt::format("the answer is packed as {}, which was not asked for",
                                   one_line(header(easy(), "content-encoding").value_or("")))});
  }
  body_.shrink();
  return std::exchange(body_, Body{});
}

/// "1,234 of 9,999 bytes"
std::string CurlTransfer::received_so_far() const {
  const curl_off_t announced = announced_bytes(easy());
  const std::uint64_t received = wire_bytes(easy());
  if (announced <= 0) return fmt::format("{} bytes", grouped(received));
  return fmt::format("{} of {} bytes", grouped(received),
                     grouped(static_cast<std::uint64_t>(announced)));
}

NetworkError CurlTransfer::error(CURLcode code) const {
  const auto too_large = [](std::string what) {
    return NetworkError{std::move(what), true, Code::bad_answer};
  };
  switch (stopped_) {
    case Stopped::no: break;
    case Stopped::headers:
      return too_large(fmt::format("the answer's headers are larger than {} bytes",
                                   grouped(options_.most_header_bytes)));
    case Stopped::body: return too_large_unpacked(options_.most_body_bytes);
    case Stopped::wire:
      return too_large(fmt::format("the answer is larger than {} bytes; ask for fewer rows",
                                   grouped(options_.most_wire_bytes)));
    case Stopped::slow:
      return {fmt::format("the answer came slower than {} bytes a second, {} arrived",
                          options_.slowest, received_so_far())};
    case Stopped::resent: return {"the server closed the connection instead of answering"};
  }

  const std::string said = one_line(reason_[0] != '\0' ? reason_.data() : curl_easy_strerror(code));
  if (is_certificate(code))
    return {"the server's certificate was refused: " + said +
                "; check the address, the clock and the system's certificates",
            true};
  switch (code) {
    case CURLE_FILESIZE_EXCEEDED:
      return too_large(fmt::format("the answer is larger than {} bytes; ask for fewer rows",
                                   grouped(options_.most_wire_bytes)));
    case CURLE_OUT_OF_MEMORY:  // so libcurl calls a header line beyond 100 KB
      if (sends_ == 0 || headers_ended_) return {said};
      return too_large(fmt::format("the answer's headers are larger than {} bytes",
                                   grouped(options_.most_header_bytes)));
    case CURLE_PARTIAL_FILE:
      if (first_byte_) return {"connection cut after " + received_so_far()};
      [[fallthrough]];
    case CURLE_GOT_NOTHING: return {"the server closed the connection instead of answering"};
    case CURLE_RECV_ERROR:
      if (first_byte_)
        return {fmt::format("the answer broke off after {}: {}", received_so_far(), said)};
      return {"connection lost: " + said};
    case CURLE_SSL_CONNECT_ERROR: return {"no secure connection: " + said};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return {"the answer is not HTTP: " + said};
    case CURLE_BAD_CONTENT_ENCODING:  // of the transfer, which libcurl unpacks
      return {"the compressed answer is damaged: " + said};
    case CURLE_OPERATION_TIMEDOUT:
      if (first_byte_)
        return {fmt::format("timeout after {}, {} arrived", spell_duration(options_.timeout),
                            received_so_far())};
      if (sends_ > 0) return {fmt::format("no answer within {}", spell_duration(options_.timeout))};
      return {"no connection: " + said};
    default: return {said};
  }
}

}  // namespace callrail
