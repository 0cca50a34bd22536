#include "golden_cases.hpp"

#include "command.hpp"
#include "emit/emit.hpp"
#include "model/schema.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

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

/// A page, and what is drafted of it for the schema beside it.
void add_draft(const fs::path& page, std::vector<GoldenCase>& cases) {
  const fs::path schema = page.parent_path() / "schema.yaml";
  const std::string name = page.stem().string();
  std::ostringstream draft;
  if (run({"infer", page.string(), "--schema", schema.string(), "--name", name}, draft, draft) != 0)
    draft.str("");
  cases.push_back({"drafts/" + name, fs::path{page}.replace_extension(".draft.yaml"), draft.str()});
}

}  // namespace

std::string GoldenCase::expected_text() const { return read(expected); }

std::vector<GoldenCase> golden_cases(const fs::path& folder) {
  std::vector<GoldenCase> cases;
  for (const auto& entry : fs::directory_iterator{folder})
    if (fs::exists(entry.path() / "expected")) add_feature(entry.path(), cases);
  for (const auto& entry : fs::directory_iterator{folder / "drafts"})
    if (entry.path().extension() == ".json") add_draft(entry.path(), cases);
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
