#include <callrail/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace callrail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_unreserved(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::unexpected<Error> refuse(std::string reason) {
  return fail(Code::bad_request, std::move(reason));
}

bool is_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_ipv6(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  host = host.substr(1, host.size() - 2);
  return std::all_of(host.begin(), host.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
  });
}

/// A decimal number below 256 without leading zeros, which some readers take for octal.
bool is_octet(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return false;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 && value < 256;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  for (const char c : text)
    if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '#')
      return refuse("the address holds a character that does not belong there");

  Url url;
  const std::size_t colon = text.find("://");
  if (colon == text.npos) return refuse("the address does not start with https://");
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https")
    return refuse("the address does not start with https://");

  std::string_view rest = text.substr(colon + 3);
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view place = rest.substr(0, end);
  url.target = rest.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');

  // Before anything else, and without quoting it: what stands there may be a password.
  if (place.find('@') != place.npos) return refuse("the address holds a user name or password");

  const std::size_t port = place.find(':', place.starts_with('[') ? place.find(']') : 0);
  url.port = url.scheme == "https" ? 443 : 80;
  if (port != place.npos) {
    const std::string_view digits = place.substr(port + 1);
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc{} || stop != digits.data() + digits.size() || url.port == 0)
      return refuse("the port of the address is not a number from 1 to 65535");
    place = place.substr(0, port);
  }
  url.host = lower(place);
  if (!is_name(url.host) && !is_ipv6(url.host)) return refuse("the address names no host");
  return url;
}

bool same_origin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto left = parse_url(a), right = parse_url(b);
  return left && right && same_origin(*left, *right);
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host == "::1") return true;
  int octets = 0;
  bool first = true;
  for (;;) {
    const std::size_t dot = host.find('.');
    const std::string_view octet = host.substr(0, dot);
    if (!is_octet(octet) || (first && octet != "127")) return false;
    first = false;
    ++octets;
    if (dot == host.npos) return octets == 4;
    host.remove_prefix(dot + 1);
  }
}

Result<std::string> check_base_url(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == text.npos) return refuse("the base address is empty");
  text = text.substr(from, text.find_last_not_of(" \t") - from + 1);

  auto url = parse_url(text);
  if (!url) return std::unexpected(std::move(url).error().in("base address"));
  if (url->target.find('?') != url->target.npos)
    return refuse("base address: a query (?…) has no place in it");
  if (url->scheme == "http" && !is_loopback(url->host))
    return refuse(fmt::format(
        "base address: plain http would show the key on the way to {}; write https://", url->host));

  std::string_view path = url->target;
  // Until nothing is left to take off, so that a checked address stays as it is.
  for (bool version = true; version;) {
    while (path.ends_with('/')) path.remove_suffix(1);
    const std::size_t last = path.rfind('/');
    version =
        last != path.npos && path.size() > last + 2 && path[last + 1] == 'v' &&
        std::all_of(path.begin() + static_cast<std::ptrdiff_t>(last) + 2, path.end(), is_digit);
    if (version) path = path.substr(0, last);
  }

  const bool usual = url->port == (url->scheme == "https" ? 443 : 80);
  return fmt::format("{}://{}{}{}", url->scheme, url->host,
                     usual ? std::string{} : fmt::format(":{}", url->port), path);
}

std::string percent_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string encode_segment(std::string_view text) {
  if (text == ".") return "%2E";
  if (text == "..") return "%2E%2E";
  return percent_encode(text);
}

std::string make_url(std::string_view base, std::string_view path, const Query& query) {
  std::string url{base};
  url += path;
  char separator = path.find('?') == path.npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    url += separator;
    url += percent_encode(name);
    url += '=';
    url += percent_encode(value);
    separator = '&';
  }
  return url;
}

}  // namespace callrail
