#pragma once

#include "inflater.hpp"

#include <callrail/body.hpp>
#include <callrail/transport.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace callrail {

/// What the client asks answers to be packed with; nothing else is taken.
inline constexpr std::string_view accepted_codings = "gzip";

enum class Coding : std::uint8_t { none, gzip, unknown };
/// What a Content-Encoding says, if there is one.
Coding coding_of(const std::optional<std::string>& header);

/// A body out of its gzip, however many members that has: no byte may follow the last one.
/// Fails for good beyond `most` bytes; what is damaged or cut may come whole the next time.
std::expected<Body, NetworkError> unpack_gzip(Inflater&, std::string_view packed,
                                              std::uint64_t most);

/// "the answer is larger than 1,000 bytes unpacked; ask for fewer rows"
NetworkError too_large_unpacked(std::uint64_t most);

/// 9999 → "9,999"
std::string grouped(std::uint64_t number);

}  // namespace callrail
