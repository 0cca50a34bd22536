#pragma once

#include <callrail/transport.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace callrail {

struct CurlOptions {
  /// Requests to another scheme, host or port are refused unsent: the key is for this one.
  std::string base_url;
  std::string auth_header;  ///< "Authorization"
  std::string auth_value;   ///< with the key; it goes into the request and nowhere else
  std::string user_agent;   ///< "callrail-batch/0.1.0 (+https://…)"
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{30'000};  ///< from the start to the last byte
  /// An answer that has begun must bring this many bytes a second, else it is given up.
  std::uint64_t slowest = 100;
  std::chrono::milliseconds slow_for{10'000};
  std::uint64_t most_wire_bytes = 64u << 20;   ///< of a body, still compressed
  std::uint64_t most_body_bytes = 256u << 20;  ///< of a body, unpacked
  std::size_t most_header_bytes = 64u << 10;
  int connections = 16;  ///< kept open between requests; at least the number of jobs
  std::string ca_file;   ///< certificates to trust instead of the system's; empty: the system's
};

/// Requests over libcurl's multi interface, in the thread that calls: transfers move while it is in
/// `start` or `wait`. GET only, no redirects, no cookies.
///
/// Options that would endanger the key (no https, a line break in the value) make every request
/// fail with a final error.
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void start(std::uint64_t ticket, const Request&) override;
  std::optional<Finished> wait(Clock::Steady until) override;
  void cancel_all() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
