#include "address.hpp"

#include <simdjson.h>

namespace callrail {

std::string where_it_leads(const Url& url, std::string_view location) {
  if (location.starts_with("//")) return url.scheme + ":" + std::string{location};
  if (!location.starts_with('/')) return std::string{location};
  const bool usual = url.port == (url.scheme == "https" ? 443 : 80);
  return url.scheme + "://" + url.host + (usual ? "" : ":" + std::to_string(url.port)) +
         std::string{location};
}

Result<Url> check_media_address(std::string_view address, const Url& base, std::string_view key) {
  auto url = parse_url(address);
  if (!url) return url;
  if (same_origin(*url, base)) return url;
  if (!key.empty() && address.find(key) != address.npos)
    return fail(Code::bad_answer,
                "the address on " + url->host +
                    " holds the API key; refused, because the key would go there");
  const bool here = is_loopback(url->host), api_here = is_loopback(base.host);
  if (here && !api_here)
    return fail(Code::bad_answer, "the address points to this machine; refused");
  if (url->scheme == "http" && !here)
    return fail(Code::bad_answer, "the address on " + url->host +
                                      " is plain http; refused, because anybody could listen");
  return url;
}

std::string text_member(std::string_view json, std::string_view name) {
  // Recordings are large, and copied to be parsed.
  if (const auto first = json.find_first_not_of(" \t\r\n");
      first == json.npos || json[first] != '{')
    return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view value;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return {};
  // Not by a path: whatever the name holds is a part of it.
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return {};
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return {};
  return std::string{value};
}

}  // namespace callrail
