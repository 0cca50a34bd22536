#pragma once

#include <callrail/sketch/text_form.hpp>

#include <array>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::sketch {

struct Member;

/// What was counted, and how often.
struct Counted {
  std::string text;
  std::uint64_t count = 0;
};

/// The texts at one place.
struct Texts {
  std::uint64_t blank = 0;    ///< empty
  std::uint64_t longest = 0;  ///< in bytes
  /// Texts that may be one of a list of words (`is_word`), as first seen; empty once there were
  /// too many different ones.
  std::vector<Counted> words;
  bool many_words = false;
  std::uint64_t worded = 0;                           ///< texts that are such words
  std::array<std::uint64_t, format_count> formats{};  ///< texts that fit each `Format`
  /// From one instant to the next, in the order of the rows.
  std::uint64_t rises = 0, falls = 0;
  std::optional<Instant> last;  ///< for `add` alone

  std::uint64_t of(Format format) const { return formats[static_cast<std::size_t>(format)]; }
};

/// What the values at one place of many JSON values looked like. Takes as much memory as
/// `most_nodes` allows, whatever comes.
struct Sketch {
  static constexpr std::size_t deepest = 64;        ///< a value nested deeper is refused
  static constexpr std::size_t most_nodes = 2'000;  ///< places in one sketch, all together
  static constexpr std::size_t most_members = 200;  ///< of one object
  static constexpr std::size_t most_words = 40;
  static constexpr std::size_t most_forms = 8;
  static constexpr std::size_t most_name = 100;    ///< bytes of a member's name
  static constexpr std::size_t most_example = 80;  ///< bytes of an example

  std::uint64_t null = 0, boolean = 0, integer = 0, number = 0, text = 0, object = 0, array = 0;
  /// Of the integers that fit; the first is larger than the second if there were none.
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  Texts texts;
  /// The forms of texts and integers, as `id_form` names them.
  std::vector<Counted> forms;
  bool many_forms = false;
  /// The first value that is neither null, empty nor nested, as JSON, long texts cut; empty below
  /// names that sound like credentials, and for texts that hold one.
  std::string example;
  std::vector<Member> members;  ///< of the objects, as first seen
  bool more_members = false;    ///< some were left out
  std::vector<Sketch> items;    ///< of the arrays: one sketch of all elements, or none
  std::uint64_t longest_array = 0;

  /// How many values there were.
  std::uint64_t total() const { return null + boolean + integer + number + text + object + array; }
  /// In how many of the objects a member was missing.
  std::uint64_t absent(const Member&) const;
  const Member* find(std::string_view name) const;

  /// Adds one value. What is no JSON, or nested too deep, or holds a number beyond 64 bits, is
  /// refused as a whole.
  std::expected<void, std::string> add(std::string_view json);
  /// Adds what another sketch saw, as if it had come after.
  void add(const Sketch&);

  /// One line of JSON. `from_json` reads it again, and refuses everything else.
  std::string to_json() const;
  static std::expected<Sketch, std::string> from_json(std::string_view);
};

struct Member {
  std::string name;
  Sketch value;
  std::uint64_t last_in = 0;  ///< the number of the object it was last seen in; for `add` alone
};

/// `token`, `signing_key`, `password`: below such names a sketch keeps neither examples nor words.
bool sounds_like_credential(std::string_view name);

}  // namespace callrail::sketch
