#pragma once

#include <callrail/fake/ask.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace callrail::fake {

/// Which row a key names.
struct Place {
  std::uint32_t account = 0;
  std::uint64_t row = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

/// Makes the keys of an endpoint in the form of its examples, and finds the row of a key without a
/// table: the key holds account and row number, scrambled.
class Keys {
 public:
  enum class Form : std::uint8_t {
    hex,      ///< three letters and 32 hex digits
    number,   ///< 9900101
    digits,   ///< "9900101"
    compact,  ///< "k8mc8"
  };

  Keys() = default;
  /// `examples` are JSON values. `timed`: hex keys begin with the row's instant, as UUIDv7 do.
  Keys(std::span<const Text> examples, Text record, std::uint64_t seed, bool timed);

  /// For keys whose number of digits depends on how many there can be.
  void expect(std::uint32_t accounts, std::uint64_t rows);
  /// Every 97th number gets past 2^53, where readers that use doubles lose digits.
  void with_large_numbers(bool on) { large_ = on; }

  Form form() const { return form_; }
  Text prefix() const { return prefix_; }
  /// As in an address, without quotes.
  void append(std::string& out, Place, Instant at) const;
  /// The place a key would name; the caller checks that the row exists and has this very key.
  std::optional<Place> find(Text key) const;

 private:
  std::uint64_t number(Place) const;
  std::uint64_t modulus() const;

  Form form_ = Form::hex;
  std::string prefix_;
  std::uint64_t seed_ = 0;
  std::uint64_t base_ = 0;
  std::size_t length_ = 5;
  std::uint32_t accounts_ = 1;
  bool timed_ = false;
  bool large_ = false;
};

/// "ABC" and 32 hex digits: the form of most of the API's ids.
bool is_hex_key(Text);

}  // namespace callrail::fake
