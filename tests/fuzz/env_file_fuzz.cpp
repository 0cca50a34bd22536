// Files with variables: .env.
#include "env_file.hpp"
#include "fuzz.hpp"

using namespace callrail;
using fuzz::require;

std::vector<std::string> callrail::fuzz::seeds() {
  return {"CALLRAIL_API_KEY=canary-4711\n",
          "export A=1\r\nB='2 # no'\nC=\"3\\n\\\"\" # c\n",
          "# only\n\n",
          "A",
          "=1",
          "A=\"open canary-4711",
          "A=1 # x",
          "\xef\xbb\xbfX=1",
          "1A=2",
          std::string{"A=\0", 3},
          "A='x'y",
          "export =1",
          "export",
          "A==",
          "A= # empty",
          "canary-4711",
          "canary-4711: x\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto file = cli::parse_env_file(text, ".env");
  if (!file) {
    require(file.error().what.starts_with(".env:"), "a mistake has a line", file.error().what);
    // The line may hold the key.
    require(file.error().what.find("canary") == std::string::npos,
            "a mistake does not repeat its line", file.error().what);
    return 0;
  }
  for (const auto& [name, value] : file->values) {
    require(!name.empty() && name.find_first_of(" =\t\r\n") == std::string::npos,
            "a name is a name", name);
    require(value.text.find('\0') == std::string::npos && value.line > 0,
            "a value has no NUL, and a line");
  }
  return 0;
}
