#pragma once

#include <callrail/curl_transport.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace callrail {

inline constexpr char the_key[] = "Token token=\"not-a-real-key-555-0100\"";

inline CurlOptions options_for(std::string base_url) {
  CurlOptions options;
  options.base_url = std::move(base_url);
  options.auth_header = "Authorization";
  options.auth_value = the_key;
  options.user_agent = "callrail-batch/0.1.0 (+https://example.com/tool)";
  return options;
}

/// Far beyond what anything here takes, so that a busy machine does not fail a test.
inline Clock::Steady patience() {
  return std::chrono::steady_clock::now() + std::chrono::seconds{20};
}

/// One request and what became of it.
inline Finished fetch(CurlTransport& transport, const std::string& url) {
  static std::uint64_t last = 1000;
  const std::uint64_t ticket = ++last;
  transport.start(ticket, {url, "test"});
  auto finished = transport.wait(patience());
  if (!finished || finished->ticket != ticket)
    return {0, std::unexpected(NetworkError{"the test's own patience is over"}), {}};
  return std::move(*finished);
}

/// The error of a request that must fail.
inline NetworkError failure(CurlTransport& transport, const std::string& url) {
  Finished finished = fetch(transport, url);
  if (finished.result) return {"it worked", false};
  return finished.result.error();
}

}  // namespace callrail
