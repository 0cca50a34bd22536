#include "gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>

namespace callrail {
namespace {

constexpr int gzip_only = 15 + 16;
constexpr std::size_t block = 64 * 1024;
/// Memory that a rare large page took is given back after it; larger ones go piece by piece.
constexpr std::size_t worth_keeping = 16u << 20;
/// The file is read a sixteenth of this at a time, and more only where members are larger.
constexpr std::size_t most_ahead = 4u << 20;

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

/// Where zlib reads piece by piece; only then its memory is taken.
struct Unpacker::Stream : z_stream {
  Stream() : z_stream{} {
    if (inflateInit2(this, gzip_only) != Z_OK) throw std::bad_alloc{};
  }
  Stream(const Stream&) = delete;
  ~Stream() { inflateEnd(this); }
  std::array<char, block> in{};
};

Unpacker::Unpacker(std::unique_ptr<Bytes> bytes, std::uint64_t most)
    : bytes_{std::move(bytes)}, most_{most} {}
Unpacker::~Unpacker() = default;

Result<Unpacker::Member> Unpacker::read(std::uint64_t offset) {
  if (room_ > worth_keeping) out_.reset(), room_ = 0;
  if (const auto member = read_in_one_go(offset)) return *member;
  return read_piece_by_piece(offset);
}

/// What lay there is lost.
void Unpacker::make_room(std::size_t size) {
  out_ = std::make_unique_for_overwrite<char[]>(size);
  room_ = size;
}

/// Reads the stretch of the file that begins at `offset`.
Status Unpacker::look_at(std::uint64_t offset) {
  file_begin_ = offset;
  file_size_ = 0;
  while (file_size_ < file_.size()) {
    const auto got =
        bytes_->read(offset + file_size_, file_.data() + file_size_, file_.size() - file_size_);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
    file_size_ += *got;
  }
  return {};
}

/// Nothing where that does not do: the member is large, cut or damaged, or cannot be read.
std::optional<Unpacker::Member> Unpacker::read_in_one_go(std::uint64_t offset) {
  if (file_.empty()) file_.resize(most_ahead / 16);
  if (room_ == 0) make_room(4 * block);
  if (offset < file_begin_ || offset >= file_begin_ + file_size_)
    if (!look_at(offset)) return std::nullopt;
  while (true) {
    const auto packed = std::string_view{file_}
                            .substr(0, file_size_)
                            .substr(static_cast<std::size_t>(offset - file_begin_));
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(room_, most_));
    const auto member = inflater_.unpack(packed, out_.get(), room);
    switch (member.outcome) {
      case Inflater::Outcome::whole:
        if (too_tight(member.unpacked, member.packed)) return std::nullopt;
        return Member{End::whole, member.packed, {out_.get(), member.unpacked}};
      case Inflater::Outcome::no_room:
        if (room == most_ || room_ * 2 > worth_keeping) return std::nullopt;
        make_room(room_ * 2);
        break;
      case Inflater::Outcome::damaged:  // or it goes on behind what was read of the file
        if (file_size_ < file_.size()) return std::nullopt;
        if (offset == file_begin_) {
          if (file_.size() == most_ahead) return std::nullopt;
          file_.resize(file_.size() * 2);
        }
        if (!look_at(offset)) return std::nullopt;
        break;
    }
  }
}

Result<Unpacker::Member> Unpacker::read_piece_by_piece(std::uint64_t offset) {
  const auto stream = std::make_unique<Stream>();
  std::string out(block, '\0');
  std::uint64_t fetched = 0;  // of this member, and what lies behind it
  std::size_t done = 0;
  const auto used = [&] { return fetched - stream->avail_in; };
  while (true) {
    if (stream->avail_in == 0) {
      const auto got = bytes_->read(offset + fetched, stream->in.data(), stream->in.size());
      if (!got) return std::unexpected(got.error());
      if (*got == 0) return Member{fetched == 0 ? End::none : End::cut, fetched};
      fetched += *got;
      stream->next_in = bytes_of(stream->in.data());
      stream->avail_in = static_cast<uInt>(*got);
    }
    if (done == out.size())
      out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(out.size() * 2, most_ + 1)));
    const uInt room = up_to(out.size() - done);
    stream->next_out = bytes_of(out.data() + done);
    stream->avail_out = room;
    const int result = inflate(stream.get(), Z_NO_FLUSH);
    done += room - stream->avail_out;
    if (done > most_)
      return fail(Code::bad_request,
                  fmt::format("byte {}: a line is larger than {} bytes unpacked", offset, most_));
    if (result == Z_STREAM_END) break;
    if (result != Z_OK && result != Z_BUF_ERROR)
      return fail(
          Code::bad_request,
          fmt::format("byte {}: damaged ({})", offset + used(),
                      stream->msg != nullptr ? stream->msg : "not gzip as it is used here"));
  }
  if (too_tight(done, used()))
    return fail(Code::bad_request,
                fmt::format("byte {}: {} bytes unpack to {}, as no answer does; refused", offset,
                            used(), done));
  make_room(done);
  std::memcpy(out_.get(), out.data(), done);
  return Member{End::whole, used(), {out_.get(), done}};
}

}  // namespace callrail
