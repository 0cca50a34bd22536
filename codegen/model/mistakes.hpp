#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// Where something stands in the schema file; counted from 1.
struct Place {
  int line = 1;
  int column = 1;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Everything that is wrong with a schema. Readers go on after a mistake, so that one run shows
/// all of them.
class Mistakes {
 public:
  /// `where` is the way to the thing in the schema, as in "calls.duration"; may be empty.
  void add(Place place, std::string_view where, std::string_view what);

  bool empty() const { return found_.empty(); }
  std::size_t count() const { return found_.size(); }

  /// One line each, `FILE:LINE:COLUMN: WHERE: WHAT`, sorted by place.
  std::vector<std::string> lines(std::string_view file) const;

 private:
  struct Mistake {
    Place place;
    std::string text;
    friend auto operator<=>(const Mistake&, const Mistake&) = default;
  };
  std::vector<Mistake> found_;
};

/// `; did you mean "nullable"?` for the word of `known` nearest to `word`, or nothing if none is
/// near: a third of the letters may differ.
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

/// The words of a text, which blanks separate.
std::vector<std::string> words_of(std::string_view text);

/// `a, b, c`
std::string join(std::span<const std::string> words, std::string_view between = ", ");

}  // namespace callrail::codegen
