#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// The known word that `word` most likely means; empty if none is known.
std::string_view closest(std::string_view word, std::span<const std::string_view> known);

/// `did you mean "b"?`, or `the closest known one is "b".` if it is far.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);
/// The same for words that are all listed anyway: empty if none is near.
std::string near_suggestion(std::string_view word, std::span<const std::string_view> known);

/// Steps of typing between two words: a letter added, left out, changed, or two swapped.
std::size_t typing_distance(std::string_view, std::string_view);

}  // namespace callrail::cli
