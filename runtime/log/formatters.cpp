#include "formatters.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace callrail {
namespace {

spdlog::string_view_t upper_name(spdlog::level::level_enum level) {
  constexpr std::array names{"TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "OFF"};
  return names[static_cast<std::size_t>(level)];
}

void append(spdlog::memory_buf_t& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

/// %* of the pattern: spdlog's own %l is in lower case.
class UpperLevel final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const auto name = upper_name(message.level);
    append(out, {name.data(), name.size()});
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<UpperLevel>();
  }
};

std::unique_ptr<spdlog::formatter> text_lines() {
  auto lines = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::local, "\n");
  lines->add_flag<UpperLevel>('*').set_pattern("%Y-%m-%d %H:%M:%S,%e - %n - %* - %v");
  return lines;
}

/// Which endpoint a message is about, by how it begins.
std::string_view endpoint_of(std::string_view message, const std::vector<std::string>& endpoints) {
  constexpr std::string_view place = "endpoint ";
  if (message.starts_with(place))
    message.remove_prefix(std::min(message.find(' ', place.size()), message.size() - 1) + 1);
  for (const std::string& name : endpoints)
    if (message.starts_with(name) && (message.size() == name.size() ||
                                      message[name.size()] == ':' || message[name.size()] == ' '))
      return name;
  return {};
}

/// What stands on each line beside the message.
struct About {
  std::string run;
  std::vector<std::string> endpoints;
};

/// spdlog's patterns cannot escape, so JSON has its own spelling.
class JsonLines final : public spdlog::formatter {
 public:
  explicit JsonLines(About about) : about_{std::move(about)} {}
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    using namespace std::chrono;
    const auto when = floor<milliseconds>(message.time);
    const auto day = floor<days>(when);
    const year_month_day date{day};
    const hh_mm_ss time{when - day};
    const auto level = upper_name(message.level);
    fmt::format_to(fmt::appender(out),
                   "{{\"time\":\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z\",\"level\":\"{}\","
                   "\"logger\":\"{}\"",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                   time.seconds().count(), time.subseconds().count(),
                   std::string_view{level.data(), level.size()},
                   std::string_view{message.logger_name.data(), message.logger_name.size()});
    if (!about_.run.empty()) {
      const auto name =
          endpoint_of({message.payload.data(), message.payload.size()}, about_.endpoints);
      fmt::format_to(fmt::appender(out), ",\"run\":\"{}\",\"endpoint\":", about_.run);
      append(out, name.empty() ? "null" : "\"" + std::string{name} + "\"");
    }
    append(out, ",\"message\":\"");
    for (const char c : std::string_view{message.payload.data(), message.payload.size()}) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    append(out, "\"}\n");
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>(about_);
  }

 private:
  About about_;
};

class Redacting final : public spdlog::formatter {
 public:
  /// `in_front`: of the message; of nothing where the lines say it themselves.
  Redacting(std::unique_ptr<spdlog::formatter> lines, Redaction redaction, About in_front)
      : lines_{std::move(lines)}, redaction_{std::move(redaction)}, about_{std::move(in_front)} {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    // Only the message: a date in front of it is no phone number.
    std::string clean =
        escape_controls(redact({message.payload.data(), message.payload.size()}, redaction_));
    if (!about_.run.empty()) {
      const auto name = endpoint_of(clean, about_.endpoints);
      clean = fmt::format("[{} {}] {}", about_.run, name.empty() ? "-" : name, clean);
    }
    spdlog::details::log_msg copy = message;
    copy.payload = clean;
    lines_->format(copy, out);
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<Redacting>(lines_->clone(), redaction_, about_);
  }

 private:
  std::unique_ptr<spdlog::formatter> lines_;
  Redaction redaction_;
  About about_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format, Redaction redaction,
                                                  std::string run,
                                                  std::vector<std::string> endpoints) {
  About about{std::move(run), std::move(endpoints)};
  if (format == LogFormat::json)
    return std::make_unique<Redacting>(std::make_unique<JsonLines>(std::move(about)),
                                       std::move(redaction), About{});
  return std::make_unique<Redacting>(text_lines(), std::move(redaction), std::move(about));
}

}  // namespace callrail
