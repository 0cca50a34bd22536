#include "gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace callrail {
namespace {

constexpr int gzip_only = 15 + 16;
constexpr std::size_t block = 64 * 1024;
/// Memory that a rare large page took is given back after it.
constexpr std::size_t worth_keeping = 16u << 20;

/// zlib counts in 32 bits, and wants pointers it does not write through.
Bytef* bytes_of(const char* text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text));  // NOLINT: zlib's own idiom
}
uInt up_to(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

bool too_tight(std::uint64_t unpacked, std::uint64_t packed) {
  return unpacked > free_of_ratio && unpacked / most_ratio > packed;
}

}  // namespace

struct Packer::Stream : z_stream {};

Packer::Packer() : stream_{std::make_unique<Stream>()} {
  if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_only, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc{};
}
Packer::~Packer() { deflateEnd(stream_.get()); }

std::string_view Packer::pack(std::string_view text) {
  if (out_.capacity() > worth_keeping) out_ = {};
  const auto tight = packed(text, Z_DEFAULT_COMPRESSION);
  return too_tight(text.size(), tight.size()) ? packed(text, Z_NO_COMPRESSION) : tight;
}

std::string_view Packer::packed(std::string_view text, int level) {
  z_stream& stream = *stream_;
  deflateReset(&stream);
  deflateParams(&stream, level, Z_DEFAULT_STRATEGY);
  out_.resize(std::max(out_.size(), block));
  std::size_t done = 0;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (stream.avail_in == 0) {
      stream.avail_in = up_to(text.size());
      stream.next_in = bytes_of(text.data());
      text.remove_prefix(stream.avail_in);
    }
    if (done == out_.size()) out_.resize(out_.size() * 2);
    const uInt room = up_to(out_.size() - done);
    stream.next_out = bytes_of(out_.data() + done);
    stream.avail_out = room;
    result = deflate(&stream, text.empty() ? Z_FINISH : Z_NO_FLUSH);
    done += room - stream.avail_out;
  }
  return std::string_view{out_}.substr(0, done);
}

struct Unpacker::Stream : z_stream {
  std::array<char, block> in{};
};

Unpacker::Unpacker(std::unique_ptr<Bytes> bytes, std::uint64_t most)
    : stream_{std::make_unique<Stream>()}, bytes_{std::move(bytes)}, most_{most} {
  if (inflateInit2(stream_.get(), gzip_only) != Z_OK) throw std::bad_alloc{};
}
Unpacker::~Unpacker() { inflateEnd(stream_.get()); }

Result<Unpacker::Member> Unpacker::read(std::uint64_t offset, std::string& out) {
  if (out.capacity() > worth_keeping) out = {};
  // Twice this is the first step; pages are about as large.
  out.resize(std::max(out.size(), block));
  Stream& stream = *stream_;
  inflateReset(&stream);
  stream.avail_in = 0;
  std::uint64_t fetched = 0;  // of this member, and what lies behind it
  std::size_t done = 0;
  const auto used = [&] { return fetched - stream.avail_in; };
  while (true) {
    if (stream.avail_in == 0) {
      const auto got = bytes_->read(offset + fetched, stream.in.data(), stream.in.size());
      if (!got) return std::unexpected(got.error());
      if (*got == 0) {
        out.resize(done);
        return Member{fetched == 0 ? End::none : End::cut, fetched};
      }
      fetched += *got;
      stream.next_in = bytes_of(stream.in.data());
      stream.avail_in = static_cast<uInt>(*got);
    }
    if (done == out.size())
      out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(out.size() * 2, most_ + 1)));
    const uInt room = up_to(out.size() - done);
    stream.next_out = bytes_of(out.data() + done);
    stream.avail_out = room;
    const int result = inflate(&stream, Z_NO_FLUSH);
    done += room - stream.avail_out;
    if (done > most_)
      return fail(Code::bad_request,
                  fmt::format("byte {}: a line is larger than {} bytes unpacked", offset, most_));
    if (result == Z_STREAM_END) break;
    if (result != Z_OK && result != Z_BUF_ERROR)
      return fail(Code::bad_request,
                  fmt::format("byte {}: damaged ({})", offset + used(),
                              stream.msg != nullptr ? stream.msg : "not gzip as it is used here"));
  }
  if (too_tight(done, used()))
    return fail(Code::bad_request,
                fmt::format("byte {}: {} bytes unpack to {}, as no answer does; refused", offset,
                            used(), done));
  out.resize(done);
  return Member{End::whole, used()};
}

}  // namespace callrail
