#include "draft.hpp"

#include "draft_fields.hpp"
#include "guess.hpp"
#include "model/json_text.hpp"
#include "names.hpp"

#include <callrail/sketch/type_text.hpp>

#include <algorithm>
#include <map>

namespace callrail::codegen {
namespace {

using sketch::Member;
using sketch::Sketch;

class Drafting {
 public:
  Drafting(const List& list, const Schema& known, const DraftOptions& options)
      : list_{list}, known_{known}, options_{options} {}

  Draft make() {
    names();
    FieldDrafts fields{known_, list_.row, {draft_.record, key_name(), options_.examples}};
    for (const auto& member : list_.row.members) {
      if (is_nameable(list_.row, member.name)) {
        draft_.fields.push_back(fields.field(member));
        draft_.fields.back().on_request = list_.selected.contains(member.name);
      } else {
        draft_.notes.push_back("the rows have a member " + json_quoted(member.name) +
                               ", which the notation cannot name");
      }
    }
    draft_.enums = fields.take_enums();
    draft_.shapes = fields.take_shapes();
    key();
    paging();
    parameters();
    cursor();
    for (const auto& name : list_.selected)
      if (list_.row.find(name)) draft_.select = select_parameter();
    return std::move(draft_);
  }

 private:
  void names() {
    draft_.rows = list_.rows;
    draft_.name = options_.name;
    if (draft_.name.empty()) draft_.name = name_of_path();
    draft_.record = free_type_name(pascal(singular(draft_.name)), "Row", known_, {});
    draft_.seen = count_of(list_.row.object, "row") + " of " + count_of(list_.pages, "page");
    if (list_.again > 0)
      draft_.seen += "; " + count_of(list_.again, "row") + " came again and count once";
    if (const auto big = list_.big_integers; big > 0)
      draft_.notes.push_back(count_of(big, "integer") + (big == 1 ? " is" : " are") +
                             " beyond 64 bits, which many programs read as another number");
    if (known_.find_endpoint(draft_.name))
      draft_.notes.push_back(
          "the schema has an endpoint of this name: choose another, or take from "
          "this draft what that one lacks");
  }

  std::string name_of_path() const {
    if (list_.rows != row_itself && is_field_name(field_name(list_.rows)))
      return field_name(list_.rows);
    const auto slash = list_.path.rfind('/');
    return field_name(slash == std::string::npos ? "" : list_.path.substr(slash + 1));
  }

  /// `id`, or what looks most like one.
  std::string key_name() const {
    const auto& unique = list_.keys;
    const auto has = [&](const std::string& name) {
      return std::ranges::find(unique, name) != unique.end();
    };
    const auto usable = [&](const std::string& name) {
      const Member* member = list_.row.find(name);
      return is_nameable(list_.row, name) && member &&
             member->value.integer + member->value.text == list_.row.object &&
             !sketch::all_instants(member->value);
    };
    if (has("id") && usable("id")) return "id";
    for (const auto& name : unique)
      if (is_id_name(name) && usable(name)) return name;
    for (const auto& name : unique)
      if (last_part(name) == "uuid" && usable(name)) return name;
    for (const auto& name : unique)
      if (usable(name)) return name;
    return {};
  }

  void key() {
    draft_.key = key_name();
    if (!draft_.key.empty()) {
      if (list_.row.object == 1)
        draft_.key_note = "there was one row, so any field would do";
      else
        draft_.key_note = "another one in each of " + count_of(list_.row.object, "row");
      return;
    }
    for (const auto& field : draft_.fields)
      if (draft_.key.empty() && (field.type.starts_with("id") || field.type.starts_with("text") ||
                                 field.type.starts_with("integer")))
        draft_.key = field.name;
    draft_.key_note = "no field had another value in each row: a person must choose";
  }

  void paging() {
    const auto& offset = known_.api.offset;
    const auto& relative = known_.api.relative;
    const auto has = [&](const std::string& name) {
      return !name.empty() && list_.answer.find(name) != nullptr;
    };
    // Totals prove that a list is whole, so pages with numbers come first.
    if (has(offset.page) || has(offset.pages)) draft_.paging.emplace_back("offset");
    if (has(relative.next) || has(relative.more)) draft_.paging.emplace_back("relative");
    std::vector<std::string> others;
    for (const auto& member : list_.answer.members) {
      const auto is = [&](const std::string& name) { return member.name == name; };
      if (!is(offset.page) && !is(offset.size) && !is(offset.pages) && !is(offset.total) &&
          !is(relative.next) && !is(relative.more))
        others.push_back(member.name);
    }
    if (const auto more = others.size(); more > 6) {
      others.resize(5);
      others.push_back(std::to_string(more - 5) + " more");
    }
    if (!others.empty()) draft_.rows_note = "beside them: " + join(others);
    if (list_.rows == row_itself) draft_.rows_note = "the answer itself is the one row";
    if (!draft_.paging.empty()) return;
    draft_.paging.emplace_back("whole");
    draft_.paging_note = "no page numbers and no next page in the answer";
  }

