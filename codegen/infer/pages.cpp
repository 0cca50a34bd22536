#include "pages.hpp"

#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace callrail::codegen {
namespace {

constexpr int recording_format = 1;

/// One gzip member after the other.
class Unpacking {
 public:
  explicit Unpacking(std::string_view bytes) : rest_{bytes} {
    good_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // gzip only
  }
  ~Unpacking() { inflateEnd(&stream_); }
  Unpacking(const Unpacking&) = delete;
  Unpacking& operator=(const Unpacking&) = delete;

  /// The next member; nothing at the end, or where the file is cut or damaged.
  std::optional<std::string> next() {
    if (!good_ || rest_.empty()) return std::nullopt;
    inflateReset(&stream_);
    std::string out;
    for (int result = Z_OK; result != Z_STREAM_END;) {
      std::array<char, 64 * 1024> room;
      const auto given = std::min<std::size_t>(rest_.size(), std::numeric_limits<uInt>::max());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
      stream_.avail_in = static_cast<uInt>(given);
      stream_.next_out = reinterpret_cast<Bytef*>(room.data());
      stream_.avail_out = static_cast<uInt>(room.size());
      result = inflate(&stream_, Z_NO_FLUSH);
      rest_.remove_prefix(given - stream_.avail_in);
      out.append(room.data(), room.size() - stream_.avail_out);
      if ((result != Z_OK && result != Z_STREAM_END) || out.size() > most_unpacked)
        return good_ = false, std::nullopt;
    }
    return out;
  }

 private:
  std::string_view rest_;
  z_stream stream_{};
  bool good_ = false;
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// Path and query of an address with or without a host.
void take_apart(std::string_view url, Page& page) {
  if (const auto host = url.find("://"); host != url.npos) {
    url.remove_prefix(host + 3);
    url.remove_prefix(std::min(url.find('/'), url.size()));
  }
  const auto question = url.find('?');
  page.path = url.substr(0, question);
  std::string_view query = question == url.npos ? "" : url.substr(question + 1);
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    const auto equals = std::min(part.find('='), part.size());
    page.query.emplace_back(decoded(part.substr(0, equals)),
                            decoded(part.substr(std::min(part.size(), equals + 1))));
  }
}

std::expected<std::vector<Page>, std::string> answers_of(const std::string& name,
                                                         std::string_view bytes) {
  Unpacking members{bytes};
  simdjson::dom::parser parser;
  std::vector<Page> out;
  bool first = true;
  while (const auto line = members.next()) {
    simdjson::dom::object object;
    if (parser.parse(*line).get(object)) break;
    std::int64_t version = 0, status = 0;
    if (first && (object["callrail_recording"].get(version) || version != recording_format))
      return std::unexpected(name + ": is packed, but no recording of callrail-batch --record");
    first = false;
    std::string_view url, body;
    if (object["url"].get(url) || object["status"].get(status) || status != 200 ||
        object["body"].get(body))
      continue;
    Page page{.from = name, .path = {}, .query = {}, .json = std::string{body}};
    take_apart(url, page);
    out.push_back(std::move(page));
  }
  if (first)
    return std::unexpected(name + ": is packed, but no recording of callrail-batch --record");
  if (out.empty()) return std::unexpected(name + ": no answer in it has rows");
  return out;
}

}  // namespace

std::expected<std::vector<Page>, std::string> pages_in(const std::string& name,
                                                       std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) return answers_of(name, bytes);
  return std::vector{Page{.from = name, .path = {}, .query = {}, .json = std::string{bytes}}};
}

}  // namespace callrail::codegen
