#include "known.hpp"

#include "names.hpp"

#include <callrail/sketch/type_text.hpp>

#include <algorithm>

namespace callrail::codegen {
namespace {

using sketch::Member;
using sketch::Sketch;

bool has_words(const Enum& e, const Sketch& texts) {
  return texts.texts.worded == texts.text && !texts.texts.many_words &&
         std::ranges::all_of(texts.texts.words, [&](const sketch::Counted& word) {
           return std::ranges::find(e.values, word.text, &Name::text) != e.values.end();
         });
}

bool has_exactly(const Enum& e, const Sketch& texts) {
  return has_words(e, texts) && e.values.size() == texts.texts.words.size();
}

bool has_members(const Schema& schema, const Shape& shape, const Sketch& objects) {
  if (objects.more_members) return false;
  for (const auto& member : objects.members) {
    const Field* field = find_field(shape.fields, member.name);
    if (!field || !admits(schema, field->type, member.value)) return false;
    if (!field->optional && objects.absent(member) > 0) return false;
  }
  return std::ranges::all_of(shape.fields, [&](const Field& field) {
    return field.optional || objects.find(field.name.text);
  });
}

bool admits_alternatives(const Schema& schema, const std::vector<Alternative>& alternatives,
                         const Sketch& values) {
  const Accepts accepts = accepts_of(alternatives);
  if ((values.null > 0 && !accepts.null) || (values.boolean > 0 && !accepts.boolean) ||
      (values.integer + values.number > 0 && !accepts.number) ||
      (values.text > 0 && !accepts.text) || (values.object > 0 && !accepts.object) ||
      (values.array > 0 && !accepts.array))
    return false;
  const auto has = [&](Base base) {
    return std::ranges::find(alternatives, base, &Alternative::base) != alternatives.end();
  };
  if (has(Base::any)) return true;
  const bool free_text = has(Base::text) || has(Base::id);
  bool text = values.text == 0 || free_text, object = values.object == 0 || has(Base::map),
       array = values.array == 0;
  for (const auto& a : alternatives) {
    if (a.base == Base::timestamp) text = text || sketch::all_instants(values);
    if (const Enum* e = a.base == Base::enumeration ? schema.find_enum(a.name) : nullptr)
      text = text || has_words(*e, values);
    if (const Shape* s = a.base == Base::object ? schema.find_shape(a.name) : nullptr)
      object = object || has_members(schema, *s, values);
    if (a.base == Base::list)
      array = array || values.items.empty() ||
              admits_alternatives(schema, a.items, values.items.front());
  }
  return text && object && array && !(values.number > 0 && !has(Base::number) && !has(Base::id));
}

}  // namespace

bool admits(const Schema& schema, const FieldType& type, const Sketch& values) {
  return admits_alternatives(schema, type.alternatives, values);
}

Known::Known(const Schema& schema, std::string_view name) : schema_{schema}, name_{name} {
  const auto look = [&](const auto& owners) {
    for (const auto& owner : owners)
      if (const Field* field = find_field(owner.fields, name))
        found_.push_back({field, owner.name.text});
  };
  look(schema.endpoints);
  look(schema.shapes);
}

bool Known::is_id() const {
  return !found_.empty() && std::ranges::all_of(found_, [](const Found& f) {
    return f.field->type.main().base == Base::id;
  });
}

bool Known::is_map() const {
  return std::ranges::any_of(found_, [](const Found& f) { return f.field->type.find(Base::map); });
}

const Field* Known::field_like(const Sketch& values) const {
  for (const auto& [field, owner] : found_)
    if (admits(schema_, field->type, values)) return field;
  return nullptr;
}

const Field* Known::personal() const {
  const auto is = [](const Found& f) { return f.field->pii != "none"; };
  if (2 * std::ranges::count_if(found_, is) <= static_cast<std::ptrdiff_t>(found_.size()))
    return nullptr;
  return std::ranges::find_if(found_, is)->field;
}

const Field* Known::hidden() const {
  const auto found = std::ranges::find_if(found_, [](const Found& f) { return f.field->secret; });
  return found == found_.end() ? nullptr : found->field;
}

const Enum* Known::enum_for(const Sketch& texts) const {
  // Two that fit are two things that look alike: the status of companies and that of trackers.
  std::vector<const Enum*> fitting;
  const auto add = [&](const Enum* e) {
    if (std::ranges::find(fitting, e) == fitting.end()) fitting.push_back(e);
  };
  for (const auto& [field, owner] : found_)
    if (const Enum* e = schema_.find_enum(field->type.enum_name()); e && has_words(*e, texts))
      add(e);
  if (fitting.empty())
    for (const auto& e : schema_.enums)
      if (has_exactly(e, texts) && e.values.size() > 1) add(&e);
  return fitting.size() == 1 ? fitting.front() : nullptr;
}

const Shape* Known::shape_for(const Sketch& objects) const {
  for (const auto& [field, owner] : found_)
    if (const Shape* s = schema_.find_shape(field->type.shape_name());
        s && has_members(schema_, *s, objects))
      return s;
  for (const auto& shape : schema_.shapes)
    if (shape.fields.size() >= 3 && shape.fields.size() == objects.members.size() && !shape.open &&
        has_members(schema_, shape, objects))
      return &shape;
  return nullptr;
}

std::string Known::place_of(const Field& wanted) const {
  for (const auto& [field, owner] : found_)
    if (field == &wanted) return owner + "." + name_;
  return name_;
}

}  // namespace callrail::codegen
