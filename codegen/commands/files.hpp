#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace callrail::codegen {

std::optional<std::string> read_file(const std::filesystem::path&);
/// Nothing also if there is nothing in it.
std::optional<std::string> read_filled(const std::filesystem::path&);

/// In one step, by a rename, with the rights the file has; follows a link. False: nothing happened.
bool replace_file(const std::filesystem::path&, std::string_view text);

/// The file as generated files name it: with its folder, but without the machine it lies on.
std::string public_name(const std::filesystem::path&);

}  // namespace callrail::codegen
