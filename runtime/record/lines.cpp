#include "lines.hpp"

#include "base64.hpp"
#include "json_line.hpp"
#include "quoted.hpp"

#include <callrail/utf8.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace callrail {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<Code, std::string_view>, 8> code_names{
    {{Code::try_later, "try_later"},
     {Code::bad_request, "bad_request"},
     {Code::bad_key, "bad_key"},
     {Code::forbidden, "forbidden"},
     {Code::not_found, "not_found"},
     {Code::bad_answer, "bad_answer"},
     {Code::sink_failed, "sink_failed"},
     {Code::cancelled, "cancelled"}}};

std::string_view name_of(Code code) {
  for (const auto& [known, name] : code_names)
    if (known == code) return name;
  return code_names.front().second;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    const auto beyond = std::ranges::find_if_not(text, is_ascii);
    text.remove_prefix(static_cast<std::size_t>(beyond - text.begin()));
    if (text.empty()) break;
    const Utf8 character = first_character(text);
    if (character.broken) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

/// The parts of an answer that are whole numbers, and may be missing.
constexpr std::array<std::pair<std::string_view, std::optional<int> Response::*>, 4> budgets{
    {{"hour_allowed", &Response::hour_allowed},
     {"hour_used", &Response::hour_used},
     {"day_allowed", &Response::day_allowed},
     {"day_used", &Response::day_used}}};

void put_body(JsonLine& line, std::string_view body, const BodyCleaner& cleaner) {
  const std::string clean = cleaner.clean(body);
  if (is_utf8(clean))
    line.text("body", clean);
  else
    line.text("body_base64", to_base64(clean));
}

bool put_int(int& out, JsonScan& scan) {
  const auto number = read_number(scan);
  if (!number || *number < std::numeric_limits<int>::min() ||
      *number > std::numeric_limits<int>::max())
    return false;
  out = static_cast<int>(*number);
  return true;
}

bool read_options(RecordingHeader& header, JsonScan& scan) {
  return read_members(scan, [&](Text name, JsonScan& in) {
    std::vector<std::string> values;
    if (!in.take('[')) return false;
    if (!in.take(']')) {
      do {
        auto value = read_text(in);
        if (!value) return false;
        values.push_back(*std::move(value));
      } while (in.take(','));
      if (!in.take(']')) return false;
    }
    return header.options.emplace(std::string{name}, std::move(values)).second;
  });
}

/// The inside of a string.
std::optional<std::string_view> long_string(JsonScan& scan) {
  if (!scan.take('"')) return std::nullopt;
  const std::size_t end = closing_quote(scan.rest());
  if (end == std::string_view::npos) return std::nullopt;
  const auto inside = scan.rest().substr(0, end);
  scan.skip(end + 1);
  return inside;
}

bool read_time(Clock::Wall& out, JsonScan& scan) {
  const auto time = read_number(scan);
  // Beyond this, dates overflow.
  constexpr std::int64_t most = 253'402'300'799'999;  // the end of the year 9999
  if (!time || *time < 0 || *time > most) return false;
  out = Clock::Wall{milliseconds{*time}};
  return true;
}

/// A line taken apart; the members of an answer may come in any order.
class LineReader {
 public:
  explicit LineReader(bool with_body) : with_body_{with_body} {}

  std::optional<Line> read(std::string_view text) {
    if (!text.ends_with('\n')) return std::nullopt;
    text.remove_suffix(1);
    JsonScan scan{text};
    if (!read_members(scan, [&](Text name, JsonScan& in) { return member(name, in); }) ||
        !scan.done())
      return std::nullopt;
    // An answer is either of the two.
    if (line_.target && has_status_ == has_error_) return std::nullopt;
    if (has_error_) line_.answer.result = std::unexpected(std::move(error_));
    if (line_.target) line_.answer.target = *line_.target;
    return std::move(line_);
  }

 private:
  bool member(Text name, JsonScan& in) {
    Response& response = *line_.answer.result;
    if (name == "callrail_recording") return (line_.version = read_number(in)).has_value();
    if (name == "end") return (line_.end = read_number(in)).has_value();
    if (name == "program") return put_into(line_.header.program, read_text(in));
    if (name == "schema") return put_into(line_.header.schema, read_text(in));
    if (name == "began_at") return read_time(line_.header.began_at, in);
    if (name == "options") return read_options(line_.header, in);
    if (name == "url") return (line_.target = read_text(in)).has_value();
    if (name == "at") return read_time(line_.answer.at, in);
    if (name == "status") return has_status_ = put_int(response.status, in);
    if (name == "content_type") return put_into(response.content_type, read_text(in));
    if (name == "retry_after") return (response.retry_after = read_text(in)).has_value();
    if (name == "location") return put_into(response.location, read_text(in));
    if (name == "wire_bytes") {
      const auto bytes = read_number(in);
      response.wire_bytes = static_cast<std::uint64_t>(bytes.value_or(0));
      return bytes && *bytes >= 0;
    }
    if (name == "error") return has_error_ = put_into(error_.what, read_text(in));
    if (name == "final") return put_into(error_.final, read_flag(in));
    if (name == "code") return code(in);
    if (name == "body" || name == "body_base64") return body(in, name != "body");
    for (const auto& [known, budget] : budgets)
      if (name == known) return put_int((response.*budget).emplace(), in);
    return in.value().has_value();  // of a later version that tells more
  }

  bool code(JsonScan& in) {
    const auto name = read_text(in);
    for (const auto& [code, known] : code_names)
      if (name == known) return error_.code = code, true;
    return false;
  }

  bool body(JsonScan& in, bool is_base64) {
    const auto quoted = long_string(in);
    if (!quoted || !with_body_) return quoted.has_value();
    Body& body = line_.answer.result->body;
    body = {};
    if (!is_base64) return append_unescaped(*quoted, body);
    const auto bytes = from_base64(*quoted);
    if (bytes) body.append(*bytes);
    return bytes.has_value();
  }

  bool with_body_;
  bool has_status_ = false, has_error_ = false;
  NetworkError error_;
  Line line_;
};

}  // namespace

