#include "drift_patch.hpp"

#include <callrail/atomic_file.hpp>
#include <callrail/sketch/type_text.hpp>
#include <callrail/text_format.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <edit/proposal.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <unistd.h>

namespace callrail::cli {
namespace {

using codegen::NewMember;
using codegen::Proposal;
using sketch::Sketch;

constexpr std::string_view patch_begin = "--- ";
constexpr std::size_t cut_path = 77;  ///< a finding whose name is longer may have lost its end

/// Objects that lack a field before it is taken for gone: what is gone is not asked for again, so a
/// mistake would prove itself.
constexpr std::uint64_t least_gone = 100;

bool names_an_id(std::string_view name) { return name == "id" || name.ends_with("_id"); }

/// The last name of a path: "tags[].color" is about color.
std::string_view last_name(std::string_view path) {
  path.remove_prefix(path.find_last_of('.') + 1);
  return path.substr(0, path.find("[]"));
}

std::string type_of(const Sketch& sketch, std::string_view name) {
  std::string type =
      sketch::type_text(sketch, {.shape = "?", .enumeration = {}, .id = names_an_id(name)});
  for (std::size_t at = 0; (at = type.find("object ?", at)) != type.npos;) type.erase(at + 6, 2);
  return type.empty() ? "any" : type;
}

/// Those of the object, or of the objects of the list.
std::vector<NewMember> members_of(const Sketch& sketch) {
  std::vector<NewMember> out;
  if (sketch.object == 0) return sketch.items.empty() ? out : members_of(sketch.items.front());
  if (sketch::looks_like_map(sketch)) return out;
  for (const sketch::Member& member : sketch.members)
    out.push_back({.name = member.name,
                   .type = type_of(member.value, member.name),
                   .optional = sketch.absent(member) > 0,
                   .members = members_of(member.value)});
  return out;
}

/// What one endpoint asks for.
class Proposing {
 public:
  Proposing(const Endpoint& endpoint, const EndpointSummary& summary, const Shape* shape,
            const Remarks* remarks, const std::string& day, std::vector<Proposal>& proposals,
            std::vector<std::string>& left_out)
      : endpoint_{endpoint},
        drift_{summary.drift},
        shape_{shape},
        remarks_{remarks},
        day_{day},
        proposals_{proposals},
        left_out_{left_out} {}

  void propose() {
    for (const auto& [path, finding] : drift_.unknown_fields)
      if (is_whole(path)) unknown_field(path, finding);
    for (const auto& [path, finding] : drift_.missing_fields)
      if (is_whole(path)) missing_field(path, finding);
    for (const auto& [path, finding] : drift_.changed_types)
      if (is_whole(path)) changed_type(path, finding);
    for (const auto& [path, finding] : drift_.unknown_values) unknown_value(path, finding);
    if (remarks_ == nullptr) return;
    for (const NullSince& null : remarks_->null_since) all_null(null);
    for (const IdForm& id : remarks_->id_forms) id_form(id);
  }

 private:
  Proposal& add(Proposal::Kind kind, std::string_view path, std::uint64_t rows,
                std::uint64_t of_rows) {
    Proposal& proposal = proposals_.emplace_back();
    proposal.kind = kind;
    proposal.endpoint = std::string{endpoint_.name};
    proposal.path = std::string{path};
    proposal.date = day_;
    proposal.rows = rows;
    proposal.of_rows = std::max(rows, of_rows);
    return proposal;
  }

  bool is_whole(std::string_view path) {
    if (!path.starts_with('(') && path.size() < cut_path) return true;
    leave_out(path, "is not named in full, there is too much of its sort");
    return false;
  }

  void leave_out(std::string_view path, std::string_view why) {
    left_out_.push_back(fmt::format("{}.{} {}", endpoint_.name, path, why));
  }

