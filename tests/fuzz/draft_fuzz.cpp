// Sketches of any rows, and the drafts made of them: small, the same in one piece and in parts, and
// without a mistake where pasted.
#include "fuzz.hpp"
#include "infer/draft.hpp"
#include "model/schema.hpp"
#include "paste.hpp"
#include "schema_text.hpp"

#include <callrail/sketch/sketch.hpp>

#include <array>

using namespace callrail;
using fuzz::require;
using sketch::Sketch;

namespace {

/// Rows whose names, kinds and nesting the bytes choose; always JSON.
class Rows {
 public:
  explicit Rows(fuzz::Input& in) : in_{in} {}

  std::string object(int depth) {
    std::string out = "{";
    for (int members = in_.byte() % 6; members > 0; --members)
      out += (out.size() > 1 ? "," : "") + name() + ":" + value(depth + 1);
    return out + "}";
  }

 private:
  std::string name() {
    static constexpr std::array names{
        "id",      "id",      "name",  "status",   "toy_id", "parts", "part", "class_",  "class",
        "Sent-At", "made_at", "note",  "page",     "any",    "tags",  "",     "cookies", "a.b",
        "api_key", "toys",    "color", "duration", "toy",    "field", "null", "true",    "x"};
    return std::string{"\""} + names[in_.byte() % names.size()] + '"';
  }
  std::string value(int depth) {
    static constexpr std::array plain{"null",
                                      "true",
                                      "1",
                                      "2.5",
                                      "\"\"",
                                      "\"on\"",
                                      "\"off\"",
                                      "\"on\"",
                                      "\"null\"",
                                      "\"true\"",
                                      "\"+14045550123\"",
                                      "\"dana@example.com\"",
                                      "\"2026-02-10T09:05:06Z\"",
                                      "\"https://www.example.com/#x, y: {z}\"",
                                      "\"a \\\"b\\\": #c\\n\"",
                                      "\"green1\"",
                                      "-9",
                                      "18446744073709551615",
                                      "\"CAL019c2013236d7b1fb0c881bd94d82691\"",
                                      "\"US\""};
    const std::uint8_t kind = in_.byte();
    if (depth < 5 && kind % 8 == 6) return object(depth);
    if (depth < 5 && kind % 8 == 7) {
      std::string out = "[";
      for (int items = in_.byte() % 4; items > 0; --items)
        out += (out.size() > 1 ? "," : "") + value(depth + 1);
      return out + "]";
    }
    return plain[kind % plain.size()];
  }

  fuzz::Input& in_;
};

void check_sketch(const std::vector<std::string>& rows) {
  Sketch whole, first, second;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    require(whole.add(rows[i]).has_value(), "a sketch takes every row", rows[i]);
    require((2 * i < rows.size() ? first : second).add(rows[i]).has_value(),
            "a sketch takes every row", rows[i]);
  }
  first.add(second);
  require(first.object == whole.object && first.members.size() == whole.members.size(),
          "parts add up to the whole", first.to_json());
  const auto again = Sketch::from_json(whole.to_json());
  require(again && again->to_json() == whole.to_json(), "a sketch comes back as it was",
          whole.to_json());
}

void check_draft(const std::string& page) {
  static const std::string source = codegen::with_fields("id: { type: id, evidence: real }");
  static const codegen::Loaded known = codegen::load_schema(source, "schema.yaml");
  const std::vector<codegen::Page> pages{{.from = "page", .path = {}, .query = {}, .json = page}};
  const auto list = codegen::read_list(pages, codegen::words_of_lists(known.schema));
  if (!list) return;
  for (const bool examples : {false, true}) {
    const auto draft =
        codegen::make_draft(*list, known.schema, {.name = "drafted", .examples = examples});
    const std::string text = codegen::pasted(source, codegen::draft_text(draft));
    const auto loaded = codegen::load_schema(text, "pasted");
    // A row none of whose members can be named is no endpoint.
    if (draft.key.empty()) continue;
    require(loaded.mistakes.empty(), "a draft has no mistake",
            loaded.mistakes.empty()
                ? ""
                : codegen::join(loaded.mistakes.lines("pasted"), "\n") + "\n" + page + "\n" + text);
    require(!codegen::draft_facts(draft, known.schema).empty(), "a draft has facts", page);
  }
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out{R"({"page":1,"toys":[{"id":1}]})", R"([1])", R"({"a":)"};
  for (int seed = 1; seed < 30; ++seed) {
    std::string bytes(200, '\0');
    unsigned state = static_cast<unsigned>(seed) * 2654435761u;
    for (char& c : bytes) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
    out.push_back(bytes);
  }
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As JSON, which it mostly is not.
  Sketch anything;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (!anything.add(text))
    require(anything.total() == 0, "what is refused leaves nothing behind", text);
  (void)Sketch::from_json(text);

  fuzz::Input in{data, size};
  std::vector<std::string> rows;
  for (int count = 1 + in.byte() % 5; count > 0; --count) rows.push_back(Rows{in}.object(0));
  check_sketch(rows);
  std::string page = "{\"page\":1,\"toys\":[";
  for (const auto& row : rows) page += (page.ends_with('[') ? "" : ",") + row;
  check_draft(page + "]}");
  check_draft(rows.front());
  return 0;
}
