#include "../emit/cpp_text.hpp"
#include "comparison.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

std::size_t index_of(const Enum& e, const std::string& word) {
  return static_cast<std::size_t>(
      std::find_if(e.values.begin(), e.values.end(),
                   [&](const Name& value) { return value.text == word; }) -
      e.values.begin());
}

}  // namespace

void Comparison::enums() {
  const auto pairing = pair_up(old_.enums, now_.enums);
  for (const auto& pair : pairing.both) enumeration(pair);
  for (const Enum* e : pairing.added)
    add(e->name.text, "a new enum", e->name.place).source = Verdict::ok;
  for (const Enum* e : pairing.gone) {
    // Who used it has another type now, which is where a person says that this is meant.
    const auto lost = lost_.find(e->name.text);
    add(e->name.text, "the enum is gone with its last use; renamed, it wants \"was\"",
        e->name.place, true)
        .source = lost == lost_.end() ? Verdict::breaks : std::max(lost->second, Verdict::migrate);
  }
}

void Comparison::enumeration(const Pair<Enum>& pair) {
  const Enum &old = *pair.old, &now = *pair.now;
  const std::string& where = now.name.text;
  const bool meant = spoken_for(old.said, now.said);
  if (pair.renamed())
    add(where, "the enum was called " + old.name.text, now.name.place).source = Verdict::migrate;
  const auto old_names = cpp_enumerators(old), names = cpp_enumerators(now);
  std::vector<std::string> moved;
  for (std::size_t i = 0; i < old.values.size(); ++i) {
    const std::string& word = old.values[i].text;
    const std::size_t at = index_of(now, word);
    if (at == now.values.size()) {
      Change& change =
          add(where + "." + word,
              "the word is gone: an enumerator less; files keep it, and a run reports it",
              old.values[i].place, true);
      change.source = meant_or_breaks(meant);
      change.columns = Verdict::ok;
    } else if (old_names[i] != names[at]) {
      add(where + "." + word, "its enumerator was " + old_names[i] + ", is " + names[at],
          now.values[at].place)
          .source = meant_or_breaks(meant);
    } else if (at != i) {
      moved.push_back(word);
    }
  }
  for (const auto& value : now.values)
    if (index_of(old, value.text) == old.values.size()) {
      Change& change = add(where + "." + value.text, "a new word", value.place);
      change.source = change.columns = Verdict::ok;
    }
  if (!moved.empty())
    add(where,
        "enumerators have other numbers: " + join(moved) + "; a new word at the end moves none",
        now.name.place)
        .source = Verdict::migrate;
  aside(where, "doc", old.doc != now.doc, now.name.place);
}

}  // namespace callrail::codegen
