#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace callrail::codegen {

/// The text of a file at a revision, as git has it; else what is wrong. Runs git in the folder of
/// the file, without a shell.
std::expected<std::string, std::string> text_at_revision(const std::string& revision,
                                                         const std::filesystem::path& file);

}  // namespace callrail::codegen
