#include <callrail/fake/faults.hpp>
#include <callrail/fake/limits.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/quirks.hpp>
#include <callrail/fake/spelling.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

constexpr TroubleName names[] = {
    {Trouble::status, "NNN", "", "any status from 300 to 599, with the body the API would send"},
    {Trouble::status, "NNN-html", "", "the same with a web page as its body"},
    {Trouble::status, "NNN-empty", "", "the same without a body"},
    {Trouble::status, "NNN-seconds", "N", "the same with Retry-After: N (1)"},
    {Trouble::status, "NNN-date", "N", "the same with Retry-After: the date in N seconds (1)"},
    {Trouble::status, "NNN-nonsense", "", "the same with Retry-After: soon"},
    {Trouble::status, "NNN-negative", "", "the same with Retry-After: -5"},
    {Trouble::status, "NNN-huge", "", "the same with Retry-After: 99999999999"},
    {Trouble::refused, "refused", "", "reset at once: the nearest a listening server comes to it"},
    {Trouble::reset, "reset", "", "reset before the answer begins"},
    {Trouble::reset_in_body, "reset-in-body", "", "reset in mid body"},
    {Trouble::stall, "stall", "TIME", "half of the body, then nothing for TIME (1m), then closed"},
    {Trouble::slow, "slow", "TIME", "one byte at a time, TIME (1s) apart"},
    {Trouble::short_body, "short-body", "", "closed early under a true Content-Length"},
    {Trouble::wrong_length, "wrong-length", "", "Content-Length is half of the body"},
    {Trouble::bad_chunk, "bad-chunk", "", "chunked, and the second chunk has no size"},
    {Trouble::bad_gzip, "bad-gzip", "", "said to be gzip, and broken in the middle"},
    {Trouble::bomb, "bomb", "MB", "a few kB that unpack to MB (320) megabytes"},
    {Trouble::html, "html", "", "200 with a web page"},
    {Trouble::empty, "empty", "", "200 without a body"},
    {Trouble::no_content, "no-content", "", "204"},
    {Trouble::cut_json, "cut-json", "", "200 with the first half of the JSON"},
    {Trouble::bad_utf8, "bad-utf8", "", "200 with bytes that are no UTF-8"},
    {Trouble::wrong_envelope, "wrong-envelope", "", "the rows stand in a member called items"},
    {Trouble::top_array, "top-array", "", "an array of rows without anything around it"},
    {Trouble::redirect_same, "redirect-same", "", "302 to another path of this host"},
    {Trouble::redirect_other, "redirect-other", "URL", "302 to URL, or to a host elsewhere"},
    {Trouble::repeated_page, "repeated-page", "", "the rows of the page before"},
    {Trouble::next_loop, "next-loop", "", "the next page is this one"},
    {Trouble::next_other_host, "next-other-host", "HOST", "the next page is on HOST"},
    {Trouble::totals_high, "totals-high", "N", "the total is N (7) more than the list has"},
    {Trouble::totals_low, "totals-low", "N", "the total is N (7) less than the list has"},
    {Trouble::duplicate, "duplicate", "", "the first row of the page comes twice"},
    {Trouble::new_field, "new-field", "NAME", "the first row has a field nobody knows"},
    {Trouble::type_change, "type-change", "FIELD",
     "FIELD of the first row is an object of all things"},
    {Trouble::null_key, "null-key", "", "the key of the first row is null"},
    {Trouble::unknown_enum, "unknown-enum", "FIELD", "FIELD of the first row has a new word"},
    {Trouble::big_text, "big-text", "FIELD", "FIELD of the first row is 1 MiB long"},
    {Trouble::nul_text, "nul-text", "FIELD", "FIELD of the first row holds a NUL"},
    {Trouble::missing_field, "missing-field", "FIELD", "no row of the page has FIELD"},
};

constexpr std::pair<Text, RetryAfter> retry_words[] = {
    {"none", RetryAfter::none},         {"seconds", RetryAfter::seconds},
    {"date", RetryAfter::date},         {"nonsense", RetryAfter::nonsense},
    {"negative", RetryAfter::negative}, {"huge", RetryAfter::huge}};

/// Faults of what the API says about a list, and those of its rows.
bool is_of_pages(Trouble t) { return t >= Trouble::repeated_page && t <= Trouble::totals_low; }
bool is_of_rows(Trouble t) {
  return t >= Trouble::duplicate || t == Trouble::wrong_envelope || t == Trouble::top_array;
}

/// Why no answer of the endpoint would be another one; empty if one may be.
std::string no_effect(Trouble trouble, const Endpoint& endpoint) {
  const bool one_row = endpoint.rows == Endpoint::row_itself;
  if (one_row && (is_of_pages(trouble) || trouble == Trouble::duplicate))
    return "its answer is one row";
  if (endpoint.dates.whole && is_of_pages(trouble)) return "its sums come in one piece";
  if (trouble == Trouble::null_key && key_in_rows(endpoint) == Endpoint::npos)
    return "its key does not stand in the rows";
  const auto has_words = [](const Field& f) { return f.type == Type::enumeration && !f.gone; };
  if (trouble == Trouble::unknown_enum && std::ranges::none_of(endpoint.fields, has_words))
    return "none of its fields has a list of words";
  return {};
}

