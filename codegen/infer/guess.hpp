#pragma once

#include "draft.hpp"

#include <callrail/sketch/sketch.hpp>

#include <string>
#include <string_view>

/// What names and looks suggest. Every answer is a guess and is marked as one in the draft.
namespace callrail::codegen {

/// `id`, `company_id`, `tracker_ids`.
bool is_id_name(std::string_view name);

/// An object below such a name has data for names: `landing_params`, `cookies`.
bool is_map_name(std::string_view name);

/// A word of `pii_words`, or nothing.
std::string guess_pii(std::string_view name, const sketch::Sketch&);

std::string guess_unit(std::string_view name, const sketch::Sketch&);

/// A value as JSON that nobody ever had, in the looks of those seen; empty for nested ones.
std::string invented(const DraftField&, const sketch::Sketch&);

}  // namespace callrail::codegen
