#pragma once

#include <callrail/extract.hpp>
#include <callrail/key_list.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// The keys of rows that were read. Lists that are asked once for each of them wait for these.
struct ParentKeys {
  std::map<std::string, const KeyList*, std::less<>> by_endpoint;
};

/// The scopes an endpoint is to be asked in, one after the other: one for each account, or for each
/// company of each account, or each word, and one for each value the user fixed where the list can
/// be narrowed to it. There may be very many, so they are made when they are asked for; what they
/// are made of has to stay where it is.
class Scopes {
 public:
  Scopes(const Endpoint&, const ExtractOptions&, const ParentKeys&);

  std::uint64_t count() const;  ///< all of them
  std::optional<Scope> next();

 private:
  struct Level {
    Text parameter;
    const std::vector<std::string>* fixed = nullptr;
    std::span<const Text> words = {};
    const KeyList* keys = nullptr;
    std::size_t at = 0, behind = 0, stretch = 0;  ///< behind: the last value, or of this stretch

    std::string_view value() const;
  };

  bool enter(std::size_t level);
  bool step(std::size_t level);
  bool find_stretch(Level&);
  bool first_from(std::size_t level, std::size_t levels);
  bool advance(std::size_t levels);

  std::vector<Level> levels_;
  Scope scope_;
  bool begun_ = false, over_ = false;
};

}  // namespace callrail
