#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/fake/ask.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace callrail::fake {

/// At which requests something happens: "calls:3", "calls:2-4", "calls:5-", "*:1", "tags:*",
/// "*:*/10". Counted from 1, and by endpoint; "*" counts all requests.
struct Trigger {
  std::string endpoint = "*";
  std::uint64_t first = 1;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t every = 1;

  bool fires(Text name, std::uint64_t nth, std::uint64_t nth_of_all) const;
};

/// Splits "calls:3=reset:9" into its trigger and the word behind the equals sign.
Result<std::pair<Trigger, std::string>> read_trigger(Text, const Api&);

enum class Trouble : std::uint8_t {
  status,
  // the connection
  refused,
  reset,
  reset_in_body,
  stall,
  slow,
  short_body,
  wrong_length,
  bad_chunk,
  bad_gzip,
  bomb,
  // the body as a whole
  html,
  empty,
  no_content,
  cut_json,
  bad_utf8,
  wrong_envelope,
  top_array,
  redirect_same,
  redirect_other,
  // the list
  repeated_page,
  next_loop,
  next_other_host,
  totals_high,
  totals_low,
  // the rows
  duplicate,
  new_field,
  type_change,
  null_key,
  unknown_enum,
  big_text,
  nul_text,
  missing_field,
};

struct TroubleName {
  Trouble trouble;
  Text name;
  Text argument;  ///< what may stand behind ":"
  Text what;
};

/// How a 429 or 503 says when to come back.
enum class RetryAfter : std::uint8_t { none, seconds, date, nonsense, negative, huge };

struct Fault {
  Trigger trigger;
  Trouble trouble = Trouble::status;
  int status = 0;
  RetryAfter retry_after = RetryAfter::none;
  std::string argument;
};

/// What stands behind the equals sign: "reset", "stall:5s", "503", "429-date:30", "500-html".
/// Refuses what would change no answer.
Result<Fault> read_fault(Text spelled, const Api&);
/// The field of the key that stands in the rows, the first of several; npos if none does.
std::size_t key_in_rows(const Endpoint&);
std::span<const TroubleName> all_troubles();

/// What an error says, by status.
Text error_text(int status);
/// The value of a Retry-After header; empty for none.
std::string retry_after_value(RetryAfter, std::chrono::seconds wait, Instant now);
Result<RetryAfter> read_retry_after(Text);
/// "Tue, 10 Mar 2026 12:00:00 GMT"
std::string http_date(std::chrono::sys_seconds);

}  // namespace callrail::fake
