// The manifest: what can be read is written again as it was.
#include "fuzz.hpp"

#include <callrail/manifest.hpp>

using namespace callrail;
using fuzz::require;

std::vector<std::string> callrail::fuzz::seeds() {
  Manifest manifest;
  manifest.put({.file = "a.csv",
                .table = "a",
                .rows = 3,
                .bytes = 40,
                .sha256 = std::string(64, 'a'),
                .replaces = std::string(64, 'b'),
                .from = {.program = "p", .began_at = "2026-01-01T00:00:00Z", .options = {{"x", "y"}}},
                .proof = {.proof = Proof::proven,
                          .windows = {{.scope = "A",
                                       .from = "2026-01-01",
                                       .to = "2026-02-01",
                                       .zone = "user",
                                       .rows = 3,
                                       .announced = 3,
                                       .proof = Proof::proven,
                                       .why = "w"}}}});
  return {manifest_text({}), manifest_text(manifest), R"({"format":1,"files":[]})"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = parse_manifest({reinterpret_cast<const char*>(data), size});
  if (!manifest) {
    require(manifest.error().what.find("move it away") != std::string::npos,
            "an error names the next step", manifest.error().what);
    return 0;
  }
  const std::string text = manifest_text(*manifest);
  const auto again = parse_manifest(text);
  require(again.has_value(), "what was written can be read", text);
  require(manifest_text(*again) == text, "and is written the same", text);
  for (const ManifestFile& file : manifest->files)
    require(file.file.find('/') == std::string::npos, "a file lies in the folder", file.file);
  return 0;
}
