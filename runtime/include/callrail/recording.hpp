#pragma once

#include <callrail/clock.hpp>
#include <callrail/result.hpp>
#include <callrail/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// Raised when this program could no longer read what an earlier one wrote, or the other way round.
inline constexpr int recording_version = 1;

/// What a run asked, so that a replay asks the same.
struct RecordingHeader {
  std::string program = {};   ///< the version that wrote it
  std::string schema = {};    ///< `schema_fingerprint` of the endpoints
  Clock::Wall began_at = {};  ///< what the run took for now
  /// Values of the options that shape requests, by name.
  std::map<std::string, std::vector<std::string>, std::less<>> options = {};
};

/// One answer of a run.
struct Recorded {
  std::string target;  ///< path and query; the whole address where it led to another host
  Clock::Wall at;      ///< when it came
  std::expected<Response, NetworkError> result;
};

/// The answers of a run, read from a file: gzip members one after the other, each a line of JSON.
///
/// The file is gone through once, to find where each answer lies; answers are unpacked when they
/// are asked for, one at a time. A file that ends within an answer is read up to there, with a
/// warning; any other damage is an error that names the byte.
class Recording {
 public:
  /// Unpacked bytes of one line; the transport takes no larger bodies either.
  static constexpr std::uint64_t most_unpacked = 256u << 20;

  static Result<Recording> open(const std::string& path);
  /// The same for bytes in memory, which must outlive the recording; `name` is for messages.
  static Result<Recording> parse(std::string_view bytes, std::string name = "the recording",
                                 std::uint64_t most = most_unpacked);

  Recording(Recording&&) noexcept;
  Recording& operator=(Recording&&) noexcept;
  ~Recording();

  const RecordingHeader& header() const;
  const std::string& name() const;
  const std::vector<std::string>& warnings() const;
  std::size_t answers() const;
  /// Numbers of the answers to one target, in the order in which they came.
  std::span<const std::size_t> of(std::string_view target) const;
  /// `number` counts from 0, in the order in which the answers came.
  Result<Recorded> answer(std::size_t number) const;

 private:
  struct Impl;
  explicit Recording(std::unique_ptr<Impl>);
  static Result<Recording> read(std::unique_ptr<Impl>);

  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
