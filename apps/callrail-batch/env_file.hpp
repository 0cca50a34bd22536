#pragma once

#include <callrail/result.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace callrail::cli {

/// Variables of a .env file.
struct EnvFile {
  struct Value {
    std::string text;
    int line = 0;
  };
  std::string place = {};  ///< the file's name, for messages; empty: none was read
  std::map<std::string, Value, std::less<>> values = {};
};

/// One `NAME=value` a line: `export` in front, blanks around, `# comments`, 'verbatim' and "with
/// \n, \" and \\". Nothing is expanded, so a $ in a value is a $. Of two values the last counts.
Result<EnvFile> parse_env_file(std::string_view text, std::string place);

/// A default file that is not there is an empty one; a named one must exist.
Result<EnvFile> read_env_file(const std::filesystem::path&, bool named);

}  // namespace callrail::cli
