#pragma once

#include "config.hpp"

#include <callrail/client.hpp>

#include <functional>
#include <string>

namespace callrail::cli {

/// Of ids the user named and the key does not see, a line that lists those it does see; empty if
/// there are none. The API says 404 to such an id, as it does to a list without rows: so this asks
/// only where a list could not be read, one request.
std::string unknown_ids(const Api&, const Config&, const Summary&, Client&, const Clock&,
                        const std::function<bool()>& stop);

}  // namespace callrail::cli
