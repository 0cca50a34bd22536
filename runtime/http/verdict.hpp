#pragma once

#include <callrail/result.hpp>
#include <callrail/transport.hpp>

#include <optional>
#include <span>
#include <string>

namespace callrail {

/// Why an answer is not the rows that were asked for, and whether asking again may help.
struct Verdict {
  Code code = Code::bad_answer;
  bool retry = false;
  int status = 0;        ///< 0: no answer came
  std::string reason;    ///< short, for a line about waiting: "429", "connection reset"
  std::string text;      ///< "429 Too Many Requests"
  std::string message;   ///< what the API said
  bool in_json = false;  ///< and said as JSON: what stands before it answers in HTML, or in nothing
};

/// Nothing for a 2xx answer with a body.
std::optional<Verdict> judge(const std::expected<Response, NetworkError>&, const Request&,
                             std::span<const int> retry_statuses);

/// The line for the error: "429 Too Many Requests after 4 tries; the API said: slow down".
std::string describe(const Verdict&, int tries);

}  // namespace callrail
