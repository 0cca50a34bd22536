#include "tape.hpp"

#include "version.hpp"

#include <callrail/schema_fingerprint.hpp>

#include <fmt/format.h>

namespace callrail::cli {
namespace {

std::string fingerprint_of(const Api& api, const Config& config) {
  std::vector<const Endpoint*> endpoints;
  for (const Wanted& wanted : config.extract.endpoints) endpoints.push_back(wanted.endpoint);
  return schema_fingerprint(api, endpoints);
}

}  // namespace

Result<std::unique_ptr<Tape>> Tape::of_network(const Api& api, const Config& config,
                                               const Redaction& redaction,
                                               const CurlOptions& options) {
  std::unique_ptr<Tape> tape{new Tape{redaction}};
  tape->day_.emplace(tape->system_, config.now);
  auto network = std::make_unique<CurlTransport>(options);
  if (config.record.empty()) {
    tape->transport_ = std::move(network);
    return tape;
  }
  const RecordingHeader header{.program = std::string{version},
                               .schema = fingerprint_of(api, config),
                               .began_at = config.now,
                               .options = config.asked};
  auto writer = RecordingWriter::create(config.record, header, redaction);
  if (!writer) return std::unexpected(std::move(writer).error().in("--record"));
  tape->writer_ = *std::move(writer);
  tape->network_ = std::move(network);
  tape->transport_ = std::make_unique<RecordingTransport>(*tape->network_, *tape->writer_,
                                                          tape->system_, config.extract.base_url);
  return tape;
}

Result<std::unique_ptr<Tape>> Tape::play(const Api& api, const Config& config,
                                         const Redaction& redaction, const Recording& recording) {
  std::unique_ptr<Tape> tape{new Tape{redaction}};
  tape->replayed_.emplace(tape->system_, recording.header().began_at);
  tape->day_.emplace(*tape->replayed_, recording.header().began_at);
  tape->transport_ =
      std::make_unique<ReplayTransport>(recording, *tape->replayed_, config.extract.base_url);
  tape->warnings_ = recording.warnings();
  if (recording.header().schema != fingerprint_of(api, config))
    tape->warnings_.push_back(fmt::format(
        "{}: was made with another schema, by callrail-batch {}; fields may be missing, and "
        "requests may find no answer",
        recording.name(), recording.header().program));
  return tape;
}

void Tape::correct(Summary& summary) const {
  if (replayed_) {
    summary.took -= std::chrono::duration_cast<std::chrono::milliseconds>(replayed_->jumped());
    for (EndpointSummary& endpoint : summary.endpoints)
      forget_removed(endpoint.drift, secret_names_);
  }
  if (!failed() || !summary.ended || summary.ended->code != Code::cancelled) return;
  summary.ended = writer_->status().error();
  for (EndpointSummary& endpoint : summary.endpoints)
    if (endpoint.code == Code::cancelled) {
      endpoint.code = summary.ended->code;
      endpoint.reason = summary.ended->what;
    }
}

}  // namespace callrail::cli
