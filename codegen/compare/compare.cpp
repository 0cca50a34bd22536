#include "compare.hpp"

#include "comparison.hpp"

#include <algorithm>

namespace callrail::codegen {

Verdict Change::verdict() const {
  return std::max({source.value_or(Verdict::ok), columns.value_or(Verdict::ok),
                   requests.value_or(Verdict::ok)});
}

Verdict worst(const std::vector<Change>& changes) {
  Verdict out = Verdict::ok;
  for (const auto& change : changes) out = std::max(out, change.verdict());
  return out;
}

const char* to_text(Verdict verdict) {
  return verdict == Verdict::ok ? "ok" : verdict == Verdict::migrate ? "migrate" : "breaks";
}

std::vector<Change> compare(const Schema& old, const Schema& now) {
  return Comparison{old, now}.run();
}

std::vector<Change> Comparison::run() {
  for (const auto& pair : pair_up(old_.enums, now_.enums).both)
    renames_.enums[pair.old->name.text] = pair.now->name.text;
  for (const auto& pair : pair_up(old_.shapes, now_.shapes).both)
    renames_.shapes[pair.old->name.text] = pair.now->name.text;
  // Endpoints tell which enums and shapes were lost with a word, and so come before those.
  endpoints();
  auto of_endpoints = std::exchange(changes_, {});
  shapes();
  auto of_shapes = std::exchange(changes_, {});
  api();
  enums();
  changes_.insert(changes_.end(), of_shapes.begin(), of_shapes.end());
  changes_.insert(changes_.end(), of_endpoints.begin(), of_endpoints.end());
  return std::move(changes_);
}

Change& Comparison::add(std::string where, std::string what, Place place, bool in_old) {
  changes_.push_back(
      {.where = std::move(where), .what = std::move(what), .place = place, .in_old = in_old});
  return changes_.back();
}

Change& Comparison::add(const Lists& lists, const Name& field, std::string what, bool in_old) {
  Change& change = add(lists.owner + "." + field.text, std::move(what), field.place, in_old);
  change.in = lists.in;
  return change;
}

void Comparison::aside(const std::string& where, const std::string& word, bool differs,
                       Place place) {
  if (differs) add(where, "another \"" + word + "\"", place);
}

void Comparison::lose(const FieldType& type, Verdict verdict) {
  for (const auto& name : {type.enum_name(), type.shape_name()})
    if (!name.empty()) lost_[name] = std::max(lost_[name], verdict);
}

}  // namespace callrail::codegen
