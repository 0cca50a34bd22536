#pragma once

#include <callrail/client.hpp>
#include <callrail/curl_transport.hpp>
#include <callrail/endpoint.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace callrail {

/// The key where the API wants it.
CurlOptions curl_options(const Api&, std::string base_url, std::string_view key);
/// What the API says of trying again.
ClientOptions client_options(const Api&);

struct ConnectionOptions {
  std::string key;
  std::string base_url = {};  ///< empty: the API's own
  std::string user_agent = "callrail";
  int jobs = 4;  ///< requests in flight
  std::chrono::milliseconds timeout{30'000};
};

/// The parts it takes to ask the API, made to fit each other and the API's facts. It keeps the
/// limits by itself; what other processes ask with the same key it learns only from the answers.
class Connection {
 public:
  Connection(const Api&, const ConnectionOptions&);
  /// With a network and a time of the caller's.
  Connection(const Api&, const ConnectionOptions&, std::unique_ptr<Transport>, Clock&);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const Api& api() const { return api_; }
  const std::string& base_url() const { return base_url_; }
  const Clock& clock() const { return clock_; }
  Client& client() { return client_; }

 private:
  const Api& api_;
  std::string base_url_;
  SystemClock system_clock_;
  Clock& clock_;
  std::unique_ptr<Transport> transport_;
  Limiter limiter_;
  Client client_;
};

}  // namespace callrail
