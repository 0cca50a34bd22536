#include "curl_transfer.hpp"

#include <callrail/curl_transport.hpp>
#include <callrail/url.hpp>

#include <algorithm>
#include <deque>
#include <vector>

namespace callrail {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Why nothing may be sent with these options; empty: it may.
std::string unsafe(const CurlOptions& options) {
  if (auto base = check_base_url(options.base_url); !base) return std::move(base).error().what;
  if (has_control(options.auth_header) || has_control(options.auth_value))
    return "the key holds a line break or another control character";
  if (has_control(options.user_agent)) return "the user agent holds a control character";
  return {};
}

}  // namespace

struct CurlTransport::Impl {
  explicit Impl(CurlOptions given) : options{std::move(given)}, unsafe{callrail::unsafe(options)} {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)once;
    multi.reset(curl_multi_init());
    curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>(std::max(options.connections, 1)));
    add_header("Accept: application/json");
    add_header("Accept-Encoding: " + std::string{accepted_codings});
    if (unsafe.empty() && !options.auth_header.empty())
      add_header(options.auth_header + ": " + options.auth_value);
    if (auto url = parse_url(options.base_url)) origin = *std::move(url);
  }
  ~Impl() { cancel_all(); }

  void add_header(const std::string& line) {
    // The list is returned anew only for its first line, so its owner lets go for a moment.
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  }

  void refuse(std::uint64_t ticket, std::string what, Code code) {
    refused.push_back(
        {ticket, std::unexpected(NetworkError{std::move(what), true, code}), steady_clock::now()});
  }

  void start(std::uint64_t ticket, const Request& request) {
    if (!unsafe.empty()) return refuse(ticket, unsafe, Code::bad_request);
    const auto url = parse_url(request.url);
    if (!url) return refuse(ticket, url.error().what, Code::bad_answer);
    if (!same_origin(*url, origin))
      return refuse(ticket,
                    "the address points to " + url->host + ", not to " + origin.host +
                        "; refused, because the key would go there",
                    Code::bad_answer);

    if (idle.empty())
      idle.push_back(std::make_unique<CurlTransfer>(options, headers.get(), inflater));
    if (!idle.back()->usable())
      return refuse(ticket, "libcurl is too old or was built without TLS", Code::bad_request);
    busy.push_back(std::move(idle.back()));
    idle.pop_back();
    busy.back()->prepare(ticket, request.url, *url);
    curl_multi_add_handle(multi.get(), busy.back()->easy());
    perform();  // off it goes, although the caller may only wait much later
  }

  void perform() {
    int running = 0;
    curl_multi_perform(multi.get(), &running);
  }

  std::optional<Finished> take_finished() {
    if (!refused.empty()) {
      Finished finished = std::move(refused.front());
      refused.pop_front();
      return finished;
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CURL* const easy = message->easy_handle;
      curl_multi_remove_handle(multi.get(), easy);
      const auto found = std::find_if(
          busy.begin(), busy.end(), [&](const auto& transfer) { return transfer->easy() == easy; });
      Finished finished = (*found)->finish(code);
      idle.push_back(std::move(*found));
      busy.erase(found);
      return finished;
    }
    return std::nullopt;
  }

  std::optional<Finished> wait(Clock::Steady until) {
    for (;;) {
      perform();
      if (auto finished = take_finished()) return finished;
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      if (left <= milliseconds{0}) return std::nullopt;
      // Sleeps the whole time if nothing is in flight, wakes earlier for libcurl's own timeouts.
      const int slice = static_cast<int>(std::min(left, milliseconds{1000}).count());
      curl_multi_poll(multi.get(), nullptr, 0, slice, nullptr);
    }
  }

  void cancel_all() {
    for (auto& transfer : busy) {
      curl_multi_remove_handle(multi.get(), transfer->easy());
      idle.push_back(std::move(transfer));
    }
    busy.clear();
    refused.clear();
  }

  const CurlOptions options;
  const std::string unsafe;
  Url origin;
  Headers headers;
  Inflater inflater;  ///< one for all: they end one after the other
  std::unique_ptr<CURLM, FreeMulti> multi;
  std::vector<std::unique_ptr<CurlTransfer>> idle, busy;
  std::deque<Finished> refused;  ///< never sent
};

CurlTransport::CurlTransport(CurlOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::start(std::uint64_t ticket, const Request& request) {
  impl_->start(ticket, request);
}
std::optional<Finished> CurlTransport::wait(Clock::Steady until) { return impl_->wait(until); }
void CurlTransport::cancel_all() { impl_->cancel_all(); }

}  // namespace callrail
