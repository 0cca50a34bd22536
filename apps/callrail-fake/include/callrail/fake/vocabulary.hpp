#pragma once

#include <callrail/types.hpp>

#include <span>
#include <string>

/// What the made-up rows say. All of it is spelled as inside a JSON string.
namespace callrail::fake::vocabulary {

std::span<const Text> first_names();
std::span<const Text> last_names();
std::span<const Text> places();
std::span<const Text> words();
std::span<const Text> sentences();
std::span<const Text> area_codes();
std::span<const Text> zones();
/// Text that breaks careless readers: quotes, line ends, formulas, control characters, escapes.
std::span<const Text> nasty();
/// Member names that free maps have in the wild: dots, brackets, blanks, other scripts.
std::span<const Text> nasty_names();
/// 24 KiB.
Text long_note();

}  // namespace callrail::fake::vocabulary

namespace callrail::fake {

/// The text as a JSON string with its quotes; &, < and > escaped as the API's framework does.
std::string json_string(Text utf8);

}  // namespace callrail::fake
