#pragma once

#include "window.hpp"

#include <callrail/checkpoint.hpp>
#include <callrail/extract.hpp>

#include <map>
#include <string>
#include <vector>

namespace callrail {

/// The keys of rows that were read, with the scope they were read in. Lists that are asked once for
/// each of them wait for these.
struct ParentKeys {
  using Key = SavedEndpoint::Key;
  std::map<std::string, std::vector<Key>, std::less<>> by_endpoint;
};

/// The scopes an endpoint is to be asked in: one for each account, or for each company of each
/// account, and one for each company the user named where the list can be narrowed to it.
std::vector<Scope> scopes_of(const Endpoint&, const ExtractOptions&, const ParentKeys&);

/// The endpoints whose rows are needed to know the scopes, nearest first, without those whose
/// values the user fixed.
std::vector<Text> parents_needed(const Api&, const Endpoint&, const ExtractOptions&);

/// One list: everything but the page.
struct List {
  Scope scope;
  Window window;

  std::string label() const;  ///< "ACC1 COM2"; empty without a scope
};

/// The address of a list, without page and size.
std::string list_address(const ExtractOptions&, const Endpoint&, const List&,
                         const std::vector<std::string>& fields);

}  // namespace callrail
