#pragma once

#include "config.hpp"
#include "shape.hpp"
#include "summary.hpp"

#include <callrail/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// The change of the schema that what a run has seen asks for.
struct DriftPatch {
  std::string diff;                   ///< for `callrail-codegen accept`; empty: nothing to change
  std::vector<std::string> left_out;  ///< what a person must decide, a line each
};

/// `day`: YYYY-MM-DD, when it was seen. Holds no value of a row but words of enumerations.
DriftPatch drift_patch(const Api&, const Summary&, const Shapes&, const AllRemarks&,
                       std::string_view schema_text, const std::string& day);

/// Writes it, if there is something to change; what there is to say about it.
Result<std::vector<std::string>> write_drift_patch(const std::string& file, const DriftPatch&);

/// Why --drift-patch cannot write where it is told to; empty: it can. It replaces an earlier patch
/// and no other file.
std::string why_no_patch(const Config&, const Api&);

}  // namespace callrail::cli
