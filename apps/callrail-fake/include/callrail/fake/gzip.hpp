#pragma once

#include <callrail/types.hpp>

#include <cstdint>
#include <string>

namespace callrail::fake {

std::string gzip(Text);
/// A valid gzip body of a few kB a hundred megabytes that unpacks to blanks.
std::string gzip_bomb(std::uint64_t megabytes);
/// Whether an Accept-Encoding header asks for gzip.
bool accepts_gzip(Text header);

}  // namespace callrail::fake
