#pragma once

#include <callrail/types.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace callrail {

/// What stands before the values of a JSON object, `,"name":`, where vector code can copy it.
class JsonKeys {
 public:
  void add(Text name);

  std::size_t size() const { return at_.size() - 1; }
  std::size_t bytes() const { return at_.back(); }
  const char* key(std::size_t i) const { return text_.data() + at_[i]; }
  std::size_t size_of(std::size_t i) const { return at_[i + 1] - at_[i]; }

  static constexpr std::size_t slack = 32;

 private:
  std::string text_;  ///< and `slack` more
  std::vector<std::size_t> at_{0};
};

/// Spells cells for one instruction set. All read no byte but the cells' own, and may write
/// anywhere in the room that the functions below ask for. What is returned is behind the last
/// character.
struct Speller {
  const char* name;
  /// Cells and the commas between them.
  char* (*csv)(std::span<const Cell>, char* out);
  /// An object, a cell for each key.
  char* (*json)(std::span<const Cell>, const JsonKeys&, char* out);
  /// A JSON string with its quotes. Only what must be escaped is; UTF-8 stays.
  char* (*json_string)(Text, char* out);
  /// Copies text that can stand in XML as it is; false: it has to be looked at closely.
  bool (*copy_plain_xml)(Text, char* out);
};

const Speller& plain_speller();
const Speller* avx2_speller();    ///< nothing: this machine has no such instructions
const Speller* avx512_speller();  ///< likewise
const Speller& best_speller();    ///< of this machine

/// Bytes that are written at once, some of them behind the end.
inline constexpr std::size_t speller_slack = 128;

std::size_t size_of(std::span<const Cell>);
/// Each byte may be a quote, and each cell has two of its own and a comma.
inline std::size_t csv_room(std::span<const Cell> cells) {
  return 2 * size_of(cells) + 3 * cells.size() + speller_slack;
}
/// A control character takes six.
inline std::size_t json_string_room(std::size_t size) { return 6 * size + 2 + speller_slack; }
std::size_t json_room(std::span<const Cell>, const JsonKeys&);

/// Appends what `spell` writes into so much room.
template <class Spell>
void append_within(std::string& out, std::size_t room, Spell spell) {
  const std::size_t size = out.size();
  out.resize_and_overwrite(size + room, [&](char* text, std::size_t) {
    return static_cast<std::size_t>(spell(text + size) - text);
  });
}

}  // namespace callrail
