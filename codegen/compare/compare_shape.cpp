#include "compare_type.hpp"
#include "comparison.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// Where the objects of a shape are.
struct Uses {
  std::vector<std::string> paths;  ///< "calls.tags[]"
  bool spread = false;             ///< some of them over columns
};

class Search {
 public:
  Search(const Schema& schema, const std::string& shape) : schema_{schema}, shape_{shape} {}

  Uses run() {
    for (const auto& endpoint : schema_.endpoints)
      for (const auto& field : endpoint.fields)
        visit(field, endpoint.name.text, field.sent != "single");
    return std::move(uses_);
  }

 private:
  void visit(const Field& field, const std::string& before, bool spread) {
    const Shape* shape = schema_.find_shape(field.type.shape_name());
    if (!shape) return;
    const std::string path =
        before + "." + field.name.text + (field.type.find(Base::object) ? "" : "[]");
    spread = spread && spreads(field.type);
    if (shape->name.text == shape_) {
      uses_.paths.push_back(path);
      uses_.spread = uses_.spread || spread;
    }
    for (const auto& member : shape->fields) visit(member, path, spread);
  }

  const Schema& schema_;
  const std::string& shape_;
  Uses uses_;
};

}  // namespace

void Comparison::shapes() {
  const auto pairing = pair_up(old_.shapes, now_.shapes);
  for (const auto& [old, now] : pairing.both) {
    const Uses before = Search{old_, old->name.text}.run(),
               uses = Search{now_, now->name.text}.run();
    const Lists lists{now->name.text, false, before.spread && uses.spread, uses.paths};
    if (old->name.text != now->name.text)
      add(now->name.text, "the shape was called " + old->name.text, now->name.place).source =
          Verdict::migrate;
    if (old->open != now->open) {
      Change& change = add(now->name.text,
                           now->open ? "members that are not listed are data now"
                                     : "members that are not listed are drift now",
                           now->name.place);
      change.columns = Verdict::ok;
      change.in = uses.paths;
    }
    fields(lists, old->fields, now->fields);
    aside(now->name.text, "doc", old->doc != now->doc, now->name.place);
  }
  for (const Shape* shape : pairing.added)
    add(shape->name.text, "a new shape", shape->name.place).source = Verdict::ok;
  // What uses another shape comes behind it, and tells how bad the loss of that one is.
  for (auto it = pairing.gone.rbegin(); it != pairing.gone.rend(); ++it) {
    const Shape& shape = **it;
    const auto lost = lost_.find(shape.name.text);
    const Verdict verdict =
        lost == lost_.end() ? Verdict::breaks : std::max(lost->second, Verdict::migrate);
    add(shape.name.text, "the shape is gone with its last use; renamed, it wants \"was\"",
        shape.name.place, true)
        .source = verdict;
    for (const auto& member : shape.fields) lose(member.type, verdict);
  }
}

}  // namespace callrail::codegen
