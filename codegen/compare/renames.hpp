#pragma once

#include "../model/schema.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// A thing that both schemas have, under one name or, with `was`, under two.
template <class Thing>
struct Pair {
  const Thing* old = nullptr;
  const Thing* now = nullptr;
  bool renamed() const { return old->name.text != now->name.text; }
};

template <class Thing>
struct Pairing {
  std::vector<Pair<Thing>> both;  ///< in the order of the new schema
  std::vector<const Thing*> added, gone;
};

template <class Thing>
Pairing<Thing> pair_up(const std::vector<Thing>& old, const std::vector<Thing>& now) {
  const auto find = [](const std::vector<Thing>& in, std::string_view name) -> const Thing* {
    for (const Thing& thing : in)
      if (thing.name.text == name) return &thing;
    return nullptr;
  };
  Pairing<Thing> out;
  std::vector<const Thing*> taken;
  for (const Thing& thing : now) {
    const Thing* before = find(old, thing.name.text);
    if (before == nullptr && !thing.said.was.empty()) before = find(old, thing.said.was.text);
    if (before == nullptr) {
      out.added.push_back(&thing);
    } else {
      out.both.push_back({before, &thing});
      taken.push_back(before);
    }
  }
  for (const Thing& thing : old) {
    bool there = false;
    for (const Thing* one : taken) there = there || one == &thing;
    if (!there) out.gone.push_back(&thing);
  }
  return out;
}

/// The names that types use, old to new. A name that nobody changed stands for itself.
struct Renames {
  std::map<std::string, std::string, std::less<>> enums, shapes;

  static std::string of(const std::map<std::string, std::string, std::less<>>& names,
                        const std::string& old) {
    const auto found = names.find(old);
    return found == names.end() ? old : found->second;
  }
};

/// A person's word that was not there before counts for what has changed since.
inline bool spoken_for(const Said& old, const Said& now) {
  return !now.changed.empty() && now.changed != old.changed;
}

}  // namespace callrail::codegen
