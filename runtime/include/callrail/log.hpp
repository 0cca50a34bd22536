#pragma once

#include <callrail/redact.hpp>
#include <callrail/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

enum class LogLevel { debug, info, warning, error, critical };
enum class LogFormat {
  text,  ///< 2025-07-23 10:05:13,047 - callrail_extractor - INFO - [run endpoint] text
  json,  ///< one object a line: time (UTC), level, logger, run, endpoint, message
};

/// DEBUG, INFO, WARN, WARNING, ERROR or CRITICAL in any case.
std::optional<LogLevel> parse_log_level(std::string_view);

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  std::string file;  ///< its folder is created (0700); empty: no file
  /// Then it becomes run.1.log, and that one run.2.log …; 0: never. Several processes may write
  /// into one file: none of them loses a line.
  std::uint64_t rotate_bytes = 10'000'000;
  std::size_t rotate_files = 5;  ///< kept beside the current one
  std::string run;               ///< stands on each line; empty: neither it nor the endpoint
  /// A line that begins with one of these ("calls: …", "endpoint 1/2 calls: …") is about it.
  std::vector<std::string> endpoints;
  /// Gets every line too, without its end, if set.
  std::function<void(std::string_view line)> print;
  Redaction redaction;
};

/// The log of a run. Every line has been redacted, whoever wrote it.
class Log {
 public:
  /// Fails if the file cannot be opened.
  static Result<Log> open(LogOptions);
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;
  ~Log();

  void write(LogLevel, std::string_view message);
  void debug(std::string_view message) { write(LogLevel::debug, message); }
  void info(std::string_view message) { write(LogLevel::info, message); }
  void warning(std::string_view message) { write(LogLevel::warning, message); }
  void error(std::string_view message) { write(LogLevel::error, message); }

 private:
  struct Impl;
  explicit Log(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
