#pragma once

#include "virtual_time.hpp"

#include <callrail/client.hpp>

#include <string>
#include <vector>

namespace callrail {

inline bool never() { return false; }

/// A client, its server, and everything it said while it waited.
struct Scene {
  VirtualClock clock;
  ScriptedTransport transport;
  Limiter limiter;
  Client client;
  std::vector<std::string> said;  // "page 3: 429, 1000 ms, 1 of 4"

  explicit Scene(ScriptedTransport::Handler handler, ClientOptions options = usual(),
                 std::vector<RateLimit> limits = {})
      : transport{clock, std::move(handler)},
        limiter{std::move(limits)},
        client{transport, limiter, clock, std::move(options), 42} {
    client.on_wait = [this](const Waiting& w) {
      said.push_back(w.what + ": " + w.reason + ", " + std::to_string(w.wait.count()) + " ms, " +
                     std::to_string(w.attempt) + " of " + std::to_string(w.attempts));
    };
  }

  static ClientOptions usual() {
    ClientOptions options;
    options.retry_statuses = {408, 429, 500, 502, 503, 504};
    return options;
  }

  /// "page 7" of https://example.com/7
  std::uint64_t get(int page) {
    return client.get(
        {"https://example.com/" + std::to_string(page), "page " + std::to_string(page)});
  }
  /// The one answer there is to come.
  Answer answer_to(int page) {
    get(page);
    if (auto found = client.next(never)) return std::move(*found);
    return {.result = fail(Code::cancelled, "no answer came"), .message = {}};
  }
  std::vector<std::string> urls() const {
    std::vector<std::string> urls;
    for (const auto& sent : transport.sent)
      urls.push_back(sent.url.substr(sizeof("https://example.com/") - 1));
    return urls;
  }
  /// Between two sends.
  std::chrono::milliseconds gap(std::size_t first, std::size_t second) const {
    return std::chrono::floor<std::chrono::milliseconds>(transport.sent.at(second).when -
                                                         transport.sent.at(first).when);
  }
};

/// Plays its answers one after the other, then {} for ever.
inline ScriptedTransport::Handler in_turn(std::vector<std::function<Scripted()>> turns) {
  return [turns = std::move(turns), next = std::size_t{0}](const Request&) mutable {
    return next < turns.size() ? turns[next++]() : answer(200, "{}");
  };
}
inline std::function<Scripted()> turn(int status, std::string body, std::string retry_after = {}) {
  return [=] { return answer(status, body, retry_after); };
}

}  // namespace callrail
