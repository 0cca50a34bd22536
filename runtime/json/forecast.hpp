#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/selection.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace callrail {

struct Foreseen;

/// What the schema says of a value, cut down to what a reader has to test to know that
/// `check_value` and `check_nested` would note nothing.
struct Shape {
  enum class Test : std::uint8_t {
    none,
    instant,  ///< readable as a timestamp
    values,   ///< a word of `field->values`
    e164,
    address,  ///< Format::uri
    mail,
    zone,
    uuid,
    country,
    color,
    format,   ///< whatever else `fits` looks at
    several,  ///< more than one of these: left to the general way
  };

  /// A value of an enumeration, so that it may be compared in blocks.
  struct Word {
    alignas(64) std::array<char, 64> text{};
    std::uint64_t mask = 0;
    std::size_t size = 0;
  };

  const Field* field = nullptr;
  std::vector<Word> words;
  std::uint8_t accepts = accept_any;
  bool integer = false;  ///< a fraction is a surprise
  Test test = Test::none;
  bool closed = false;             ///< a member it does not know is a surprise
  std::vector<Foreseen> members;   ///< of an object, in the order of the schema
  std::uint64_t required = 0;      ///< bits of `members` that must come
  const Shape* element = nullptr;  ///< of a list; nothing: any JSON
};

/// A member that is expected at its place: its key as it will stand there. What is looked at for
/// each member is one cache line.
struct alignas(64) Foreseen {
  static constexpr std::size_t longest = 64;
  static constexpr std::uint8_t sizes_differ = 255;

  /// What its value is most likely.
  enum class Way : std::uint8_t { text, scalar, nested };

  std::uint64_t mask = 0;  ///< the bytes of `key` that count
  const Shape* shape = nullptr;
  std::uint16_t column = 0;
  std::uint8_t size = 0;              ///< of the key; none: to be looked up
  std::uint8_t accepts = accept_any;  ///< as the shape
  Shape::Test test = Shape::Test::none;
  Way way = Way::text;
  bool integer = false;    ///< as the shape
  bool kept = false;       ///< becomes a cell
  bool spelled = false;    ///< stands in the line
  bool free = false;       ///< nothing is to be done about a text but to spell it
  std::uint8_t field = 0;  ///< index into the endpoint's fields, or the shape's members
  std::uint8_t cell = 0;   ///< where it goes in a row of cells, if `kept`
  std::uint8_t gap = 0;    ///< columns from the one that stands before it to its own, if `spelled`
  /// Learnt while texts of it are read: the size of the last one, and how often that was another
  /// one. A forecast is one reader's.
  mutable std::uint8_t last_size = 0, changes = 0;
  /// ,"name": of a row's member, whose neighbours are known; "name": inside an object.
  alignas(32) std::array<char, longest + 32> key{};
};

/// How the rows of one endpoint are expected to look. The order of the members is learnt from rows.
class Forecast {
 public:
  /// `kept`: the fields that become cells, each at its own place or, if `narrow`, one beside the
  /// other. `columns`: those that a line spells, in this order. `expected`: those whose absence is
  /// to be noted.
  Forecast(const Endpoint&, const Selection& kept, bool narrow,
           std::span<const std::size_t> columns, const std::vector<bool>& expected);

  /// The members of a row came in this order.
  void learn(std::span<const std::uint8_t> fields);

  const Endpoint& endpoint() const { return *endpoint_; }
  const Selection& kept() const { return kept_; }
  const std::vector<Foreseen>& members() const { return members_; }
  /// The same for any field, whether it is expected or not.
  const Foreseen& of(std::size_t field) const { return fields_[field]; }
  /// Position of the field in `members`, or their number.
  std::size_t place_of(std::size_t field) const { return places_[field]; }
  std::size_t columns() const { return columns_; }
  /// Whether the members come in the order of their columns.
  bool in_order() const { return in_order_; }
  /// Columns behind the last member that is expected.
  std::size_t last_gap() const { return last_gap_; }
  /// Fields that should come and are not foreseen: missing in each row that is as expected.
  const std::vector<std::uint8_t>& missing() const { return missing_; }
  bool is_expected(std::size_t field) const { return expected_[field]; }

 private:
  const Shape* shape_of(const Field&);

  const Endpoint* endpoint_;
  Selection kept_;
  std::deque<Shape> shapes_;
  std::vector<Foreseen> fields_;
  std::vector<Foreseen> members_;
  std::vector<std::size_t> places_;
  std::deque<Field> elements_;
  std::vector<bool> expected_;
  std::vector<std::uint8_t> missing_;
  std::size_t columns_;
  std::size_t last_gap_ = 0;
  bool in_order_ = true;
};

}  // namespace callrail
