#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/key_list.hpp>
#include <callrail/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// Told of the rows that have something to fetch. It keeps them, because they may be fetched long
/// after the rows were written, by another process.
class MediaQueue {
 public:
  virtual ~MediaQueue() = default;
  /// May come for the same row again. `scope`: of the list it was read in.
  virtual void add(const Endpoint&, const Media&, const Scope&, Text key) = 0;
  /// What was added survives the process. To be called before a checkpoint says that the rows do,
  /// or a crash between the two would lose what belongs to them.
  virtual Status commit() = 0;
};

/// What belongs to one row.
struct MediaItem {
  std::int64_t number = 0;  ///< in the store
  std::string endpoint, field, key;
  Scope scope;
};

/// Takes the bytes of one item; gone without a trace unless `keep` succeeded.
class MediaWriter {
 public:
  virtual ~MediaWriter() = default;
  virtual Status write(std::string_view) = 0;
  /// They are all there: makes them visible, for good.
  virtual Status keep() = 0;
};

/// Where fetched bytes go: a folder, later a database. Failures are Code::sink_failed.
class MediaStore : public MediaQueue {
 public:
  /// The next item that is not here, each once; nothing: that was the last one.
  virtual Result<std::optional<MediaItem>> next() = 0;
  virtual Result<std::unique_ptr<MediaWriter>> open(const MediaItem&, const Media&) = 0;
  /// The API no longer has it: not to be asked for again soon.
  virtual Status missing(const MediaItem&, std::string_view why) = 0;
  /// It could not be fetched: a later run tries again.
  virtual Status failed(const MediaItem&, std::string_view why) = 0;

  struct Counts {
    std::uint64_t here = 0, wanted = 0, missing = 0;
  };
  virtual Result<Counts> count() = 0;
  virtual std::string where() const = 0;  ///< "recordings"
};

/// What became of the items of a run, and of those that earlier runs left.
struct MediaSummary {
  std::string where;
  bool tried = true;           ///< false: the run ended before, or only says what it would do
  std::uint64_t fetched = 0;   ///< now
  std::uint64_t bytes = 0;     ///< of these
  std::uint64_t here = 0;      ///< before
  std::uint64_t missing = 0;   ///< the API no longer has them
  std::uint64_t failed = 0;    ///< now; a later run tries again
  std::uint64_t left = 0;      ///< not tried
  std::uint64_t requests = 0;  ///< to the API
  std::string used_up;         ///< the budget that left some of them: "10 requests"; empty: none
  std::vector<std::string> failures;  ///< why, of the first few
  std::optional<Error> ended;         ///< what ended it early
  std::chrono::milliseconds took{0};
};

}  // namespace callrail
