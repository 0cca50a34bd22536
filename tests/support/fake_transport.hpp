#pragma once

#include "virtual_time.hpp"

#include <callrail/fake/fake_api.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/random.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace callrail::test {

/// callrail-fake without a socket, in virtual time. The server handles a request somewhere between
/// its sending and its answer, so answers come out of order and the rows may change in between.
class FakeTransport final : public Transport {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::chrono::milliseconds up{10}, down{30};  ///< at most, each way
    std::chrono::milliseconds timeout{30'000};
    std::string key = "fake-key";
  };
  struct Sent {
    Clock::Steady when, handled;
    std::string url;
    int status = 0;  ///< 0: no answer
  };

  FakeTransport(VirtualClock& clock, fake::FakeApi& api, Options options)
      : clock_{clock}, api_{api}, options_{std::move(options)}, dice_{options_.seed} {}

  /// Called before the server handles a request, with the time it then is.
  std::function<void(fake::Instant)> before = [](fake::Instant) {};
  std::vector<Sent> sent;
  std::size_t most_at_once = 0;

  void start(std::uint64_t ticket, const Request& request) override {
    const auto up = milliseconds_up_to(options_.up), down = milliseconds_up_to(options_.down);
    const auto arrives = clock_.now() + up;
    flying_.push_back({ticket, request.url, sent.size(), arrives, arrives + down, false, {}});
    sent.push_back({clock_.now(), {}, request.url, 0});
    most_at_once = std::max(most_at_once, flying_.size());
  }

  std::optional<Finished> wait(Clock::Steady until) override {
    for (;;) {
      auto first = flying_.end();
      for (auto it = flying_.begin(); it != flying_.end(); ++it)
        if (first == flying_.end() || it->due() < first->due()) first = it;
      if (first == flying_.end() || first->due() > until) {
        clock_.advance_to(until);
        return std::nullopt;
      }
      clock_.advance_to(first->due());
      if (!first->handled) {
        handle(*first);
        continue;
      }
      Finished finished{first->ticket, std::move(*first->result), first->answered};
      flying_.erase(first);
      return finished;
    }
  }

  void cancel_all() override { flying_.clear(); }

 private:
  struct Flying {
    std::uint64_t ticket;
    std::string url;
    std::size_t number;
    Clock::Steady arrives, answered;
    bool handled;
    std::optional<std::expected<Response, NetworkError>> result;
    Clock::Steady due() const { return handled ? answered : arrives; }
  };

  std::chrono::milliseconds milliseconds_up_to(std::chrono::milliseconds most) {
    return std::chrono::milliseconds{1 + dice_.below(static_cast<std::uint64_t>(most.count()))};
  }

  void handle(Flying& flying) {
    flying.handled = true;
    sent[flying.number].handled = clock_.now();
    before(clock_.today());
    const auto scheme = flying.url.find("://");
    const auto slash = flying.url.find('/', scheme + 3);
    fake::Ask ask = fake::get(flying.url.substr(slash), clock_.today());
    ask.headers.emplace_back("Authorization", "Token token=\"" + options_.key + '"');
    ask.headers.emplace_back("Host", flying.url.substr(scheme + 3, slash - scheme - 3));
    fake::Reply reply = api_.handle(ask);
    flying.answered += reply.delay;
    flying.result = received(std::move(reply), flying);
    if (*flying.result) sent[flying.number].status = (*flying.result)->status;
  }

  std::unexpected<NetworkError> lost(std::string what) {
    return std::unexpected(NetworkError{std::move(what)});
  }

  /// What the real transport makes of the bytes, as its own tests against real sockets have it.
  std::expected<Response, NetworkError> received(fake::Reply reply, Flying& flying) {
    switch (reply.wire) {
      case fake::Wire::whole: break;
      case fake::Wire::refused:
      case fake::Wire::reset: return lost("the server closed the connection instead of answering");
      case fake::Wire::reset_in_body:
      case fake::Wire::short_body:
      case fake::Wire::bad_chunk: return lost("connection cut in the body");
      case fake::Wire::stall:
        flying.answered = flying.arrives + options_.timeout;
        return lost("timeout");
      case fake::Wire::slow:
        flying.answered = flying.arrives + std::chrono::seconds{10};
        return lost("the answer came too slowly");
      case fake::Wire::wrong_length: reply.body.resize(reply.body.size() / 2); break;
    }
    if (fake::same_word(reply.header("Content-Encoding"), "gzip")) {
      // The fake compresses only to break something: a damaged stream, or a few kB that unpack to
      // more than the cap.
      constexpr std::size_t bomb = 1 << 16;
      if (reply.body.size() < bomb) return lost("the compressed answer is damaged");
      return std::unexpected(
          NetworkError{"the answer is larger than 256 MiB unpacked", true, Code::bad_answer});
    }
    Response response;
    response.status = reply.status;
    response.body = Body{reply.body};
    response.content_type = reply.header("Content-Type");
    response.location = reply.header("Location");
    response.wire_bytes = reply.body.size();
    if (const Text after = reply.header("Retry-After"); !after.empty())
      response.retry_after = std::string{after};
    const auto number = [&](Text name) -> std::optional<int> {
      const auto value = fake::whole_number(reply.header(name));
      return value ? std::optional{static_cast<int>(*value)} : std::nullopt;
    };
    response.hour_allowed = number("x-rate-limit-hourly-allowed");
    response.hour_used = number("x-rate-limit-hourly-used");
    response.day_allowed = number("x-rate-limit-daily-allowed");
    response.day_used = number("x-rate-limit-daily-used");
    return response;
  }

  VirtualClock& clock_;
  fake::FakeApi& api_;
  Options options_;
  fake::Dice dice_;
  std::vector<Flying> flying_;
};

}  // namespace callrail::test
