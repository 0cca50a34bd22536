#pragma once

#include <callrail/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// The parts of an address that decide where a request, and with it the key, goes.
struct Url {
  std::string scheme;      ///< "http" or "https"
  std::string host;        ///< in lower case; an IPv6 address keeps its brackets
  std::uint16_t port = 0;  ///< as written, or the scheme's own
  std::string target;      ///< path and query as written; "/" if there is none
};

/// Reads an absolute address and refuses what two readers could understand in two ways: a user name
/// before the host, a backslash, blanks, bytes beyond ASCII, a fragment.
Result<Url> parse_url(std::string_view);

/// The same scheme, host and port, so the key may go there. False if either is no address.
bool same_origin(const Url&, const Url&);
bool same_origin(std::string_view, std::string_view);

/// "localhost", 127.0.0.0/8 or [::1], spelled like that: 127.1 and 0x7f000001 are not taken for it.
bool is_loopback(std::string_view host);

/// An address as a user gives it, without a trailing "/" or "/v3": paths bring their version along.
/// Refuses plain http to anything but this machine, because the key would be readable on the way.
Result<std::string> check_base_url(std::string_view);

/// Everything but letters, digits and "-._~" becomes %XX.
std::string percent_encode(std::string_view);
/// The same for one step of a path, where "." and ".." would lead elsewhere.
std::string encode_segment(std::string_view);

using Query = std::vector<std::pair<std::string, std::string>>;
/// base + path + "?a=b&c=d", names and values encoded; `path` is taken as it is.
std::string make_url(std::string_view base, std::string_view path, const Query& = {});

}  // namespace callrail