  /// What was seen at the path: in the pages that were looked at, or else in the first example.
  std::optional<Sketch> seen(std::string_view path, const Drift::Finding& finding) const {
    if (shape_ != nullptr)
      if (const Sketch* const sketch = shape_->at(path)) return *sketch;
    Sketch of_example;
    if (finding.example.empty() || !of_example.add(finding.example)) return std::nullopt;
    return of_example;
  }

  /// The objects around a nested member, as far as they were looked at.
  const Sketch* around(std::string_view path) const {
    const std::size_t dot = path.find_last_of('.');
    return shape_ == nullptr || dot == path.npos ? nullptr : shape_->at(path.substr(0, dot));
  }

  void unknown_field(std::string_view path, const Drift::Finding& finding) {
    Proposal& field = add(Proposal::Kind::new_field, path, finding.count, drift_.rows);
    const auto sketch = seen(path, finding);
    field.type = sketch ? type_of(*sketch, last_name(path)) : "any";
    if (sketch) field.members = members_of(*sketch);
    // How many objects of its sort there were in all rows, nobody has counted.
    if (const Sketch* const objects = around(path)) {
      const sketch::Member* const member = objects->find(last_name(path));
      field.rows = member != nullptr ? member->value.total() : 0;
      field.of_rows = std::max(field.rows, objects->object);
    }
  }

  void missing_field(std::string_view path, const Drift::Finding& finding) {
    std::uint64_t rows = finding.count, of_rows = drift_.rows;
    if (const Sketch* const objects = around(path)) {
      const sketch::Member* const member = objects->find(last_name(path));
      of_rows = objects->object;
      rows = of_rows - (member != nullptr ? std::min(member->value.total(), of_rows) : 0);
    } else if (path.find('.') != path.npos) {
      return leave_out(
          path, "is missing where nobody looked again; whether it is gone a person must say");
    }
    if (rows >= of_rows && of_rows >= least_gone)
      add(Proposal::Kind::gone, path, rows, of_rows);
    else if (rows >= of_rows)
      leave_out(path, fmt::format("is missing in all of {}, too few to close it for good; whether "
                                  "it is gone a person must say",
                                  of_rows == 1 ? "1 row" : fmt::format("{} rows", of_rows)));
    else
      leave_out(path,
                fmt::format("is missing in {} of {} rows; whether it is optional a person must say",
                            rows, of_rows));
  }

  void changed_type(std::string_view path, const Drift::Finding& finding) {
    const auto sketch = seen(path, finding);
    if (!sketch) return leave_out(path, "is of another type, and nobody has seen of which");
    Proposal& type = add(Proposal::Kind::type, path, finding.count, drift_.rows);
    type.type = type_of(*sketch, last_name(path));
    type.members = members_of(*sketch);
  }

  /// "status=archived"
  void unknown_value(std::string_view text, const Drift::Finding& finding) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos) return (void)is_whole(text);
    const std::string_view path = text.substr(0, equals), word = text.substr(equals + 1);
    // Whatever else stands there may be about a person.
    if (text.size() >= cut_path || !sketch::is_word(word))
      return leave_out(path,
                       "has a value that is no word; whether it is an enum a person must say");
    add(Proposal::Kind::enum_word, path, finding.count, drift_.rows).word = std::string{word};
  }

  void all_null(const NullSince& null) {
    const std::size_t field = endpoint_.find(null.field);
    // Where null is foreseen there is nothing to change, and the summary has told it.
    if (field == Endpoint::npos || endpoint_.fields[field].nullable()) return;
    add(Proposal::Kind::all_null, null.field, null.rows, null.rows);
  }

  void id_form(const IdForm& id) {
    const bool number = id.now == sketch::number_form;
    // Several at once, or another form of text: examples tell nothing new then.
    if (id.was.empty() || id.now.find(',') != id.now.npos) {
      leave_out(id.field,
                fmt::format("comes as {}; which of these are its forms a person must say", id.now));
      return;
    }
    add(Proposal::Kind::id_form, id.field, id.rows, id.of_rows).word = number ? "number" : "text";
  }

