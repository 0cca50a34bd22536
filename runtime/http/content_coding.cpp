#include "content_coding.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace callrail {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
}

/// What zlib, which goes piece by piece, has to say about it: libdeflate only says no.
std::string reason(std::string_view packed, std::uint64_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::array<unsigned char, 16384> out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // NOLINT: zlib's
  stream.avail_in = static_cast<uInt>(packed.size());
  int result = Z_OK;
  while (result == Z_OK && stream.total_out <= most) {
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    result = inflate(&stream, Z_NO_FLUSH);
  }
  std::string said = result == Z_BUF_ERROR   ? "it breaks off"
                     : stream.msg != nullptr ? stream.msg
                                             : "it cannot be unpacked";
  inflateEnd(&stream);
  return said;
}

std::unexpected<NetworkError> damaged(std::string_view why) {
  return std::unexpected(NetworkError{fmt::format("the compressed answer is damaged: {}", why)});
}

bool begins_member(std::string_view text) { return text.starts_with("\x1f\x8b"); }

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

NetworkError too_large_unpacked(std::uint64_t most) {
  return {
      fmt::format("the answer is larger than {} bytes unpacked; ask for fewer rows", grouped(most)),
      true, Code::bad_answer};
}

Coding coding_of(const std::optional<std::string>& header) {
  auto found = Coding::none;
  std::string_view rest = header ? *header : std::string_view{};
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view word = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (word.empty() || same_word(word, "identity")) continue;
    const bool gzip = same_word(word, "gzip") || same_word(word, "x-gzip");
    found = gzip && found == Coding::none ? Coding::gzip : Coding::unknown;
  }
  return found;
}

std::expected<Body, NetworkError> unpack_gzip(Inflater& inflater, std::string_view packed,
                                              std::uint64_t most) {
  Body body;
  // Pages say how large they are, and then there is one try; what says nothing sensible is tried
  // with twice the room until it fits, which costs at most as much again.
  std::size_t room = announced_size(packed);
  if (room == 0 || room > most) room = std::max<std::size_t>(packed.size() * 8, 16384);
  while (!packed.empty()) {
    const auto left = static_cast<std::size_t>(most - body.size());
    room = std::min(room, left);
    const auto member = inflater.unpack(packed, body.room(room), room);
    if (member.outcome == Inflater::Outcome::no_room) {
      if (room == left) return std::unexpected(too_large_unpacked(most));
      room = room < left / 2 ? std::max<std::size_t>(room * 2, 16384) : left;
      continue;
    }
    if (member.outcome == Inflater::Outcome::damaged) return damaged(reason(packed, left));
    body.wrote(member.unpacked);
    packed.remove_prefix(member.packed);
    if (!packed.empty() && !begins_member(packed))
      return damaged(fmt::format("{} bytes follow its end", grouped(packed.size())));
    room = std::max<std::size_t>(packed.size() * 8, 16384);
  }
  return body;
}

}  // namespace callrail
