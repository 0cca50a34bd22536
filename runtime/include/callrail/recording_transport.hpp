#pragma once

#include <callrail/recording_writer.hpp>
#include <callrail/transport.hpp>
#include <callrail/url.hpp>

#include <map>
#include <string>

namespace callrail {

/// What an address is called in a recording: path and query, because host and port are the same for
/// all; the whole address where they are not.
std::string recorded_target(const std::string& url, const Url& base);

/// Keeps every answer of another transport. Whether that still works, the writer knows.
class RecordingTransport final : public Transport {
 public:
  RecordingTransport(Transport& transport, RecordingWriter& writer, const Clock& clock,
                     const std::string& base_url);

  void start(std::uint64_t ticket, const Request&) override;
  std::optional<Finished> wait(Clock::Steady until) override;
  void cancel_all() override;

 private:
  Transport& transport_;
  RecordingWriter& writer_;
  const Clock& clock_;
  Url base_;
  std::map<std::uint64_t, std::string> targets_;  ///< by ticket
};

}  // namespace callrail
