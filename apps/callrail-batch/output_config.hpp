#pragma once

#include "config.hpp"

namespace callrail::cli {

class Reader;

/// Where rows go and what they look like there: --output, --format, --nested, …
void read_output(Reader&, Config&);

/// How databases are kept current: --mode, --lookback, … After `read_output` and the dates.
void read_sync(Reader&, const Api&, Verb, Mistakes&, Config&);

/// "sqlite:" and the like; a folder of such a name is written ./sqlite:…
bool looks_like_url(std::string_view);

/// An address as others may read it: without the password of a database.
std::string public_address(std::string_view);

}  // namespace callrail::cli
