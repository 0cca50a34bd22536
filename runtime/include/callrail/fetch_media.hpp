#pragma once

#include <callrail/client.hpp>
#include <callrail/media.hpp>
#include <callrail/media_transport.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

namespace callrail {

struct MediaOptions {
  std::string base_url;
  std::string key;  ///< of the API; an address that holds it is refused
  /// Fetching ends when one of these is used up; the rest is for a later run.
  std::uint64_t most_bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most_requests = std::numeric_limits<std::uint64_t>::max();  ///< to the API
  std::uint64_t most_file_bytes = 512u << 20;  ///< what is larger is no recording
  int tries = 3;                               ///< of a host that does not answer
};

/// Fetches what the store wants: asks the API for an address, and at once for what is behind it,
/// one item after the other.
///
/// Addresses of the API are asked with the key, through the client and its limits. Any other is
/// asked without it: only https (http on this machine if the API is there too), without a user
/// name, never back to the API, over five redirects at most. Addresses may let anybody in for a
/// day, so they are kept nowhere and stand in no message. One that is refused is asked for once
/// more.
MediaSummary fetch_media(const Api&, const MediaOptions&, MediaStore&, Client&, MediaTransport&,
                         const Clock&, const std::function<bool()>& stop,
                         const std::function<void(const MediaSummary&)>& progress);

/// The request for the address of an item.
std::string media_request(const std::string& base_url, const Media&, const MediaItem&);

}  // namespace callrail
