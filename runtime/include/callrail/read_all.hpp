#pragma once

#include <callrail/connection.hpp>
#include <callrail/extract.hpp>
#include <callrail/processor.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace callrail {

struct ReadOptions {
  DateRange range = {};   ///< of endpoints with dates; empty: as far as the API keeps rows
  Selection fields = {};  ///< empty: every field a list can send
  /// Values of request parameters: "account_id" → {…}, or of a filter. Without: every account,
  /// every company.
  std::map<std::string, std::vector<std::string>, std::less<>> fixed = {};
  std::function<bool()> stop = [] { return false; };
};

/// Reads an endpoint as callrail-batch does and hands over its rows in their final order. They come
/// window by window, once a window is settled. An error if any of it could not be read; how sure it
/// is that nothing is missing stands in the summary.
Result<EndpointSummary> read_all(Connection&, const Endpoint&,
                                 const std::function<Status(const Rows&)>& take,
                                 const ReadOptions& = {});

/// The same with each row as a record, which is good until the function returns:
/// `read_all<api::Call>(connection, [](const api::Call& call) { … })`.
template <Record R, std::invocable<const R&> Each>
Result<EndpointSummary> read_all(Connection& connection, Each each,
                                 const ReadOptions& options = {}) {
  const auto take = [&](const Rows& rows) -> Status {
    for (const R& record : records<R>(rows)) each(record);
    return {};
  };
  return read_all(connection, Processor<R>::endpoint(), take, options);
}

}  // namespace callrail
