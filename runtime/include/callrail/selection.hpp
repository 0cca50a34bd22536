#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/reflect.hpp>

#include <bitset>
#include <initializer_list>
#include <vector>

namespace callrail {

/// The fields a run is interested in, in the order the user wants them. It shapes the request, the
/// decoding and the columns of the sink; being one object, the three cannot disagree.
class Selection {
 public:
  static constexpr std::size_t most = 255;

  Selection() = default;

  /// Every field a list can send, in the order of the schema.
  static Selection everything(const Endpoint&);

  /// Fields named in the source; an unknown name does not compile.
  template <Record R>
  static Selection of(std::initializer_list<std::size_t> indexes) {
    Selection s;
    for (const std::size_t i : indexes) s.add(i);
    return s;
  }

  void add(std::size_t field) {
    if (!bits_[field]) order_.push_back(field);
    bits_.set(field);
  }
  void remove(std::size_t field) {
    if (bits_[field]) std::erase(order_, field);
    bits_.reset(field);
  }
  bool has(std::size_t field) const { return bits_[field]; }
  const std::vector<std::size_t>& order() const { return order_; }
  bool empty() const { return order_.empty(); }

 private:
  std::bitset<most> bits_;
  std::vector<std::size_t> order_;
};

}  // namespace callrail
