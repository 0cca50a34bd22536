// Addresses, against libcurl's own reader: if the two saw different hosts, the key would go to the
// wrong one.
#include "fuzz.hpp"

#include <callrail/url.hpp>

#include <curl/curl.h>

#include <memory>

using namespace callrail;
using fuzz::require;

namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "(none)";
  std::string out{text};
  curl_free(text);
  return out;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

void check_against_curl(const std::string& text, const Url& ours) {
  const std::unique_ptr<CURLU, FreeUrl> theirs{curl_url()};
  // As curl_easy does it. What libcurl refuses is not sent.
  if (curl_url_set(theirs.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return;
  require(part(theirs.get(), CURLUPART_SCHEME) == ours.scheme, "libcurl sees the same scheme",
          text);
  require(part(theirs.get(), CURLUPART_PORT) == std::to_string(ours.port),
          "libcurl sees the same port", text);
  require(part(theirs.get(), CURLUPART_USER) == "(none)" &&
              part(theirs.get(), CURLUPART_PASSWORD) == "(none)",
          "libcurl sees no user", text);
  const std::string host = lower(part(theirs.get(), CURLUPART_HOST));
  // libcurl turns 127.1 and 0x7f000001 into four numbers. We keep the spelling, and compare it with
  // that of the base address.
  const bool numeric = ours.host.find_first_not_of("0123456789abcdefx.") == std::string::npos;
  require(host == ours.host || numeric || ours.host.starts_with('['), "libcurl sees the same host",
          text + " → " + host + " and " + ours.host);
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text : {"https://api.example.com/v3/a.json?page=2",
                                 "http://127.0.0.1:8080/x",
                                 "https://[::1]:443/",
                                 "HTTPS://API.Example.COM",
                                 "https://me:pw@example.com/",
                                 "https://example.com:0/",
                                 "https://example.com:99999",
                                 "https://example.com\\@evil.example",
                                 "https://example.com#@evil.example",
                                 "https://example.com?@evil.example/",
                                 "//example.com/x",
                                 "/v3/x",
                                 "ftp://example.com",
                                 "https://ex%61mple.com/",
                                 "https://127.1/",
                                 "https://0x7f000001/",
                                 "https://2130706433/",
                                 "https://[::ffff:127.0.0.1]/",
                                 "https://example.com./",
                                 "https://exa mple.com",
                                 "https:example.com",
                                 "https:///example.com",
                                 "https://a/../../b",
                                 "https://:443/",
                                 "https://[::1",
                                 "https://[::1]x:1/",
                                 "https://ex\xc3\xa4mple.com/",
                                 "https://example.com:443:80/",
                                 "http://localhost:1/v3///"})
    for (const std::string base : {"https://api.example.com", "http://127.0.0.1:8080"})
      out.push_back(static_cast<char>(base.size()) + base + text);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const std::string base{in.text(200)};
  const std::string text{in.rest()};

  const auto url = parse_url(text);
  if (url) {
    require(url->scheme == "http" || url->scheme == "https", "only http and https", text);
    require(!url->host.empty() && url->port != 0 && url->target.starts_with('/'),
            "an address is whole", text);
    for (const char c : text) require(c > 0x20 && c < 0x7f, "an address is plain ASCII", text);
    const std::string again =
        url->scheme + "://" + url->host + ":" + std::to_string(url->port) + url->target;
    const auto read = parse_url(again);
    require(read && same_origin(*read, *url) && read->target == url->target,
            "an address is read as it is written", again);
    require(same_origin(text, again), "an address has the origin of its spelling out", again);
    check_against_curl(text, *url);
  }
  if (same_origin(base, text)) {
    const auto first = parse_url(base);
    require(url && first && url->host == first->host && url->port == first->port &&
                url->scheme == first->scheme,
            "the same origin is the same scheme, host and port", text);
  }
  if (const auto checked = check_base_url(text)) {
    require(check_base_url(*checked) == *checked, "a checked base address stays as it is",
            *checked);
    const auto read = parse_url(*checked + "/v3/x");
    require(read && (read->scheme == "https" || is_loopback(read->host)),
            "no plain http beyond this machine", *checked);
  }
  const std::string segment = encode_segment(text);
  require(segment.find_first_of("/?#\\ \t\r\n") == std::string::npos && segment != "." &&
              segment != "..",
          "a value stays one step of a path", segment);
  const std::string made =
      make_url("https://api.example.com", "/v3/" + segment + "/calls.json", {{text, text}});
  const auto read = parse_url(made);
  require(read && read->host == "api.example.com" &&
              read->target.find("//") == (segment.empty() ? 3 : std::string::npos),
          "whatever an id is, the request goes to the same place", made);
  return 0;
}
