#include <callrail/fake/ask.hpp>
#include <callrail/fake/gzip.hpp>

#include <zlib.h>

#include <stdexcept>

namespace callrail::fake {
namespace {

constexpr int raw_window = -15, gzip_window = 15 + 16;

/// Deflates all of `text` with the given way to end, into `out`.
void deflate_all(std::string& out, Text text, int window, int flush) {
  z_stream stream{};
  // Speed, not size: this is a loopback.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc{};
  const std::size_t before = out.size();
  out.resize(before + deflateBound(&stream, static_cast<uLong>(text.size())) + 64);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
  stream.avail_out = static_cast<uInt>(out.size() - before);
  deflate(&stream, flush);
  out.resize(before + stream.total_out);
  deflateEnd(&stream);
}

void little_endian(std::string& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

std::string gzip(Text text) {
  std::string out;
  deflate_all(out, text, gzip_window, Z_FINISH);
  return out;
}

std::string gzip_bomb(std::uint64_t megabytes) {
  // One deflated megabyte that ends on a byte and refers to nothing before it can be repeated.
  const std::string megabyte(1 << 20, ' ');
  std::string block;
  deflate_all(block, megabyte, raw_window, Z_FULL_FLUSH);
  std::string out{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10};
  const auto bytes = reinterpret_cast<const Bytef*>(megabyte.data());
  const uLong one = crc32(0, bytes, static_cast<uInt>(megabyte.size()));
  uLong sum = crc32(0, nullptr, 0);
  for (std::uint64_t i = 0; i < megabytes; ++i) {
    out += block;
    sum = crc32_combine(sum, one, static_cast<z_off_t>(megabyte.size()));
  }
  out += std::string{"\x03\x00", 2};  // an empty last block
  little_endian(out, static_cast<std::uint32_t>(sum));
  little_endian(out, static_cast<std::uint32_t>(megabytes << 20));
  return out;
}

bool accepts_gzip(Text header) {
  while (!header.empty()) {
    Text one = header.substr(0, header.find(','));
    header.remove_prefix(std::min(one.size() + 1, header.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const Text name = one.substr(0, one.find_first_of("; "));
    const auto q = one.find("q=");
    const bool refused =
        q != Text::npos && one.substr(q + 2).find_first_of("123456789") == Text::npos;
    if ((same_word(name, "gzip") || name == "*") && !refused) return true;
  }
  return false;
}

}  // namespace callrail::fake
