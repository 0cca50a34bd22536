#pragma once

#include "config.hpp"

#include <callrail/curl_transport.hpp>
#include <callrail/recording_transport.hpp>
#include <callrail/redact.hpp>
#include <callrail/replay.hpp>

#include <memory>
#include <optional>

namespace callrail::cli {

/// Where the answers of a run come from: the network, the network with --record, or a recording.
class Tape {
 public:
  /// Opens the file for --record; its error is bad_request if that is another file's name.
  static Result<std::unique_ptr<Tape>> of_network(const Api&, const Config&, const Redaction&,
                                                  const CurlOptions&);
  static Result<std::unique_ptr<Tape>> play(const Api&, const Config&, const Redaction&,
                                            const Recording&);

  Transport& transport() { return *transport_; }
  Clock& clock() { return replayed_ ? static_cast<Clock&>(*replayed_) : system_; }
  /// For what is asked: the same date from the first request to the last.
  const Clock& day() const { return *day_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  /// The answers cannot be recorded any more, so there is no sense in asking on.
  bool failed() const { return writer_ && !writer_->status(); }
  /// Says why a run was stopped that could not be recorded; takes out of a replay what only a
  /// replay has.
  void correct(Summary&) const;
  Status finish() { return writer_ ? writer_->finish() : Status{}; }

 private:
  explicit Tape(const Redaction& redaction) : secret_names_{redaction.secret_names} {}

  std::vector<std::string> secret_names_, warnings_;
  SystemClock system_;
  std::optional<ReplayClock> replayed_;
  std::optional<OneDayClock> day_;
  std::unique_ptr<Transport> network_, transport_;
  std::unique_ptr<RecordingWriter> writer_;
};

}  // namespace callrail::cli
