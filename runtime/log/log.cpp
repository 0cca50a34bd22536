#include "formatters.hpp"
#include "rotating_file.hpp"

#include <callrail/log.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <mutex>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace callrail {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                              spdlog::level::err, spdlog::level::critical};
  return levels[static_cast<std::size_t>(level)];
}

class PrintSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit PrintSink(std::function<void(std::string_view)> print) : print_{std::move(print)} {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view text{line.data(), line.size()};
    if (text.ends_with('\n')) text.remove_suffix(1);
    print_(text);
  }
  void flush_() override {}

 private:
  std::function<void(std::string_view)> print_;
};

/// Folders on the way to the file, readable by nobody else: a log tells whose calls were read.
void make_folder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::exists(folder)) return;
  make_folder(folder.parent_path());
  ::mkdir(folder.c_str(), 0700);  // a failure shows when the file is opened
}

class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(RotatingFile file) : file_{std::move(file)} {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.append({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  RotatingFile file_;
};

}  // namespace

struct Log::Impl {
  spdlog::logger logger;
};

Log::Log(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;
Log::~Log() = default;

Result<Log> Log::open(LogOptions options) {
  std::vector<spdlog::sink_ptr> sinks;
  if (!options.file.empty()) {
    make_folder(std::filesystem::path{options.file}.parent_path());
    RotatingFile file{options.file, options.rotate_bytes, options.rotate_files};
    if (!file.open())
      return fail(Code::sink_failed,
                  "log file " + options.file +
                      ": cannot be written; name another with --log-file, or none");
    sinks.push_back(std::make_shared<FileSink>(std::move(file)));
  }
  if (options.print) sinks.push_back(std::make_shared<PrintSink>(std::move(options.print)));

  auto impl = std::make_unique<Impl>(
      Impl{spdlog::logger{"callrail_extractor", sinks.begin(), sinks.end()}});
  impl->logger.set_level(to_spdlog(options.level));
  impl->logger.flush_on(spdlog::level::trace);
  impl->logger.set_formatter(make_formatter(options.format, std::move(options.redaction),
                                            std::move(options.run), std::move(options.endpoints)));
  // A full disk must not end the run because of its log; the destination reports it better.
  impl->logger.set_error_handler([](const std::string&) {});
  return Log{std::move(impl)};
}

void Log::write(LogLevel level, std::string_view message) {
  impl_->logger.log(to_spdlog(level), spdlog::string_view_t{message.data(), message.size()});
}

std::optional<LogLevel> parse_log_level(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, LogLevel>, 6> levels{
      {{"DEBUG", LogLevel::debug},
       {"INFO", LogLevel::info},
       {"WARN", LogLevel::warning},
       {"WARNING", LogLevel::warning},
       {"ERROR", LogLevel::error},
       {"CRITICAL", LogLevel::critical}}};
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  const auto found = std::ranges::find_if(levels, [&](const auto& entry) {
    return std::ranges::equal(entry.first, text, {}, {}, upper);
  });
  if (found == levels.end()) return std::nullopt;
  return found->second;
}

}  // namespace callrail
