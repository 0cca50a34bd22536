// The loader of schemas, and what is generated of those it takes.
#include "emit/emit.hpp"
#include "fuzz.hpp"
#include "model/schema.hpp"

using namespace callrail;
using fuzz::require;

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out = files("tests/golden", ".yaml");
  for (const std::string text : {"", "a", "- a", "a: [", "a: &x 1\nb: *x", "? a\n: b",
                                 "--- a\n--- b", "a: !!binary x", "\"a\": 'b'", "a:\n\t- b"})
    out.push_back(text);
  // The real one is much for a fuzzer that wants thousands of runs a second.
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto loaded = codegen::load_schema(text, "schema.yaml");
  if (!loaded.mistakes.empty()) return 0;
  for (const codegen::File& file : codegen::emit_all(loaded.schema)) {
    require(!file.path.empty() && file.path.find("..") == std::string::npos &&
                !file.path.starts_with('/'),
            "a generated file stays in its folder", file.path);
    require(!file.text.empty(), "a generated file has a text", file.path);
  }
  return 0;
}
