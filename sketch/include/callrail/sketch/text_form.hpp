#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a single text looks like.
namespace callrail::sketch {

/// The formats of schema/README.md, and a date without a time.
enum class Format : std::uint8_t {
  e164,
  email,
  uri,
  zone,
  color,
  uuid,
  hex,
  date_time,  ///< with an offset: an instant
  display_phone,
  country,
  money,
  date,
};
inline constexpr std::size_t format_count = 12;
inline constexpr std::array<std::string_view, format_count> format_names{
    "e164", "email",     "uri",           "zone",    "color", "uuid",
    "hex",  "date_time", "display_phone", "country", "money", "date"};
inline std::string_view name_of(Format format) {
  return format_names[static_cast<std::size_t>(format)];
}

/// Whether a text that is not empty fits. What fits here also passes the check of the runtime; the
/// other way round less, because a guess wants more: hex has 16 digits, a country capitals.
bool fits(Format, std::string_view text);

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// `2026-02-10T09:22:21.049-05:00` in any of the usual spellings.
std::optional<Instant> instant(std::string_view text);

/// The form an identifier has, with its fixed part: `digits`, `uuid`, `CAL + 32 hex`, `24 hex`,
/// `letters and digits`; `text` for everything else.
std::string id_form(std::string_view text);
/// The form of identifiers that are sent as JSON numbers.
inline constexpr std::string_view number_form = "number";

/// A text that may be one of a list of words: letters, digits, _ and -, at most 40, a letter first.
bool is_word(std::string_view text);

}  // namespace callrail::sketch
