#pragma once

#include "byte_store.hpp"

#include <callrail/clock.hpp>
#include <callrail/stored_table.hpp>

#include <array>
#include <database.hpp>
#include <optional>
#include <string>

namespace callrail {

enum class Fit : std::uint8_t {
  whole,
  altered,  ///< what the dialect has no form for stands as U+FFFD
  none,     ///< the column cannot hold it, and is null
};

/// A cell as its column holds it. The value borrows from the cell or from `store`. Absent is null.
Fit stored_value(Dialect, Stored, const Cell&, ByteStore& store, SqlValue& value);

/// "2026-02-10T14:05:06.789Z": of one length, so that it sorts. Of the years 1 to 9999.
using InstantText = std::array<char, 24>;
std::optional<InstantText> instant_text(Clock::Wall);
std::string spell_instant(Clock::Wall);
/// What a database gives back of it.
std::optional<Clock::Wall> read_instant(Text);

/// Appends any cell as JSON.
void append_json(const Cell&, std::string& out);

}  // namespace callrail
