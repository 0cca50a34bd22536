#include "infer.hpp"

#include "files.hpp"
#include "infer/draft.hpp"
#include "infer/names.hpp"
#include "model/read.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>

namespace callrail::codegen {

namespace fs = std::filesystem;
namespace {

struct Arguments {
  std::vector<std::string> pages;
  std::string schema = "schema/endpoints.yaml", path, rows;
  std::optional<std::string> name;
  bool examples = false, facts = false;
};

/// Why no endpoint can have the name, or nothing.
std::string wrong_name(const std::string& name) {
  if (auto wrong = trouble_with_endpoint_name(name); !wrong.empty()) return wrong;
  return is_field_name(name) ? "" : "\"" + name + "\" is no name for YAML, or has no letter";
}

std::optional<std::string> read(const std::vector<std::string>& given, Arguments& read) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string* option = nullptr;
    if (given[i] == "--schema") option = &read.schema;
    if (given[i] == "--name") option = &read.name.emplace();
    if (given[i] == "--path") option = &read.path;
    if (given[i] == "--rows") option = &read.rows;
    if (given[i] == "--examples") {
      read.examples = true;
    } else if (given[i] == "--facts") {
      read.facts = true;
    } else if (option) {
      if (i + 1 == given.size()) return given[i] + " wants a value";
      *option = given[++i];
    } else if (given[i].starts_with('-')) {
      return "unknown option " + given[i];
    } else {
      read.pages.push_back(given[i]);
    }
  }
  if (read.pages.empty()) return "infer wants at least one page or recording";
  return std::nullopt;
}

/// The endpoint whose folder in tests/data the pages lie in, as the contract test wants them.
std::string name_by_folder(const std::vector<std::string>& pages) {
  const fs::path folder = fs::absolute(pages.front()).lexically_normal().parent_path();
  const bool together = std::ranges::all_of(pages, [&](const std::string& page) {
    return fs::absolute(page).lexically_normal().parent_path() == folder;
  });
  const std::string name = folder.filename().string();
  return together && folder.parent_path().generic_string().ends_with("/tests/data") &&
                 wrong_name(name).empty()
             ? name
             : "";
}

/// Those whose path is the one wanted, which may have {parameters} where theirs has ids.
bool is_asked_at(const std::string& pattern, std::string wanted) {
  for (auto open = wanted.find('{'); open != wanted.npos; open = wanted.find('{', open + 1))
    wanted.erase(open + 1, std::min(wanted.find('}', open), wanted.size()) - open - 1);
  return pattern == wanted;
}

}  // namespace

int infer(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints) {
  Arguments wanted;
  const auto wrong_use = [&](const std::string& what) {
    complaints << "callrail-codegen: " << what << '\n';
    return 2;
  };
  if (const auto wrong = read(arguments, wanted))
    return wrong_use(*wrong + "; callrail-codegen --help");
  if (wanted.name)
    if (const auto wrong = wrong_name(*wanted.name); !wrong.empty())
      return wrong_use("--name: " + wrong);
  const auto source = read_filled(wanted.schema);
  if (!source) return wrong_use(wanted.schema + " is empty or cannot be read; --schema FILE");
  const Loaded loaded = load_schema(*source, wanted.schema);
  for (const auto& line : loaded.mistakes.lines(wanted.schema)) complaints << line << '\n';
  if (!loaded.mistakes.empty()) return 1;
  const Schema& known = loaded.schema;

  std::vector<Page> saved, recorded;
  for (const auto& file : wanted.pages) {
    const auto bytes = read_filled(file);
    if (!bytes) return wrong_use(file + " is empty or cannot be read");
    auto pages = pages_in(file, *bytes);
    if (!pages) return wrong_use(pages.error());
    for (auto& page : *pages) (page.path.empty() ? saved : recorded).push_back(std::move(page));
  }
  auto lists = by_path(std::move(recorded));
  // A path that was asked chooses; one that was not is told.
  const auto asked = [&](const auto& list) {
    return is_asked_at(pattern_of(list.front().path), wanted.path);
  };
  if (std::ranges::any_of(lists, asked))
    std::erase_if(lists, [&](const auto& list) { return !asked(list); });
  else if (!lists.empty() && !wanted.path.empty())
    return wrong_use("no answer in the recording is that of " + wanted.path);
  if (!saved.empty()) lists.push_back(std::move(saved));
  if (lists.size() > 1 && wanted.name)
    return wrong_use("there are several lists, and --name names one; choose it with --path");

  ListWords words = words_of_lists(known);
  words.rows = wanted.rows;
  bool learned = false;
  for (const auto& pages : lists) {
    const auto list = read_list(pages, words);
    if (!list) {
      complaints << "callrail-codegen: " << list.error() << '\n';
      continue;
    }
    DraftOptions options{
        .name = wanted.name.value_or(""), .path = wanted.path, .examples = wanted.examples};
    if (options.name.empty() && list->path.empty()) options.name = name_by_folder(wanted.pages);
    const Draft draft = make_draft(*list, known, options);
    if (learned && !wanted.facts) out << '\n';
    out << (wanted.facts ? draft_facts(draft, known) : draft_text(draft));
    learned = true;
  }
  return learned ? 0 : 1;
}

}  // namespace callrail::codegen