  const Endpoint& endpoint_;
  const Drift& drift_;
  const Shape* shape_;
  const Remarks* remarks_;
  const std::string& day_;
  std::vector<Proposal>& proposals_;
  std::vector<std::string>& left_out_;
};

template <class Map>
const typename Map::mapped_type* find(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

bool is_patch_or_empty(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::array<char, patch_begin.size()> begin{};
  in.read(begin.data(), begin.size());
  return in.gcount() == 0 || std::string_view{begin.data(), begin.size()} == patch_begin;
}

}  // namespace

DriftPatch drift_patch(const Api& api, const Summary& summary, const Shapes& shapes,
                       const AllRemarks& remarks, std::string_view schema_text,
                       const std::string& day) {
  DriftPatch out;
  std::vector<Proposal> proposals;
  for (const EndpointSummary& each : summary.endpoints)
    if (const Endpoint* const endpoint = api.find(each.name))
      Proposing{*endpoint, each,        find(shapes, each.name), find(remarks, each.name), day,
                proposals, out.left_out}
          .propose();
  if (proposals.empty()) return out;
  auto patch = codegen::propose_patch(schema_text, "schema/endpoints.yaml", proposals);
  out.diff = std::move(patch.diff);
  out.left_out.insert(out.left_out.end(), patch.left_out.begin(), patch.left_out.end());
  return out;
}

Result<std::vector<std::string>> write_drift_patch(const std::string& file,
                                                   const DriftPatch& patch) {
  std::vector<std::string> lines;
  for (const std::string& line : patch.left_out) lines.push_back("left out of the patch: " + line);
  if (patch.diff.empty()) {
    std::error_code error;
    lines.push_back(fmt::format(
        "--drift-patch: nothing {} the schema; {} is not written{}",
        lines.empty() ? "differs from" : "that a program may change in", file,
        std::filesystem::exists(file, error) ? ", the one that is there is of an earlier run"
                                             : ""));
    return lines;
  }
  auto out = AtomicFile::open(file);
  if (!out) return std::unexpected(std::move(out).error());
  if (auto written = (*out)->append(patch.diff); !written)
    return std::unexpected(std::move(written).error());
  if (auto finished = (*out)->finish(); !finished)
    return std::unexpected(std::move(finished).error());
  lines.push_back(
      fmt::format("--drift-patch: {} changes the schema to what was seen; read it, then: "
                  "callrail-codegen accept {}",
                  file, file));
  return lines;
}

std::string why_no_patch(const Config& config, const Api& api) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto place_of = [&](const fs::path& path) {
    return fs::weakly_canonical(fs::absolute(path, error), error);
  };
  const fs::path file = place_of(config.drift_patch);
  if (error) return error.message();
  if (fs::is_directory(file, error) || config.drift_patch.ends_with('/'))
    return "is a folder; name a file";
  const auto is = [&](const fs::path& other) { return !other.empty() && place_of(other) == file; };
  if (is(config.summary_json)) return "is the file of --summary-json; name another one";
  if (is(config.record)) return "is the file of --record; name another one";
  if (is(config.log_file)) return "is the file of --log-file; name another one";
  if (config.output.has_folder() && is(config.output.folder / file.filename())) {
    const std::string name = file.filename().string();
    for (const Endpoint* const endpoint : api.endpoints)
      if (name == std::string{endpoint->name} + std::string{file_extension(config.text.format)})
        return "is a data file of this run; name another one";
  }
  if (fs::exists(file, error) && !is_patch_or_empty(file))
    return "is there already and is no patch; name another file";
  const fs::path folder = file.parent_path();
  if (!fs::is_directory(folder, error)) return "there is no folder " + folder.string();
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return folder.string() + ": " + std::strerror(errno);
  return {};
}

}  // namespace callrail::cli
