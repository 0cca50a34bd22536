#pragma once

#include <callrail/result.hpp>
#include <callrail/url.hpp>

#include <string>
#include <string_view>

namespace callrail {

/// Where a redirect from `url` leads: an address of its own, or a path on the same host.
std::string where_it_leads(const Url& url, std::string_view location);

/// Whether bytes may be asked for there. Errors name the host alone: the rest of an address may let
/// anybody in.
Result<Url> check_media_address(std::string_view address, const Url& base, std::string_view key);

/// A member of a JSON object that is text; empty: there is none.
std::string text_member(std::string_view json, std::string_view name);

}  // namespace callrail
