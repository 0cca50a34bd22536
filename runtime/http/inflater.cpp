#include "inflater.hpp"

#include <libdeflate.h>
#include <new>

namespace callrail {

struct Inflater::State {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  State() {
    if (decompressor == nullptr) throw std::bad_alloc{};
  }
  State(const State&) = delete;
  ~State() { libdeflate_free_decompressor(decompressor); }
};

Inflater::Inflater() : state_{std::make_unique<State>()} {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;

Inflater::Member Inflater::unpack(std::string_view packed, char* out, std::size_t room) {
  Member member;
  const auto result =
      libdeflate_gzip_decompress_ex(state_->decompressor, packed.data(), packed.size(), out, room,
                                    &member.packed, &member.unpacked);
  if (result == LIBDEFLATE_SUCCESS) return member.outcome = Outcome::whole, member;
  return {.outcome = result == LIBDEFLATE_INSUFFICIENT_SPACE ? Outcome::no_room : Outcome::damaged,
          .packed = 0,
          .unpacked = 0};
}

std::size_t announced_size(std::string_view packed) {
  constexpr std::size_t least = 18;      // header and trailer
  constexpr std::size_t densest = 1032;  // bytes for a byte: what deflate can do at most
  if (packed.size() < least) return 0;
  std::uint32_t size = 0;
  for (std::size_t i = 4; i > 0; --i)
    size = size << 8 | static_cast<unsigned char>(packed[packed.size() - 5 + i]);
  return size / densest > packed.size() ? 0 : size;
}

}  // namespace callrail
