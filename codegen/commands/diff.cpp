#include "diff.hpp"

#include "../compare/compare.hpp"
#include "../emit/json_tree.hpp"
#include "files.hpp"
#include "revision.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

namespace callrail::codegen {
namespace {

constexpr const char* usage = R"(Usage:
  callrail-codegen diff OLD NEW [--json] [--all]
  callrail-codegen diff --against REV [SCHEMA] [--json] [--all]

Names each change between two schema files, whom it concerns (source: programs with the generated
headers; columns: files and tables; requests: what the API is asked), and whether it is ok, to be
migrated, or breaks them. With --against, OLD is SCHEMA (schema/endpoints.yaml) at a revision of git.

  --json   the same as JSON
  --all    also words that only people read: doc, example, evidence

Exit code by the worst: 0 ok, 3 migrate, 4 breaks; 1 a schema cannot be read or has mistakes, 2 wrong use.
)";

struct Arguments {
  std::string old, now, revision;
  bool json = false, all = false, help = false;
};

std::optional<std::string> read(const std::vector<std::string>& given, Arguments& read) {
  std::vector<std::string> files;
  bool against = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] == "--json") {
      read.json = true;
    } else if (given[i] == "--all") {
      read.all = true;
    } else if (given[i] == "--help") {
      read.help = true;
    } else if (given[i] == "--against") {
      if (i + 1 == given.size()) return "--against wants a revision";
      read.revision = given[++i];
      against = true;
    } else if (given[i].starts_with('-')) {
      return "unknown option " + given[i];
    } else {
      files.push_back(given[i]);
    }
  }
  if (read.help) return std::nullopt;
  if (against) {
    if (read.revision.empty() || read.revision.starts_with('-'))
      return "--against wants a revision, got \"" + read.revision + "\"";
    if (files.size() > 1) return "diff --against wants one schema file";
    read.old = read.now = files.empty() ? "schema/endpoints.yaml" : files[0];
  } else {
    if (files.size() != 2) return "diff wants two schema files, or --against REV";
    read.old = files[0];
    read.now = files[1];
  }
  return std::nullopt;
}

/// The checked schema; nothing: its mistakes have been said.
std::optional<Schema> load(const std::string& text, const std::string& name,
                           std::ostream& complaints) {
  Loaded loaded = load_schema(text, name);
  for (const auto& line : loaded.mistakes.lines(name)) complaints << line << '\n';
  if (!loaded.mistakes.empty()) return std::nullopt;
  return std::move(loaded.schema);
}

using Concern = std::pair<const char*, std::optional<Verdict>>;
std::array<Concern, 3> concerns_of(const Change& change) {
  return {Concern{"source", change.source}, Concern{"columns", change.columns},
          Concern{"requests", change.requests}};
}

/// `source, columns migrate`: those whose verdict is not the whole one say so.
std::string concerns(const Change& change) {
  std::string out;
  for (const auto& [who, verdict] : concerns_of(change)) {
    if (!verdict) continue;
    out += (out.empty() ? "" : ", ") + std::string{who};
    if (*verdict != change.verdict()) out += std::string{" "} + to_text(*verdict);
  }
  return out.empty() ? "readers of the schema" : out;
}

std::string places(const Change& change) {
  constexpr std::size_t most = 3;
  if (change.in.empty()) return {};
  std::vector<std::string> shown = change.in;
  if (shown.size() > most) {
    const std::string rest = std::to_string(shown.size() - most) + " more";
    shown.resize(most);
    shown.push_back(rest);
  }
  return " (in " + join(shown) + ")";
}

std::string counts(const std::vector<Change>& changes) {
  std::array<int, 3> of{};
  for (const auto& change : changes) ++of[static_cast<std::size_t>(change.verdict())];
  return std::to_string(changes.size()) + (changes.size() == 1 ? " change: " : " changes: ") +
         std::to_string(of[0]) + " ok, " + std::to_string(of[1]) + " to migrate, " +
         std::to_string(of[2]) + " that break" + (of[2] == 1 ? "s" : "");
}

void print_text(const std::vector<Change>& changes, std::size_t asides, std::ostream& out) {
  for (const auto& change : changes) {
    std::string verdict = to_text(change.verdict());
    verdict.resize(8, ' ');
    out << verdict << change.where << ": " << change.what << places(change) << " ["
        << concerns(change) << "]\n";
  }
  out << (changes.empty() ? "no changes" : counts(changes));
  if (asides != 0) out << "; " << asides << " of words that only people read (--all)";
  out << '\n';
}

void print_json(const std::vector<Change>& changes, const std::string& old, const std::string& now,
                std::ostream& out) {
  JsonTree list = JsonTree::array();
  for (const auto& change : changes) {
    JsonTree one = JsonTree::object();
    one.add("where", change.where)
        .add("what", change.what)
        .add("verdict", to_text(change.verdict()));
    for (const auto& [who, verdict] : concerns_of(change))
      if (verdict) one.add(who, to_text(*verdict));
    if (!change.in.empty()) {
      JsonTree in = JsonTree::array();
      for (const auto& path : change.in) in.push(JsonTree::text(path));
      one.add("in", std::move(in));
    }
    one.add("file", change.in_old ? "old" : "new");
    one.add("line", JsonTree::raw(std::to_string(change.place.line)));
    list.push(std::move(one));
  }
  JsonTree whole = JsonTree::object();
  whole.add("old", old).add("new", now).add("verdict", to_text(worst(changes)));
  whole.add("changes", std::move(list));
  out << whole.print() << '\n';
}

}  // namespace

int diff(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints) {
  Arguments wanted;
  if (const auto wrong = read(arguments, wanted)) {
    complaints << "callrail-codegen: " << *wrong << "\n\n" << usage;
    return 2;
  }
  if (wanted.help) {
    out << usage;
    return 0;
  }
  const auto now_text = read_filled(wanted.now);
  if (!now_text) {
    complaints << "callrail-codegen: " << wanted.now << " is empty or cannot be read\n";
    return 1;
  }
  std::string old_name = wanted.old;
  std::optional<std::string> old_text;
  if (wanted.revision.empty()) {
    old_text = read_filled(wanted.old);
    if (!old_text)
      complaints << "callrail-codegen: " << wanted.old << " is empty or cannot be read\n";
  } else {
    old_name = wanted.revision + ":" + wanted.old;
    auto text = text_at_revision(wanted.revision, wanted.old);
    if (text)
      old_text = std::move(*text);
    else
      complaints << "callrail-codegen: " << text.error() << '\n';
  }
  if (!old_text) return 1;
  const auto old = load(*old_text, old_name, complaints);
  const auto now = load(*now_text, wanted.now, complaints);
  if (!old || !now) return 1;

  std::vector<Change> changes = compare(*old, *now);
  std::size_t asides = 0;
  if (!wanted.all)
    asides = std::erase_if(changes, [](const Change& change) { return change.aside(); });
  if (wanted.json)
    print_json(changes, old_name, wanted.now, out);
  else
    print_text(changes, asides, out);
  switch (worst(changes)) {
    case Verdict::ok: return 0;
    case Verdict::migrate: return 3;
    case Verdict::breaks: return 4;
  }
  return 0;
}

}  // namespace callrail::codegen
