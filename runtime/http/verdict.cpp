#include "verdict.hpp"

#include <callrail/error_message.hpp>
#include <callrail/retry.hpp>
#include <callrail/url.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail {
namespace {

constexpr std::size_t most_message = 4000;  ///< a list of every field the API refused still fits

std::string named(int status) {
  const std::string_view phrase = reason_phrase(status);
  return phrase.empty() ? fmt::format("{}", status) : fmt::format("{} {}", status, phrase);
}

/// Where a redirect leads, as far as a person needs it.
std::string destination(const std::string& location, const Request& request) {
  if (location.empty()) return "nowhere";
  auto url = parse_url(location);
  if (!url && location.starts_with("//")) url = parse_url("https:" + location);
  if (!url) url = parse_url(request.url);  // a path alone stays on the same host
  return url ? one_line(url->host) : "an unreadable address";
}

Code code_for(int status) {
  switch (status) {
    case 401: return Code::bad_key;
    case 403: return Code::forbidden;
    case 404: return Code::not_found;
    case 408:
    case 429: return Code::try_later;
    default: break;
  }
  if (status >= 400 && status < 500) return Code::bad_request;
  return status >= 500 && status < 600 ? Code::try_later : Code::bad_answer;
}

/// The budget of the day in the API's own count, if a refusal may come from it.
std::string used_up(const Response& response) {
  const auto spent = [](const std::optional<int>& used, const std::optional<int>& allowed) {
    return used && allowed && *used >= *allowed;
  };
  if (response.status != 429) return {};
  if (spent(response.day_used, response.day_allowed))
    return fmt::format("; {} of {} requests a day are used", *response.day_used,
                       *response.day_allowed);
  if (spent(response.hour_used, response.hour_allowed))
    return fmt::format("; {} of {} requests an hour are used", *response.hour_used,
                       *response.hour_allowed);
  return {};
}

}  // namespace

std::optional<Verdict> judge(const std::expected<Response, NetworkError>& result,
                             const Request& request, std::span<const int> retry_statuses) {
  Verdict verdict;
  if (!result) {
    const NetworkError& error = result.error();
    verdict.code = error.code;
    verdict.retry = !error.final;
    verdict.text = one_line(error.what, 300);
    verdict.reason = one_line(error.what, 80);
    return verdict;
  }

  const Response& response = *result;
  const int status = response.status;
  verdict.status = status;
  verdict.reason = fmt::format("{}", status);
  verdict.code = code_for(status);
  if (status >= 200 && status < 300) {
    if (!response.body.empty() && status != 204) return std::nullopt;
    verdict.retry = true;
    verdict.reason = "empty answer";
    verdict.text = fmt::format("empty answer ({})", status);
    return verdict;
  }
  if (request.leads_on && is_redirect(status) && !response.location.empty()) return std::nullopt;
  if (status >= 300 && status < 400) {
    verdict.text = fmt::format(
        "the API answered with a redirect to {}, which is refused ({}); check the base address",
        destination(response.location, request), status);
    return verdict;
  }
  const bool listed =
      std::find(retry_statuses.begin(), retry_statuses.end(), status) != retry_statuses.end();
  verdict.retry = status == 408 || status == 429 || listed;
  verdict.text = named(status) + used_up(response);
  verdict.message = error_message(response.body.text(), most_message);
  const std::string_view body = response.body.text();
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  verdict.in_json = first != body.npos && body[first] == '{';
  return verdict;
}

std::string describe(const Verdict& verdict, int tries) {
  std::string line = verdict.text;
  if (verdict.retry) line += fmt::format(" after {} {}", tries, tries == 1 ? "try" : "tries");
  if (!verdict.message.empty()) line += "; the API said: " + one_line(verdict.message);
  return line;
}

}  // namespace callrail
