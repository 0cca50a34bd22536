#include <callrail/read_all.hpp>
#include <callrail/rows_sink.hpp>

namespace callrail {

Result<EndpointSummary> read_all(Connection& connection, const Endpoint& endpoint,
                                 const std::function<Status(const Rows&)>& take,
                                 const ReadOptions& options) {
  ExtractOptions all;
  all.base_url = connection.base_url();
  all.fixed = options.fixed;
  all.range = options.range;
  const bool named = !options.fields.empty();
  all.endpoints.push_back(
      {&endpoint, named ? options.fields : Selection::everything(endpoint), named});
  RowsSink sink{[&](const Table&, const Rows& rows) { return take(rows); }};
  Events silent;
  Summary summary = extract(connection.api(), all, connection.client(), sink, connection.clock(),
                            silent, options.stop);
  if (summary.ended) return std::unexpected(*std::move(summary.ended));
  EndpointSummary& read = summary.endpoints.front();
  if (read.outcome != Outcome::complete)
    return fail(read.code.value_or(Code::bad_answer), read.name + ": " + read.reason);
  return std::move(read);
}

}  // namespace callrail
