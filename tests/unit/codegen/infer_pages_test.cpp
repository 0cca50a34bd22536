#include "command.hpp"
#include "model/schema.hpp"
#include "paste.hpp"
#include "schema_text.hpp"

#include <callrail/sketch/text_form.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const fs::path source = CALLRAIL_SOURCE_DIR;

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Every page there is, but those without rows.
std::vector<fs::path> pages() {
  std::vector<fs::path> out;
  for (const auto& folder : fs::directory_iterator{source / "tests/data"})
    if (folder.is_directory() && folder.path().filename() != "errors")
      for (const auto& page : fs::directory_iterator{folder})
        if (page.path().filename().string().find("empty") == std::string::npos)
          out.push_back(page.path());
  std::ranges::sort(out);
  return out;
}

/// Holds values against the types of a draft.
class Holding {
 public:
  explicit Holding(const Schema& schema) : schema_{schema} {}

  void rows(const Endpoint& endpoint, const Json& answer) {
    if (endpoint.rows == ".") return object(answer, endpoint.fields, endpoint.name.text);
    for (const auto& row : answer.at(endpoint.rows))
      object(row, endpoint.fields, endpoint.name.text);
  }
  const std::vector<std::string>& differences() const { return differences_; }

 private:
  void differ(const std::string& where, const std::string& what) {
    differences_.push_back(where + " " + what);
  }

  void object(const Json& value, const std::vector<Field>& fields, const std::string& where) {
    for (const auto& field : fields) {
      const auto member = value.find(field.name.text);
      const std::string inside = where + "." + field.name.text;
      if (member != value.end())
        hold(*member, field.type.alternatives, field.format, inside);
      else if (!field.optional)
        differ(inside, "is missing");
    }
    for (const auto& [name, member] : value.items())
      if (!find_field(fields, name)) differ(where + "." + name, "is unknown");
  }

  void hold(const Json& value, const std::vector<Alternative>& types, const std::string& format,
            const std::string& where) {
    const Accepts accepts = accepts_of(types);
    const bool kind =
        (value.is_null() && accepts.null) || (value.is_boolean() && accepts.boolean) ||
        (value.is_number() && accepts.number) || (value.is_string() && accepts.text) ||
        (value.is_object() && accepts.object) || (value.is_array() && accepts.array);
    if (!kind) return differ(where, "is no such value: " + value.dump());
    for (const auto& a : types) {
      if (a.base == Base::any || a.base == Base::map) return;
      if (value.is_string() && (a.base == Base::text || a.base == Base::id))
        return text(value, format, where);
    }
    for (const auto& a : types) {
      if (value.is_string() && a.base == Base::timestamp &&
          !sketch::instant(value.get<std::string>()))
        differ(where, "is no instant: " + value.dump());
      if (value.is_string() && a.base == Base::enumeration) {
        const auto& words = schema_.find_enum(a.name)->values;
        if (std::ranges::find(words, value.get<std::string>(), &Name::text) == words.end())
          differ(where, "is none of its words: " + value.dump());
      }
      if (value.is_object() && a.base == Base::object)
        object(value, schema_.find_shape(a.name)->fields, where);
      if (value.is_array() && a.base == Base::list)
        for (const auto& item : value) hold(item, a.items, format, where + "[]");
      if (value.is_number_float() && a.base == Base::integer && types.size() < 2)
        differ(where, "is no integer: " + value.dump());
    }
  }

  void text(const Json& value, const std::string& format, const std::string& where) {
    const auto word = std::ranges::find(sketch::format_names, format);
    if (word == sketch::format_names.end() || value.get<std::string>().empty()) return;
    if (!sketch::fits(static_cast<sketch::Format>(word - sketch::format_names.begin()),
                      value.get<std::string>()))
      differ(where, "has another format: " + value.dump());
  }

  const Schema& schema_;
  std::vector<std::string> differences_;
};

