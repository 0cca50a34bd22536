#pragma once

#include <callrail/types.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace callrail {

/// How sure it is that a list was read without losing a row. In the order of falling trust.
enum class Proof : std::uint8_t {
  /// The rows are as many as the API counted when the last of them had been read, nothing moved
  /// meanwhile, and each page had a row in common with the one before.
  proven,
  /// The list changed while it was read, and the pages were read again until they agreed.
  proven_with_churn,
  /// Nobody can tell: no count came, or the list would not hold still.
  unproven,
  /// The list held still, and its rows are not as many as the API says.
  contradicted,
};

/// "proven with churn"
constexpr Text to_text(Proof proof) {
  switch (proof) {
    case Proof::proven: return "proven";
    case Proof::proven_with_churn: return "proven with churn";
    case Proof::unproven: return "unproven";
    case Proof::contradicted: break;
  }
  return "contradicted";
}

constexpr bool is_complete(Proof proof) { return proof <= Proof::proven_with_churn; }
constexpr Proof worse(Proof a, Proof b) { return a < b ? b : a; }

/// What was found about one window of one list.
struct WindowProof {
  std::string scope = {};                     ///< "ACC1 COM2"; empty: the list is asked without one
  std::string from = {}, to = {}, zone = {};  ///< as they went into the request; empty: read whole
  std::uint64_t rows = 0;  ///< different ones, those at the end of the window before included
  std::optional<std::uint64_t> announced = {};  ///< the API's own count, taken last
  std::optional<Proof> proof = {};              ///< nothing where a limit ended the reading
  std::string why = {};                         ///< what kept it from being simply proven
};

/// What was found about lists that are too many to be told one by one.
struct ListSum {
  std::uint64_t lists = 0;
  std::uint64_t rows = 0;                     ///< different ones
  std::array<std::uint64_t, 4> windows = {};  ///< how many of each Proof
  std::uint64_t unread = 0;                   ///< windows without one: a limit ended the reading
  std::uint64_t unknown = 0;                  ///< lists the API did not know, taken for empty
  std::uint64_t left_out = 0;                 ///< lists that were refused, or could not be read
  std::uint64_t doubtful = 0;                 ///< lists read without proof that it is all of them
  std::uint64_t announced = 0;                ///< by the API
  bool counted = true;                        ///< every list came with a total

  /// Of the weakest window.
  std::optional<Proof> proof() const {
    if (unread != 0) return std::nullopt;
    Proof weakest = Proof::proven;
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (windows[i] != 0) weakest = worse(weakest, static_cast<Proof>(i));
    return weakest;
  }
  friend bool operator==(const ListSum&, const ListSum&) = default;
};

}  // namespace callrail
