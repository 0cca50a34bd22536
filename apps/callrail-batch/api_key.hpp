#pragma once

#include "env_file.hpp"
#include "environment.hpp"

#include <callrail/result.hpp>

#include <string>

namespace callrail::cli {

struct ApiKey {
  std::string text;
  std::string origin;  ///< "environment CALLRAIL_API_KEY"; empty: there is none
};

/// The key from CALLRAIL_API_KEY, or the file that CALLRAIL_API_KEY_FILE names, first in the
/// environment, then in .env; an empty CALLRAIL_API_KEY counts as none. Never from an option:
/// everybody on a machine sees arguments. None at all is no error here; a file that others can
/// read, and text that is no key, is.
Result<ApiKey> find_api_key(const Environment&, const EnvFile&);

/// What to tell somebody who has not set one.
std::string missing_key_message();

}  // namespace callrail::cli
