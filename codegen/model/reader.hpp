#pragma once

#include "mistakes.hpp"
#include "schema.hpp"
#include "yaml_tree.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// Reads the members of one map by their words. Asking for a word is what allows it: the code that
/// reads a map is the list of what may stand in it, and `finish` reports everything else.
class MapReader {
 public:
  /// `where` is the way to the map, for messages: "calls.duration".
  MapReader(const yaml::Value& map, std::string where, Mistakes& mistakes);

  /// The value of a word, or null. An empty value is a mistake.
  const yaml::Value* optional(std::string_view word);
  /// Also a mistake when the word is missing.
  const yaml::Value* required(std::string_view word);

  std::string text(std::string_view word);
  std::string required_text(std::string_view word);
  std::string prose(std::string_view word);  ///< with single blanks, in one line
  Name name(std::string_view word);
  Name required_name(std::string_view word);
  bool flag(std::string_view word);
  int number(std::string_view word, int fallback, int low, int high);
  std::optional<Bound> bound(std::string_view word);  ///< any number
  std::vector<Name> names(std::string_view word);     ///< a list of texts
  /// A text that must be one of `words`.
  std::string one_of(std::string_view word, const std::vector<std::string>& words,
                     std::string_view fallback);
  /// A count of one of `units`, as in `30d`, in the smallest of them.
  int amount(std::string_view word, const std::vector<std::pair<std::string, int>>& units,
             int fallback);

  /// A reader of the map that `word` holds; an empty one if it holds none.
  MapReader map(std::string_view word);
  MapReader required_map(std::string_view word);

  /// Calls `each(key, value)` for the members of a map whose keys are names, not words.
  void each(const std::function<void(const Name&, const yaml::Value&)>& call);

  /// Reports words nobody asked for. The destructor does not: a map that was no map has no words.
  void finish();

  void complain(Place place, std::string_view what) { mistakes_->add(place, where_, what); }
  const std::string& where() const { return where_; }
  Place place() const { return map_->place; }
  bool exists() const { return map_->kind == yaml::Kind::map; }
  Mistakes& mistakes() { return *mistakes_; }

 private:
  std::string inside(std::string_view word) const;
  const yaml::Value* text_of(std::string_view word, const yaml::Value*);
  Name one_line(std::string_view word, const yaml::Value&);

  const yaml::Value* map_;
  std::string where_;
  Mistakes* mistakes_;
  std::vector<std::string> asked_;
};

/// `unknown WHAT "WORD"; allowed: …; did you mean …?`
std::string unknown(std::string_view what, std::string_view word,
                    const std::vector<std::string>& allowed);

}  // namespace callrail::codegen
