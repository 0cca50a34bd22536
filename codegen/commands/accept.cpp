#include "accept.hpp"

#include "edit/apply_patch.hpp"
#include "edit/line_diff.hpp"
#include "emit/output.hpp"
#include "files.hpp"
#include "model/schema.hpp"

#include <map>
#include <optional>
#include <ostream>
#include <ranges>
#include <set>
#include <sstream>

namespace callrail::codegen {
namespace fs = std::filesystem;
namespace {

/// Of one file; reference pages and JSON Schemas repeat what the header says already.
constexpr std::size_t most_lines = 40;

struct Arguments {
  std::string patch, schema = "schema/endpoints.yaml", out = "generated";
  bool quiet = false;
};

/// What is wrong with the arguments, or nothing.
std::string read(const std::vector<std::string>& given, Arguments& read) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string* option = nullptr;
    if (given[i] == "--schema") option = &read.schema;
    if (given[i] == "--out") option = &read.out;
    if (option) {
      if (i + 1 == given.size()) return given[i] + " wants a value";
      *option = given[++i];
    } else if (given[i] == "--quiet") {
      read.quiet = true;
    } else if (given[i].starts_with('-')) {
      return "unknown option " + given[i];
    } else if (!read.patch.empty()) {
      return "accept wants one patch";
    } else {
      read.patch = given[i];
    }
  }
  return read.patch.empty() ? "accept wants the file of a patch" : "";
}

void show(std::ostream& out, const std::string& hunks) {
  const auto lines = lines_with_ends(hunks);
  for (std::size_t i = 0; i < lines.size() && i < most_lines; ++i) out << lines[i];
  if (lines.size() > most_lines) out << "… " << lines.size() - most_lines << " more lines\n";
}

/// Writes as DiskOutput does, shows what that changes, and can put everything back.
class ShowingOutput : public Output {
 public:
  ShowingOutput(const fs::path& folder, bool quiet, std::ostream& out, std::ostream& complaints)
      : disk_{folder, out, complaints}, folder_{folder}, quiet_{quiet}, out_{out} {}

  void put(const File& file) override {
    const auto before = remember(file.path);
    produced_.insert(file.path);
    if (before != file.text) {
      const std::string name = (folder_.filename() / file.path).generic_string();
      out_ << (before ? "" : "new ") << name << '\n';
      if (!quiet_ && before) show(out_, unified_hunks(*before, file.text, 0));
    }
    disk_.put(file);
  }
  bool good() const { return disk_.good(); }
  bool done() override {
    for (const auto& name : leftovers(folder_, produced_)) remember(name);
    return disk_.done();
  }

  /// The first file that would not go back as it was, or nothing.
  std::optional<std::string> put_back() const {
    std::optional<std::string> lost;
    for (const auto& [name, text] : before_) {
      const fs::path path = folder_ / name;
      if (read_file(path) == text) continue;
      std::error_code error;
      if (!(text ? replace_file(path, *text) : fs::remove(path, error)) && !lost)
        lost = path.generic_string();
    }
    // What is not empty stays.
    std::error_code ignored;
    for (const auto& made : std::views::reverse(made_)) fs::remove(made, ignored);
    return lost;
  }

 private:
  std::optional<std::string> remember(const std::string& name) {
    const fs::path path = folder_ / name;
    std::vector<fs::path> missing;
    std::error_code error;
    for (auto parent = path.parent_path(); !parent.empty() && !fs::exists(parent, error);
         parent = parent.parent_path())
      missing.push_back(parent);
    made_.insert(made_.end(), missing.rbegin(), missing.rend());
    return before_[name] = read_file(path);
  }

  DiskOutput disk_;
  fs::path folder_;
  bool quiet_;
  std::ostream& out_;
  std::set<std::string> produced_;
  std::map<std::string, std::optional<std::string>> before_;  ///< nothing: there was no such file
  std::vector<fs::path> made_;                                ///< folders, outer ones first
};

}  // namespace

int accept(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints) {
  const auto complain = [&](const std::string& what, int code) {
    complaints << "callrail-codegen: " << what << '\n';
    return code;
  };
  Arguments wanted;
  if (const auto wrong = read(arguments, wanted); !wrong.empty())
    return complain(wrong + "; --help shows how", 2);
  const auto patch = read_file(wanted.patch);
  if (!patch) return complain(wanted.patch + " cannot be read", 2);
  const auto schema = read_file(wanted.schema);
  if (!schema || schema->empty()) return complain(wanted.schema + " is empty or cannot be read", 2);

  const Applied applied =
      apply_patch(*schema, *patch, fs::path{wanted.schema}.filename().generic_string());
  if (!applied.trouble.empty())
    return complain(wanted.patch + ": " + applied.trouble + "; nothing is changed", 1);
  const Loaded loaded = load_schema(applied.text, public_name(wanted.schema));
  if (!loaded.mistakes.empty()) {
    for (const auto& line : loaded.mistakes.lines(wanted.schema)) complaints << line << '\n';
    return complain("with " + wanted.patch + " the schema has these mistakes; nothing is changed",
                    1);
  }
  // The schema last: with it unchanged, the same command can be given again.
  std::ostringstream shown;
  shown << wanted.schema << '\n';
  if (!wanted.quiet) show(shown, unified_hunks(*schema, applied.text, 0));
  ShowingOutput output{wanted.out, wanted.quiet, shown, complaints};
  for (const auto& file : emit_all(loaded.schema))
    if (output.good()) output.put(file);
  const bool emitted = output.good() && output.done();
  if (!emitted || !replace_file(wanted.schema, applied.text)) {
    const auto lost = output.put_back();
    return complain((emitted ? wanted.schema : wanted.out) + " cannot be written; " +
                        (lost ? *lost + " is not as it was, and nothing else is changed"
                              : "nothing is changed"),
                    1);
  }
  out << shown.str();
  return 0;
}

}  // namespace callrail::codegen
