#include <callrail/recording_transport.hpp>

namespace callrail {

std::string recorded_target(const std::string& url, const Url& base) {
  auto parts = parse_url(url);
  if (!parts || !same_origin(*parts, base)) return url;
  return std::move(parts->target);
}

RecordingTransport::RecordingTransport(Transport& transport, RecordingWriter& writer,
                                       const Clock& clock, const std::string& base_url)
    : transport_{transport}, writer_{writer}, clock_{clock} {
  if (auto base = parse_url(base_url)) base_ = *std::move(base);
}

void RecordingTransport::start(std::uint64_t ticket, const Request& request) {
  if (!request.leads_on) targets_.insert_or_assign(ticket, recorded_target(request.url, base_));
  transport_.start(ticket, request);
}

std::optional<Finished> RecordingTransport::wait(Clock::Steady until) {
  auto finished = transport_.wait(until);
  if (!finished) return finished;
  if (const auto target = targets_.extract(finished->ticket))
    (void)writer_.add(target.mapped(), clock_.today(), finished->result);
  return finished;
}

void RecordingTransport::cancel_all() {
  targets_.clear();
  transport_.cancel_all();
}

}  // namespace callrail