  /// Fills the path's gaps with parameters, as other paths of the schema have them.
  void parameters() {
    draft_.path = options_.path.empty() ? list_.path : options_.path;
    if (draft_.path.empty()) {
      draft_.path = usual_folder() + hyphenated(draft_.name) + ".json";
      draft_.path_note = "a saved page does not say what was asked: this is a guess";
    }
    for (auto gap = draft_.path.find("{}"); gap != std::string::npos; gap = draft_.path.find("{}"))
      draft_.path.replace(gap + 1, 0, parameter_at(gap));
    for (const auto& [parameter, source] : known_.api.parameters)
      if (list_.asked.contains(parameter.text) &&
          draft_.path.find("{" + parameter.text + "}") == std::string::npos) {
        draft_.per = parameter.text;
        draft_.per_note = "every request had it";
      }
  }

  static std::string hyphenated(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
  }

  /// Where most paths of the schema are: /v3/a/{account_id}/
  std::string usual_folder() const {
    std::map<std::string, int> folders;
    for (const auto& endpoint : known_.endpoints)
      ++folders[endpoint.path.text.substr(0, endpoint.path.text.rfind('/') + 1)];
    const auto most = std::ranges::max_element(folders, {}, [](const auto& folder) {
      return std::pair{folder.second, folder.first.size()};
    });
    return most == folders.end() ? "/" : most->first;
  }

  std::string parameter_at(std::size_t gap) {
    const std::string before = draft_.path.substr(0, gap);
    for (const auto& endpoint : known_.endpoints) {
      const std::string& path = endpoint.path.text;
      if (path.starts_with(before + "{"))
        return path.substr(gap + 1, path.find('}', gap) - gap - 1);
    }
    // /calls/{}/page_views.json: one of the rows of calls.
    const auto slash = before.rfind('/', before.size() - 2);
    const std::string segment = before.substr(slash + 1, before.size() - slash - 2);
    const std::string list = field_name(segment);
    const std::string name = singular(list) + "_id";
    const auto declared = [&](const auto& p) { return p.first.text == name; };
    if (std::ranges::none_of(known_.api.parameters, declared)) {
      std::string source = list;
      for (const auto& endpoint : known_.endpoints)
        if (endpoint.path.text.ends_with("/" + segment + ".json")) source = endpoint.name.text;
      draft_.parameters.emplace_back(name, source);
    }
    return name;
  }

  std::string select_parameter() const {
    for (const auto& endpoint : known_.endpoints)
      if (!endpoint.select.empty()) return endpoint.select.text;
    return {};
  }

  /// Which instant the rows are sorted by, and whether days were asked for.
  void cursor() {
    std::string found;
    bool falls = false;
    for (const auto& member : list_.row.members) {
      const sketch::Texts& texts = member.value.texts;
      const bool sorted = (texts.rises == 0) != (texts.falls == 0);
      if (!sketch::all_instants(member.value) || !is_field_name(member.name)) continue;
      if (!found.empty() && !sorted) continue;
      if (found.empty() || sorted) {
        found = member.name;
        falls = sorted && texts.falls > 0;
        if (sorted) {
          draft_.cursor_note = std::string{"the rows came "} + (falls ? "newest" : "oldest") +
                               " first by " + member.name + " (" +
                               count_of(texts.rises + texts.falls, "step") + ")";
          break;
        }
      }
    }
    if (found.empty()) return;
    const std::string& from = known_.api.dates.from;
    if (!from.empty() && list_.asked.contains(from)) {
      draft_.cursor = found;
      return;
    }
    say(draft_.cursor_note, "if the API takes dates here: cursor: " + found +
                                (falls ? ", and newest_first: " + found : ""));
  }

  const List& list_;
  const Schema& known_;
  const DraftOptions& options_;
  Draft draft_;
};

}  // namespace

Draft make_draft(const List& list, const Schema& known, const DraftOptions& options) {
  return Drafting{list, known, options}.make();
}

}  // namespace callrail::codegen
