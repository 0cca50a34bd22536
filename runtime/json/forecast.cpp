#include "forecast.hpp"

#include "value_check.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace callrail {

namespace {

std::uint64_t low_bits(std::size_t n) { return n >= 64 ? ~0ULL : (std::uint64_t{1} << n) - 1; }

Foreseen::Way way_of(std::uint8_t accepts) {
  if ((accepts & accept_text) != 0) return Foreseen::Way::text;
  if ((accepts & (accept_boolean | accept_number)) != 0) return Foreseen::Way::scalar;
  return Foreseen::Way::nested;
}

Foreseen foreseen(Text name, std::size_t field, const Shape* shape, bool in_row) {
  Foreseen member;
  member.field = static_cast<std::uint8_t>(field);
  member.shape = shape;
  member.accepts = shape->accepts;
  member.test = shape->test;
  member.integer = shape->integer;
  member.way = way_of(shape->accepts);
  const bool plain = std::ranges::all_of(
      name, [](char c) { return c > 0x1f && c < 0x7f && c != '"' && c != '\\'; });
  std::string key = in_row ? ",\"" : "\"";
  key.append(name).append("\":");
  // A key of NULs is never found: such a member is looked up.
  member.mask = low_bits(Foreseen::longest);
  if (!plain || key.size() > Foreseen::longest) return member;
  std::ranges::copy(key, member.key.begin());
  member.size = static_cast<std::uint8_t>(key.size());
  member.mask = low_bits(key.size());
  return member;
}

Shape::Test test_of(const Field& field) {
  const bool scalar = (field.accepts & (accept_object | accept_array)) == 0;
  if (field.type == Type::timestamp) {
    const bool more =
        !field.values.empty() || (field.format != Format::any && field.format != Format::date_time);
    return scalar && more ? Shape::Test::several : Shape::Test::instant;
  }
  if (!scalar) return Shape::Test::none;
  if (!field.values.empty())
    return field.format == Format::any ? Shape::Test::values : Shape::Test::several;
  switch (field.format) {
    case Format::any:
    case Format::display_phone:
    case Format::money: return Shape::Test::none;
    case Format::e164: return Shape::Test::e164;
    case Format::uri: return Shape::Test::address;
    case Format::email: return Shape::Test::mail;
    case Format::zone: return Shape::Test::zone;
    case Format::uuid: return Shape::Test::uuid;
    case Format::country: return Shape::Test::country;
    case Format::color: return Shape::Test::color;
    default: return Shape::Test::format;
  }
}

}  // namespace

Forecast::Forecast(const Endpoint& endpoint, const Selection& kept, bool narrow,
                   std::span<const std::size_t> columns, const std::vector<bool>& expected)
    : endpoint_{&endpoint}, kept_{kept}, expected_{expected}, columns_{columns.size()} {
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) {
    Foreseen& member = fields_.emplace_back(
        foreseen(endpoint.fields[i].name, i, shape_of(endpoint.fields[i]), true));
    const auto column = std::ranges::find(columns, i);
    member.kept = kept.has(i);
    const auto rank = std::ranges::find(kept.order(), i) - kept.order().begin();
    member.cell = static_cast<std::uint8_t>(narrow ? static_cast<std::size_t>(rank) : i);
    member.spelled = column != columns.end();
    member.column = static_cast<std::uint16_t>(column - columns.begin());
    member.free =
        !member.kept && member.test == Shape::Test::none && (member.accepts & accept_text) != 0;
  }
  learn({});
}

const Shape* Forecast::shape_of(const Field& field) {
  Shape& shape = shapes_.emplace_back();
  shape.field = &field;
  shape.accepts = field.accepts;
  shape.integer = field.type == Type::integer;
  shape.test = test_of(field);
  for (const Text value : field.values) {
    if (value.size() > sizeof(Shape::Word::text)) continue;
    Shape::Word& word = shape.words.emplace_back();
    std::ranges::copy(value, word.text.begin());
    word.mask = low_bits(value.size());
    word.size = value.size();
  }
  shape.closed = !field.members.empty() && !field.open;
  if (field.accepts != accept_any && (field.accepts & accept_array) != 0)
    shape.element = shape_of(elements_.emplace_back(element_of(field)));
  for (std::size_t i = 0; i < field.members.size(); ++i) {
    const Field& member = field.members[i];
    shape.members.push_back(foreseen(member.name, i, shape_of(member), false));
    shape.closed = shape.closed || shape.members.back().size == 0;
    if (must_come(member)) shape.required |= std::uint64_t{1} << i;
  }
  return &shape;
}

void Forecast::learn(std::span<const std::uint8_t> fields) {
  members_.clear();
  places_.assign(fields_.size(), fields.size());
  for (const std::uint8_t field : fields) {
    places_[field] = members_.size();
    members_.push_back(fields_[field]);
  }
  if (!members_.empty() && members_.front().size != 0) members_.front().key[0] = '{';
  in_order_ = true;
  std::size_t column = 0;
  for (Foreseen& member : members_) {
    if (!member.spelled) continue;
    in_order_ = in_order_ && member.column >= column;
    member.gap = static_cast<std::uint8_t>(member.column - column);
    column = member.column;
  }
  last_gap_ = columns_ == 0 ? 0 : columns_ - 1 - column;
  missing_.clear();
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (expected_[i] && places_[i] == fields.size())
      missing_.push_back(static_cast<std::uint8_t>(i));
}

}  // namespace callrail