/// Of all endpoints together, one that it has an effect on will do.
Status check_effect(const Fault& fault, const TroubleName& named, const Api& api) {
  const std::string& where = fault.trigger.endpoint;
  const Endpoint* endpoint = api.find(where);
  if (named.argument == "FIELD" && !fault.argument.empty()) {
    const auto has_it = [&](const Endpoint* e) {
      return e->find(fault.argument) != Endpoint::npos;
    };
    if (where == "*" && std::ranges::none_of(api.endpoints, has_it))
      return fail(Code::bad_request, fmt::format("no endpoint has a field {}", fault.argument));
    if (endpoint != nullptr && !has_it(endpoint)) {
      std::vector<Text> fields;
      for (const Field& field : endpoint->fields) fields.push_back(field.name);
      return fail(Code::bad_request, fmt::format("{} has no field {}{}", where, fault.argument,
                                                 did_you_mean(closest(fault.argument, fields))));
    }
  }
  std::string why;
  if (endpoint != nullptr)
    why = no_effect(fault.trouble, *endpoint);
  else if (where != "*" && (is_of_pages(fault.trouble) || is_of_rows(fault.trouble)))
    why = "there are no rows in its answers";
  if (why.empty()) return {};
  return fail(Code::bad_request,
              fmt::format("fault {} has no effect on {}: {}", named.name, where, why));
}

bool is_number(Text text) { return text.size() < 10 && whole_number(text).has_value(); }

Result<Fault> read_status(Text word, std::string argument) {
  Fault fault;
  const auto dash = word.find('-');
  const Text digits = word.substr(0, dash);
  fault.status = static_cast<int>(is_number(digits) ? *whole_number(digits) : 0);
  if (fault.status < 300 || fault.status > 599)
    return fail(Code::bad_request, fmt::format("{} is no status from 300 to 599", digits));
  if (dash == Text::npos) return fault;
  const Text form = word.substr(dash + 1);
  if (form == "html" || form == "empty") {
    fault.argument = form;
    return fault;
  }
  const auto retry = read_retry_after(form);
  if (!retry || *retry == RetryAfter::none)
    return fail(Code::bad_request,
                fmt::format("{} is no form of a status; --list-faults shows all", form));
  fault.retry_after = *retry;
  fault.argument = std::move(argument);
  if (!fault.argument.empty() && !is_number(fault.argument))
    return fail(Code::bad_request, fmt::format("{} is no number of seconds", fault.argument));
  return fault;
}

}  // namespace

std::span<const TroubleName> all_troubles() { return names; }

Result<RetryAfter> read_retry_after(Text word) {
  for (const auto& [name, value] : retry_words)
    if (name == word) return value;
  return fail(Code::bad_request,
              fmt::format("{} is none of seconds, date, nonsense, negative, huge, none", word));
}

Result<Fault> read_fault(Text spelled, const Api& api) {
  auto split = read_trigger(spelled, api);
  if (!split) return std::unexpected(split.error());
  const Text all = split->second;
  const Text word = all.substr(0, all.find(':'));
  const std::string argument{word.size() < all.size() ? all.substr(word.size() + 1) : Text{}};
  Fault fault;
  const TroubleName* named = nullptr;
  if (!word.empty() && word.front() >= '0' && word.front() <= '9') {
    auto status = read_status(word, argument);
    if (!status) return status;
    fault = std::move(*status);
  } else {
    const auto found = std::ranges::find_if(names, [&](const TroubleName& n) {
      return n.name == word && n.trouble != Trouble::status;
    });
    if (found == std::end(names)) {
      std::vector<Text> known;
      for (const TroubleName& n : names) known.push_back(n.name);
      return fail(Code::bad_request, fmt::format("unknown fault {}{} (--list-faults shows all)",
                                                 word, did_you_mean(closest(word, known))));
    }
    if (found->argument.empty() && !argument.empty())
      return fail(Code::bad_request, fmt::format("fault {} takes no value", word));
    if (!argument.empty() && found->argument == "TIME")
      if (const auto time = read_duration(argument); !time) return std::unexpected(time.error());
    if (!argument.empty() && (found->argument == "N" || found->argument == "MB") &&
        !is_number(argument))
      return fail(Code::bad_request, fmt::format("fault {}: {} is no number", word, argument));
    fault.trouble = found->trouble;
    fault.argument = argument;
    named = found;
  }
  fault.trigger = std::move(split->first);
  if (named != nullptr)
    if (auto has_one = check_effect(fault, *named, api); !has_one)
      return std::unexpected(std::move(has_one).error());
  return fault;
}

std::size_t key_in_rows(const Endpoint& endpoint) {
  const std::span<const Text> keys =
      endpoint.key.empty() ? endpoint.keys : std::span{&endpoint.key, 1};
  for (const Text key : keys) {
    const std::size_t field = endpoint.find(key);
    if (field == Endpoint::npos) continue;
    const Sent sent = endpoint.fields[field].sent;
    if (sent != Sent::of_request && sent != Sent::ordinal) return field;
  }
  return Endpoint::npos;
}

Text error_text(int status) {
  switch (status) {
    case 400: return "bad request";
    case 401: return "invalid api key";
    case 403: return "You do not have permission to perform the requested action";
    case 404: return "not found";
    case 405: return "method not allowed";
    case 406: return "not acceptable";
    case 408: return "request timeout";
    case 422: return "Color is not included in the list";
    case 429: return "rate limit exceeded";
    case 500: return "internal server error";
    case 503: return "service unavailable";
    default: return "error";
  }
}

std::string retry_after_value(RetryAfter form, std::chrono::seconds wait, Instant now) {
  using namespace std::chrono;
  switch (form) {
    case RetryAfter::none: return {};
    case RetryAfter::seconds: return std::to_string(wait.count());
    case RetryAfter::nonsense: return "soon";
    case RetryAfter::negative: return "-5";
    case RetryAfter::huge: return "99999999999";
    case RetryAfter::date: break;
  }
  // Whole seconds, rounded up: a date cannot say less.
  return http_date(ceil<seconds>(now) + wait);
}

std::string http_date(std::chrono::sys_seconds at) {
  using namespace std::chrono;
  static constexpr Text week[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr Text months_of_year[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", week[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months_of_year[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace callrail::fake
