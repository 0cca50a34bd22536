#pragma once

#include <callrail/body.hpp>
#include <callrail/types.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace callrail::bench {

/// How the rows of the input look. All come from the generator of callrail-fake.
enum class Variant : std::uint8_t {
  full,      ///< every field that can be asked for; text as in a real account, see dress.hpp
  narrow,    ///< the fields that come unasked
  fake,      ///< every field, the rows as callrail-fake sends them: odd text everywhere
  nonascii,  ///< `full`, and a quarter of the text's bytes are not ASCII
  escaped,   ///< `full`, and an escape every few characters
  shuffled,  ///< `full`, and the members in an order the schema does not know
  pretty,    ///< `full`, indented
};
inline constexpr std::array<Text, 7> variant_names{"full",    "narrow",   "fake",  "nonascii",
                                                   "escaped", "shuffled", "pretty"};
inline Text name_of(Variant v) { return variant_names[static_cast<std::size_t>(v)]; }
std::optional<Variant> variant_of(Text name);

struct PageOptions {
  Variant variant = Variant::full;
  std::size_t bytes = 20'000'000;  ///< pages are made until there are as many
  std::uint64_t seed = 1;
};

/// Answers of the API, 250 rows each, as they stand in memory once they arrived.
struct Pages {
  std::vector<Body> bodies;
  std::size_t bytes = 0;
  std::size_t rows = 0;
};

/// The same bytes for the same options.
Pages make_pages(const PageOptions&);

/// The fields the pages were asked for, as indexes into those of the endpoint.
std::vector<std::size_t> fields_in(Variant);

}  // namespace callrail::bench
