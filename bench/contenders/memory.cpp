#include "makers.hpp"

#include <cstring>

namespace callrail::bench {

namespace {

/// The limit of anything that writes as much as it reads.
class Copy final : public Contender {
 public:
  Result<Made> read(Body& body) override {
    if (copy_.size() < body.size()) copy_.resize(body.size());
    std::memcpy(copy_.data(), body.text().data(), body.size());
    size_ = body.size();
    return Made{0, body.size()};
  }
  std::uint64_t look() override { return hash_of({copy_.data(), size_}); }

 private:
  std::string copy_;
  std::size_t size_ = 0;
};

/// The limit of anything that has to see every byte.
class Sweep final : public Contender {
 public:
  Result<Made> read(Body& body) override {
    const Text text = body.text();
    std::uint64_t words[4]{};
    std::size_t i = 0;
    for (; i + sizeof words <= text.size(); i += sizeof words) {
      std::uint64_t next[4];
      std::memcpy(next, text.data() + i, sizeof next);
      for (std::size_t k = 0; k < 4; ++k) words[k] ^= next[k];
    }
    seen_ = words[0] ^ words[1] ^ words[2] ^ words[3];
    return Made{};
  }
  std::uint64_t look() override { return seen_; }

 private:
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Contender> copy(const Task&) { return std::make_unique<Copy>(); }
std::unique_ptr<Contender> sweep(const Task&) { return std::make_unique<Sweep>(); }

}  // namespace callrail::bench
