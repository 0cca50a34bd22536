#pragma once

#include "scopes.hpp"
#include "window.hpp"

#include <callrail/checkpoint.hpp>
#include <callrail/extract.hpp>

#include <string>
#include <vector>

namespace callrail {

/// All the scopes an endpoint is to be asked in; for few.
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
