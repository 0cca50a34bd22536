#include "compare_type.hpp"

#include "../emit/cpp_text.hpp"

namespace callrail::codegen {
namespace {

/// JSON values as their readers tell them apart.
enum Kinds : unsigned {
  digits_in_text = 1,
  fraction_in_text = 2,
  instant = 4,
  other_text = 8,
  whole_number = 16,
  fraction = 32,
  boolean = 64,
  object = 128,
  array = 256,
  all_text = digits_in_text | fraction_in_text | instant | other_text,
  all_numbers = whole_number | fraction,
  everything = 511,
};

/// What values of a type may look like; null apart.
unsigned sent(const std::vector<Alternative>& alternatives) {
  unsigned out = 0;
  for (const auto& a : alternatives) {
    switch (a.base) {
      case Base::id: out |= all_text | whole_number; break;
      case Base::text:
      case Base::enumeration: out |= all_text; break;
      case Base::integer: out |= whole_number; break;
      case Base::number: out |= all_numbers; break;
      case Base::boolean: out |= boolean; break;
      case Base::timestamp: out |= instant; break;
      case Base::object:
      case Base::map: out |= object; break;
      case Base::list: out |= array; break;
      case Base::any: out |= everything; break;
      case Base::null: break;
    }
  }
  return out;
}

/// What is no drift, by runtime/json/value_check.cpp: the JSON kind counts, and of the first
/// alternative whether it is an integer or an instant.
unsigned taken(const Accepts& accepts, Base main) {
  unsigned out = 0;
  if (accepts.text) out |= main == Base::timestamp ? unsigned{instant} : unsigned{all_text};
  if (accepts.number) out |= main == Base::integer ? unsigned{whole_number} : unsigned{all_numbers};
  if (accepts.boolean) out |= boolean;
  if (accepts.object) out |= object;
  if (accepts.array) out |= array;
  return out;
}

/// What a `Maybe` of a C++ type gives out as its value (runtime/json/cell.cpp).
unsigned readable(const std::string& cpp_type) {
  if (cpp_type == "Any") return everything;
  if (cpp_type == "Json") return object | array;
  if (cpp_type == "Id") return all_text | all_numbers;
  if (cpp_type == "std::int64_t") return digits_in_text | whole_number;
  if (cpp_type == "double") return digits_in_text | fraction_in_text | all_numbers;
  if (cpp_type == "bool") return boolean;
  if (cpp_type == "Timestamp") return instant;
  return all_text;  // Text, Open<…>
}

/// What a table would declare a column of a C++ type as.
std::string column_type(const std::string& cpp_type) {
  return cpp_type == "Id" || cpp_type.starts_with("Open<") ? "Text" : cpp_type;
}

const Shape* shape_of(const Schema& schema, const FieldType& type) {
  return schema.find_shape(type.shape_name());
}

bool same(const std::vector<Alternative>& old, const std::vector<Alternative>& now,
          const Renames& renames) {
  if (old.size() != now.size()) return false;
  for (std::size_t i = 0; i < old.size(); ++i) {
    const auto& names = old[i].base == Base::enumeration ? renames.enums : renames.shapes;
    if (old[i].base != now[i].base || Renames::of(names, old[i].name) != now[i].name ||
        !same(old[i].items, now[i].items, renames))
      return false;
  }
  return true;
}

std::string cpp_type_of(const FieldType& type, const Renames& renames) {
  std::string name = cpp_value_type(type);
  if (name.starts_with("Open<"))
    name = "Open<" + Renames::of(renames.enums, type.main().name) + ">";
  return name;
}

}  // namespace

bool spreads(const FieldType& type) {
  const Accepts accepts = type.accepts();
  return type.main().base == Base::object && !accepts.boolean && !accepts.number && !accepts.text &&
         !accepts.array;
}

TypeChange compare_types(const Schema& old_schema, const FieldType& old, const Schema& now_schema,
                         const FieldType& now, const Renames& renames) {
  TypeChange out;
  out.same = same(old.alternatives, now.alternatives, renames);
  if (out.same) return out;
  const std::string before = cpp_type_of(old, renames), after = cpp_type_of(now, {});
  out.cpp_differs = before != after;
  const auto breaks = [&](const char* why) {
    if (out.columns != Verdict::breaks) out.why = why;
    out.columns = Verdict::breaks;
  };

  const unsigned values = sent(old.alternatives);
  if (old.nullable() && !now.nullable()) breaks("null has no place in it");
  if ((values & ~taken(now.accepts(), now.main().base)) != 0)
    breaks("not every value has a place in it");
  const auto *list = old.find(Base::list), *new_list = now.find(Base::list);
  if (list && new_list && (sent(list->items) & ~taken(accepts_of(new_list->items), Base::any)) != 0)
    breaks("not every element has a place in its list");
  if ((values & readable(before) & ~readable(after)) != 0) breaks("values are read another way");

  const Shape *shape = shape_of(old_schema, old), *new_shape = shape_of(now_schema, now);
  const bool objects = old.accepts().object || old.item_accepts().object;
  if (shape && new_shape && Renames::of(renames.shapes, shape->name.text) != new_shape->name.text)
    breaks("its objects are others");
  if (!shape && new_shape && !new_shape->open && objects) breaks("its members were free");
  if (spreads(old) != spreads(now)) breaks("--nested flatten makes other columns of it");
  if (out.columns == Verdict::ok && column_type(before) != column_type(after)) {
    out.columns = Verdict::migrate;
    out.why = "every value still reads, tables declare another type";
  }
  return out;
}

}  // namespace callrail::codegen
