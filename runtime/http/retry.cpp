#include <callrail/retry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace callrail {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours a_year{24 * 365};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text[0] == '-' || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::optional<unsigned> month(std::string_view name) {
  constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = name.size() == 3 ? names.find(name) : names.npos;
  if (at == names.npos || at % 3 != 0) return std::nullopt;
  return static_cast<unsigned>(at / 3 + 1);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994".
std::optional<Clock::Wall> http_date(std::string_view text) {
  std::array<std::string_view, 6> words{};
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,-"), text.size());
    if (end > 0) {
      if (count == words.size()) return std::nullopt;
      words[count++] = text.substr(0, end);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (count < 5 || !is_letter(words[0][0])) return std::nullopt;
  if (count == 5 && is_letter(words[1][0])) {  // C's asctime: month first, year last
    words = {words[0], words[2], words[1], words[4], words[3], "GMT"};
    count = 6;
  }
  if (count != 6 || words[5] != "GMT" || words[4].size() != 8) return std::nullopt;

  const auto day = number(words[1]), year = number(words[3]);
  const auto in_year = month(words[2]);
  const auto hour = number(words[4].substr(0, 2)), minute = number(words[4].substr(3, 2)),
             second = number(words[4].substr(6, 2));
  if (!day || !year || !in_year || !hour || !minute || !second) return std::nullopt;
  if (words[4][2] != ':' || words[4][5] != ':' || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  int full_year = *year;
  if (words[3].size() == 2) full_year += *year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year{full_year}, std::chrono::month{*in_year},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || full_year > 9999) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view header, Clock::Wall today) {
  const std::size_t from = header.find_first_not_of(" \t");
  if (from == header.npos) return std::nullopt;
  header = header.substr(from, header.find_last_not_of(" \t") - from + 1);
  if (header.find_first_not_of("0123456789") == header.npos) {
    const auto seconds = number(header);  // nothing: more digits than a sane number has
    return seconds ? std::min<milliseconds>(std::chrono::seconds{*seconds}, a_year) : a_year;
  }
  const auto date = http_date(header);
  if (!date || *date <= today) return std::nullopt;
  return std::min<milliseconds>(*date - today, a_year);
}

std::optional<int> parse_budget(std::string_view header) { return number(header); }

milliseconds backoff(milliseconds first, int tries, milliseconds longest, std::mt19937_64& random) {
  milliseconds wait = std::min(first, longest);
  for (int n = 1; n < tries && wait < longest; ++n) wait = std::min(wait * 2, longest);
  const auto percent_of_percent = static_cast<std::int64_t>(random() % 4001);
  return std::min(wait * (8000 + percent_of_percent) / 10000, longest);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 414: return "URI Too Long";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return {};
  }
}

std::string spell_duration(milliseconds time) {
  using namespace std::chrono;
  const auto whole = round<seconds>(time);
  if (time < 10s) {
    const auto tenths = (time.count() + 50) / 100;
    return tenths % 10 == 0 ? fmt::format("{} s", tenths / 10)
                            : fmt::format("{}.{} s", tenths / 10, tenths % 10);
  }
  if (whole < 2min) return fmt::format("{} s", whole.count());
  const auto minutes_left = ceil<minutes>(whole).count();
  if (whole < 1h) return fmt::format("{} min", minutes_left);
  const auto h = minutes_left / 60, m = minutes_left % 60;
  return m == 0 ? fmt::format("{} h", h) : fmt::format("{} h {} min", h, m);
}

}  // namespace callrail
