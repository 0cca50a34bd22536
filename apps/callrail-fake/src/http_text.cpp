#include <callrail/fake/http_text.hpp>
#include <callrail/fake/number.hpp>

#include <fmt/format.h>

namespace callrail::fake {
namespace {

Text take_line(Text& rest) {
  const auto end = rest.find("\r\n");
  const Text line = rest.substr(0, end);
  rest.remove_prefix(end == Text::npos ? rest.size() : end + 2);
  return line;
}

Text trimmed(Text text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

Text reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
  }
}

}  // namespace

std::optional<RequestHead> read_head(Text text) {
  const Text line = take_line(text);
  const auto first = line.find(' ');
  const auto second = line.rfind(' ');
  if (first == Text::npos || second <= first || !line.substr(second + 1).starts_with("HTTP/1."))
    return std::nullopt;
  Text target = line.substr(first + 1, second - first - 1);
  // A proxy's form: everything up to the path is the host again.
  if (const auto host = target.find("://"); host != Text::npos && !target.starts_with('/')) {
    const auto path = target.find('/', host + 3);
    target = path == Text::npos ? Text{"/"} : target.substr(path);
  }
  if (!target.starts_with('/')) return std::nullopt;
  RequestHead head;
  head.ask = get(target);
  head.ask.method = line.substr(0, first);
  head.keep_alive = line.ends_with("HTTP/1.1");
  while (!text.empty()) {
    const Text header = take_line(text);
    if (header.empty()) break;
    const auto colon = header.find(':');
    if (colon == Text::npos) return std::nullopt;
    head.ask.headers.emplace_back(header.substr(0, colon), trimmed(header.substr(colon + 1)));
  }
  if (same_word(head.ask.header("Connection"), "close")) head.keep_alive = false;
  if (const Text length = head.ask.header("Content-Length"); !length.empty()) {
    const auto size = whole_number(length);
    if (!size) return std::nullopt;
    head.body_size = *size;
  }
  return head;
}

std::string write_head(const Reply& reply, std::optional<std::uint64_t> length, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status));
  for (const auto& [name, value] : reply.headers) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  if (!length)
    out += "Transfer-Encoding: chunked\r\n";
  else if (reply.status != 204)
    out += fmt::format("Content-Length: {}\r\n", *length);
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return out;
}

}  // namespace callrail::fake
