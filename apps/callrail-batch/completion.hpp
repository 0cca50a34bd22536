#pragma once

#include "options.hpp"

#include <span>
#include <string>

namespace callrail::cli {

/// A script that lets a shell complete verbs, options, and the names of endpoints and fields. It
/// holds all of them, so completing starts no program.
std::string bash_completion(const Api&, std::span<const OptionGroup>);
std::string zsh_completion(const Api&, std::span<const OptionGroup>);
std::string fish_completion(const Api&, std::span<const OptionGroup>);

}  // namespace callrail::cli
