#include <callrail/recording_transport.hpp>
#include <callrail/replay.hpp>
#include <callrail/retry.hpp>

#include <algorithm>

namespace callrail {

ReplayTransport::ReplayTransport(const Recording& recording, ReplayClock& clock,
                                 const std::string& base_url)
    : recording_{recording}, clock_{clock}, asked_(recording.answers()) {
  if (auto base = parse_url(base_url)) base_ = *std::move(base);
}

void ReplayTransport::start(std::uint64_t ticket, const Request& request) {
  const std::string target = recorded_target(request.url, base_);
  const auto answers = recording_.of(target);
  if (answers.empty()) {
    unknown_.push_back(ticket);
    return;
  }
  const std::size_t nth = asked_[answers.front()]++;
  recorded_.push_back({ticket, answers[std::min(nth, answers.size() - 1)]});
}

std::expected<Response, NetworkError> ReplayTransport::answer(std::size_t number) const {
  auto recorded = recording_.answer(number);
  if (!recorded)
    return std::unexpected(NetworkError{std::move(recorded).error().what, true, Code::bad_request});
  // A date tells how long to wait only to who knows when it was said; then it may have passed.
  if (recorded->result && recorded->result->retry_after) {
    auto& header = recorded->result->retry_after;
    const auto wait = parse_retry_after(*header, recorded->at);
    header.reset();
    if (wait) header = std::to_string(std::chrono::ceil<std::chrono::seconds>(*wait).count());
  }
  return std::move(recorded->result);
}

std::optional<Finished> ReplayTransport::wait(Clock::Steady until) {
  if (!recorded_.empty()) {
    const Asked next = recorded_.front();
    recorded_.pop_front();
    return Finished{next.ticket, answer(next.number), clock_.now()};
  }
  if (!unknown_.empty()) {
    const std::uint64_t ticket = unknown_.front();
    unknown_.pop_front();
    // bad_request: what was asked fits the recording no better the next time.
    return Finished{ticket,
                    std::unexpected(NetworkError{
                        "the recording " + recording_.name() + " has no answer to this request",
                        true, Code::bad_request}),
                    clock_.now()};
  }
  clock_.jump_to(until);
  return std::nullopt;
}

void ReplayTransport::cancel_all() {
  recorded_.clear();
  unknown_.clear();
}

}  // namespace callrail
