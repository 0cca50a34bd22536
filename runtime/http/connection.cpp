#include <callrail/connection.hpp>

#include <algorithm>
#include <random>

namespace callrail {

namespace {

std::string base_url_of(const Api& api, const ConnectionOptions& options) {
  return options.base_url.empty() ? std::string{api.url} : options.base_url;
}

std::unique_ptr<Transport> curl(const Api& api, const ConnectionOptions& options) {
  CurlOptions out = curl_options(api, base_url_of(api, options), options.key);
  out.user_agent = options.user_agent;
  out.timeout = options.timeout;
  out.connections = std::max(out.connections, options.jobs);
  return std::make_unique<CurlTransport>(std::move(out));
}

ClientOptions with_jobs(ClientOptions options, int jobs) {
  options.jobs = jobs;
  return options;
}

}  // namespace

CurlOptions curl_options(const Api& api, std::string base_url, std::string_view key) {
  constexpr std::string_view mark = "{api_key}";
  CurlOptions options;
  options.base_url = std::move(base_url);
  options.auth_header = api.auth_header;
  options.auth_value = api.auth_value;
  if (const std::size_t at = options.auth_value.find(mark); at != std::string::npos)
    options.auth_value.replace(at, mark.size(), key);
  return options;
}

ClientOptions client_options(const Api& api) {
  ClientOptions options;
  options.max_retries = api.retry.attempts - 1;
  options.retry_statuses.assign(api.retry.statuses.begin(), api.retry.statuses.end());
  options.first_wait = std::chrono::seconds{api.retry.wait_seconds};
  options.longest_wait = std::chrono::seconds{api.retry.at_most_seconds};
  return options;
}

Connection::Connection(const Api& api, const ConnectionOptions& options)
    : Connection{api, options, curl(api, options), system_clock_} {}

Connection::Connection(const Api& api, const ConnectionOptions& options,
                       std::unique_ptr<Transport> transport, Clock& clock)
    : api_{api},
      base_url_{base_url_of(api, options)},
      clock_{clock},
      transport_{std::move(transport)},
      limiter_{{api.limits.begin(), api.limits.end()}},
      client_{*transport_, limiter_, clock_, with_jobs(client_options(api), options.jobs),
              std::random_device{}()} {}

}  // namespace callrail
