#pragma once

#include <expected>
#include <string>
#include <utility>

namespace callrail {

/// What the caller can do about an error, which is the only thing worth branching on.
enum class Code {
  try_later,    ///< Network, 429 or 5xx that outlived its retries.
  bad_request,  ///< The API refused the request, or an option is wrong.
  bad_key,      ///< 401: the key was refused. Nothing else will work either.
  forbidden,    ///< 403: this key may not read this endpoint.
  not_found,    ///< 404.
  bad_answer,   ///< The answer is not what the schema says, and asking again did not help.
  sink_failed,  ///< The destination refused or lost data.
  cancelled,    ///< Asked to stop.
  held,         ///< Another process has the destination.
};

/// `what` is one line that names place, reason and, where there is one, the next step.
struct Error {
  Code code;
  std::string what;

  /// "calls page 3: " + what
  Error in(std::string_view place) && {
    what.insert(0, std::string{place} + ": ");
    return std::move(*this);
  }
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

inline std::unexpected<Error> fail(Code code, std::string what) {
  return std::unexpected<Error>(Error{code, std::move(what)});
}

}  // namespace callrail
