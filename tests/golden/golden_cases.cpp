#include "golden_cases.hpp"

#include "emit/emit.hpp"
#include "model/schema.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace callrail::codegen {
namespace fs = std::filesystem;
namespace {

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string mistakes(const Loaded& loaded, const std::string& file) {
  std::string out;
  for (const auto& line : loaded.mistakes.lines(file)) out += line + '\n';
  return out;
}

void add_feature(const fs::path& folder, std::vector<GoldenCase>& cases) {
  const std::string feature = folder.filename().string();
  const auto loaded = load_schema(read(folder / "schema.yaml"), feature + "/schema.yaml");
  const auto files = loaded.mistakes.empty() ? emit_all(loaded.schema) : std::vector<File>{};
  for (const auto& entry : fs::recursive_directory_iterator{folder / "expected"}) {
    if (!entry.is_regular_file()) continue;
    const auto path = entry.path().lexically_relative(folder / "expected").generic_string();
    GoldenCase golden{feature + "/" + path, entry.path(), mistakes(loaded, "schema.yaml")};
    for (const auto& file : files)
      if (file.path == path) golden.actual = file.text;
    cases.push_back(std::move(golden));
  }
}

}  // namespace

std::string GoldenCase::expected_text() const { return read(expected); }

std::vector<GoldenCase> golden_cases(const fs::path& folder) {
  std::vector<GoldenCase> cases;
  for (const auto& entry : fs::directory_iterator{folder})
    if (fs::exists(entry.path() / "schema.yaml")) add_feature(entry.path(), cases);
  for (const auto& entry : fs::directory_iterator{folder / "broken"}) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string file = entry.path().filename().string();
    cases.push_back({"broken/" + file, fs::path{entry.path()}.replace_extension(".txt"),
                     mistakes(load_schema(read(entry.path()), file), file)});
  }
  std::sort(cases.begin(), cases.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

}  // namespace callrail::codegen
