#pragma once

#include "api_key.hpp"
#include "config.hpp"

#include <string>

/// What the program says on standard output when asked about itself.
namespace callrail::cli {

std::string help_text(const Api&, std::span<const OptionGroup>);

/// Every value and where it came from; of the key only that it is there.
std::string config_text(std::span<const OptionGroup>, const Settings&, const ApiKey&);

/// The endpoints of --all, one name a line.
std::string endpoint_names_text(const Api&);
/// Those that are read only when they are named, and why; empty: there are none.
std::string opt_in_text(const Api&);

/// How an endpoint is asked, and its fields.
std::string endpoint_text(const Endpoint&, const Api&);

/// `text` in lines of at most `width` columns; those after the first begin with `indent` blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// Columns on a screen; every character beyond ASCII counts as one.
std::size_t columns(std::string_view text);

}  // namespace callrail::cli
