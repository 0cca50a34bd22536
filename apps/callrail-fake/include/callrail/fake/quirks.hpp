#pragma once

#include <callrail/result.hpp>
#include <callrail/types.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

namespace callrail::fake {

/// Habits of the API that nobody knows for sure, or that came and went.
enum class Quirk : std::uint8_t {
  totals_missing,
  totals_zero,
  next_absent,
  clamp_page_size,
  lists_of_text,
  lists_of_objects,
  numbers_as_text,
  ids_as_text,
  hidden_shown,
  unseen_sent,
  orphans,
  sibling,
  null_field,
  refuse_field,
  zone_moves_output,
  short_last_second,
  both_dates,
  default_days,
  link_header,
  no_rate_headers,
  error_body,
  temporary_audio,
  count_,
};

struct QuirkName {
  Quirk quirk;
  Text name;
  Text argument;  ///< what stands after "="; empty: nothing
  Text what;
};

std::span<const QuirkName> all_quirks();

class Quirks {
 public:
  bool has(Quirk q) const { return on_[static_cast<std::size_t>(q)]; }
  /// Of the quirk given last.
  const std::string& argument(Quirk q) const { return arguments_[static_cast<std::size_t>(q)]; }
  const std::set<std::string, std::less<>>& null_fields() const { return null_fields_; }
  const std::set<std::string, std::less<>>& refused_fields() const { return refused_fields_; }

  void add(Quirk, std::string argument = {});
  /// "totals-missing", "default-days=30"
  Status add(Text spelled);

 private:
  std::array<bool, static_cast<std::size_t>(Quirk::count_)> on_{};
  std::array<std::string, static_cast<std::size_t>(Quirk::count_)> arguments_;
  std::set<std::string, std::less<>> null_fields_, refused_fields_;
};

/// The candidate most like the word, if any is: for "did you mean".
template <class Names>
Text closest(Text word, const Names& names);
std::size_t distance(Text a, Text b);

template <class Names>
Text closest(Text word, const Names& names) {
  Text best;
  std::size_t least = word.size() / 2 + 1;
  for (const Text name : names) {
    if (const std::size_t d = distance(word, name); d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

/// "; did you mean X?" or nothing.
std::string did_you_mean(Text candidate);

}  // namespace callrail::fake