std::string header_line(const RecordingHeader& header, const BodyCleaner& cleaner) {
  JsonLine line{cleaner.key()};
  line.number("callrail_recording", recording_version)
      .text("program", header.program)
      .text("schema", header.schema)
      .number("began_at", header.began_at.time_since_epoch().count())
      .open("options", '{');
  for (const auto& [name, values] : header.options) {
    line.open(name, '[');
    for (const std::string& value : values) line.item(cleaner.key().hidden(value));
    line.close(']');
  }
  line.close('}');
  return std::move(line).take();
}

std::string answer_line(std::string_view target, Clock::Wall at,
                        const std::expected<Response, NetworkError>& result,
                        const BodyCleaner& cleaner) {
  JsonLine line{cleaner.key()};
  line.text("url", cleaner.key().hidden(target)).number("at", at.time_since_epoch().count());
  if (!result) {
    line.text("error", cleaner.clean_text(result.error().what))
        .flag("final", result.error().final)
        .text("code", name_of(result.error().code));
    return std::move(line).take();
  }
  const Response& response = *result;
  line.number("status", response.status)
      .text("content_type", cleaner.clean_text(response.content_type));
  if (response.retry_after) line.text("retry_after", cleaner.clean_text(*response.retry_after));
  if (!response.location.empty()) line.text("location", cleaner.clean_text(response.location));
  for (const auto& [name, budget] : budgets)
    if (response.*budget) line.number(name, *(response.*budget));
  line.number("wire_bytes", response.wire_bytes);
  put_body(line, response.body.text(), cleaner);
  return std::move(line).take();
}

std::string end_line(std::size_t answers, const BodyCleaner& cleaner) {
  JsonLine line{cleaner.key()};
  line.number("end", answers);
  return std::move(line).take();
}

std::optional<Line> read_line(std::string_view line, bool with_body) {
  return LineReader{with_body}.read(line);
}

}  // namespace callrail
