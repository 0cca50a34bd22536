#pragma once

#include <callrail/client.hpp>
#include <callrail/extract.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// What reading an endpoint would take.
struct PlannedEndpoint {
  std::string name = {};
  bool wanted = true;                      ///< else only the keys are needed, for the others
  std::uint64_t lists = 0;                 ///< one for each account, or company of an account
  std::optional<std::uint64_t> rows = {};  ///< unknown where lists were counted and not their rows
  std::uint64_t requests = 0;
  bool at_least = false;                      ///< the requests are a lower bound: one for each list
  std::string from = {}, to = {}, zone = {};  ///< of an endpoint with dates
  std::optional<Error> refused = {};
  std::string price = {};      ///< why nobody reads it without naming it
  bool each_list = false;      ///< a list is one request, whatever it holds
  bool lists_by_days = false;  ///< the dates are those of the rows that it has a list for
};

struct Plan {
  std::vector<PlannedEndpoint> endpoints;  ///< in the order a run reads them
  std::optional<Error> ended = {};         ///< what ended the counting early: 401, stopped
  /// The keys that were listed, by the request parameter they fill.
  std::map<std::string, std::vector<std::string>, std::less<>> keys = {};
};

/// Requests for a list of so many rows, with pages of that size: the pages, and one more for about
/// every eight of them to prove that nothing moved meanwhile.
std::uint64_t requests_for(std::uint64_t rows, int page_size);

/// Counts what a run with these options would read, with one request of one row for each list; rows
/// are fetched only of lists without parents, whose keys the others need. Where an endpoint is read
/// once for each row of another list (each company), those are counted and not listed.
Plan plan(const Api&, const ExtractOptions&, Client&, const Clock&,
          const std::function<bool()>& stop);

}  // namespace callrail