std::string draft_of(const fs::path& page, const fs::path& schema,
                     std::vector<std::string> more = {}) {
  std::ostringstream out, complaints;
  std::vector<std::string> arguments{"infer",   page.string(), "--name",
                                     "drafted", "--schema",    schema.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  EXPECT_EQ(run(arguments, out, complaints), 0) << complaints.str();
  return out.str();
}

std::string mistakes(const Loaded& loaded) { return join(loaded.mistakes.lines("pasted"), "\n"); }

/// A type without the names of enums and shapes, which a draft cannot know.
std::string nameless(const std::vector<Alternative>& alternatives) {
  std::string out;
  for (const auto& a : alternatives) {
    out += " " + std::to_string(static_cast<int>(a.base));
    if (a.base == Base::list) out += "<" + nameless(a.items) + ">";
  }
  return out;
}

class EveryPage : public testing::TestWithParam<fs::path> {};

TEST_P(EveryPage, GivesADraftThatLoadsAndTakesThePageWithoutDrift) {
  for (const bool copied : {false, true}) {
    const fs::path schema = source / "schema/endpoints.yaml";
    const std::string draft =
        draft_of(GetParam(), schema,
                 copied ? std::vector<std::string>{"--examples"} : std::vector<std::string>{});
    const Loaded loaded = load_schema(pasted(read_file(schema), draft), "pasted");
    ASSERT_EQ(mistakes(loaded), "") << draft;
    const Endpoint* drafted = loaded.schema.find_endpoint("drafted");
    ASSERT_NE(drafted, nullptr);
    Holding holding{loaded.schema};
    holding.rows(*drafted, Json::parse(read_file(GetParam())));
    EXPECT_EQ(join(holding.differences(), "\n"), "") << draft;
  }
}

/// Drafted for a schema that knows nothing of the endpoint, and compared with what is written of
/// it. The differences are shown rather than held against the draft: few rows know less than the
/// schema.
TEST_P(EveryPage, IsMostlyWhatTheSchemaSaysOfItsTypes) {
  const fs::path file =
      fs::path{testing::TempDir()} / ("stranger-" + std::to_string(getpid()) + ".yaml");
  const std::string stranger = with_fields("id: { type: id, evidence: real }");
  std::ofstream{file, std::ios::binary} << stranger;
  const Loaded loaded = load_schema(pasted(stranger, draft_of(GetParam(), file)), "pasted");
  fs::remove(file);
  ASSERT_EQ(mistakes(loaded), "");
  static const Loaded real = load_schema(read_file(source / "schema/endpoints.yaml"), "schema");
  const std::string name = GetParam().parent_path().filename().string();
  const Endpoint* written = real.schema.find_endpoint(name);
  const Endpoint* drafted = loaded.schema.find_endpoint("drafted");
  ASSERT_TRUE(written && drafted);
  if (drafted->rows != written->rows && drafted->rows != ".")
    GTEST_SKIP() << "rows of another list";
  std::size_t equal = 0, null = 0, other = 0;
  for (const auto& field : drafted->fields) {
    const Field* known = find_field(written->fields, field.name.text);
    ASSERT_NE(known, nullptr) << field.name.text;
    auto with_null = known->type.alternatives;
    if (!known->type.nullable()) with_null.push_back({.base = Base::null});
    const std::string is = nameless(field.type.alternatives);
    if (is == nameless(known->type.alternatives)) {
      ++equal;
    } else if (is == nameless(with_null)) {
      ++null;
    } else {
      ++other;
      std::cout << "  " << name << "." << field.name.text << " is " << known->type.text
                << "; drafted: " << field.type.text << "\n";
    }
  }
  std::cout << "types of " << name << "/" << GetParam().filename().string() << ": " << equal
            << " as in the schema, " << null << " but for \"or null\", " << other << " others\n";
  EXPECT_GT(equal + null, other) << "the guesses are worse than none";
}

INSTANTIATE_TEST_SUITE_P(Drafts, EveryPage, testing::ValuesIn(pages()), [](const auto& chosen) {
  std::string name =
      chosen.param.parent_path().filename().string() + "_" + chosen.param.stem().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
}  // namespace callrail::codegen
