#pragma once

#include "memory_files.hpp"

#include <callrail/checkpoint.hpp>
#include <callrail/clock.hpp>

#include <map>
#include <string>

namespace callrail::test {

/// A checkpoint beside files in memory: each commit is one of their calls, so that it can fail, and
/// the process can die before and after it. What was committed survives a power cut.
class MemoryCheckpoint final : public Checkpoint {
 public:
  explicit MemoryCheckpoint(MemoryFiles& files) : files_{files} {}

  std::optional<Clock::Wall> began;  ///< of the run that left something here

  bool empty() const { return saved_.empty(); }
  void clear() {
    saved_.clear();
    began.reset();
  }

  Result<std::optional<SavedEndpoint>> load(Text endpoint) override {
    const auto at = saved_.find(std::string{endpoint});
    if (at == saved_.end()) return std::nullopt;
    return at->second;
  }

  /// Takes over what the change names and nothing else: the rest must have come before.
  Status save(Text endpoint, const CheckpointChange& change) override {
    if (files_.dead()) return {};
    SavedEndpoint next = *change.facts;
    const auto at = saved_.find(std::string{endpoint});
    const SavedEndpoint before = at == saved_.end() ? SavedEndpoint{} : at->second;
    if (!change.seen_anew) next.seen = before.seen + next.seen;
    next.keys = before.keys;
    const KeyList& keys = change.facts->keys;
    for (std::size_t n = keys.size() - change.new_keys; n < keys.size(); ++n)
      next.keys.add(keys.scope(n), keys[n]);
    if (!change.lists) {
      next.windows = before.windows;
      next.lists = before.lists;
      for (const std::size_t n : change.windows) {
        next.windows.at(n) = change.facts->windows[n];
        next.lists.at(next.windows[n].list) = change.facts->lists[next.windows[n].list];
      }
    }
    return files_.act("commit", endpoint, [&] { saved_[std::string{endpoint}] = std::move(next); });
  }

  Status forget(Text endpoint) override {
    if (files_.dead()) return {};
    return files_.act("forget", endpoint, [&] { saved_.erase(std::string{endpoint}); });
  }

 private:
  MemoryFiles& files_;
  std::map<std::string, SavedEndpoint> saved_;
};

}  // namespace callrail::test
