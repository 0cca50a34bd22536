#include <callrail/fake/vocabulary.hpp>
#include <callrail/fake/writer.hpp>

#include <algorithm>
#include <array>

namespace callrail::fake {
namespace {

constexpr std::uint64_t absent_every = 8, null_every = 8, other_kind_every = 8;
constexpr std::uint64_t nasty_number_every = 200;

template <class List>
const auto& any_of(const List& list, Dice& dice) {
  return list[dice.below(list.size())];
}

}  // namespace

bool Writer::field(const FieldPlan& plan) {
  Dice dice{join(row_.seed, plan.salt)};
  if (!world_.quirks().null_fields().empty() &&
      world_.quirks().null_fields().contains(plan.field->name)) {
    out_ += "null";
    return true;
  }
  return by_origin(plan, dice);
}

bool Writer::by_origin(const FieldPlan& plan, Dice& dice) {
  switch (plan.origin) {
    case Origin::key: key(); return true;
    case Origin::instant:
      out_ += '"';
      append_instant(out_, row_.at, row_.zone->offset(row_.at),
                     plan.spellings[dice.below(plan.spellings.size())]);
      out_ += '"';
      return true;
    case Origin::legacy: append_number(out_, world_.legacy_id(row_)); return true;
    case Origin::copied: return copied(plan, dice);
    case Origin::sibling: return display(plan, dice);
    case Origin::level:
      out_ += '"';
      out_ += world_.model()
                  .endpoints[static_cast<std::size_t>(row_.group < 0 ? world_.model().root
                                                                     : world_.model().group)]
                  .noun;
      out_ += '"';
      return true;
    case Origin::disabled: {
      // Deleted rows have been seen to; this one is any of the other words.
      const auto& values = plan.field->values;
      std::size_t pick = dice.below(values.size());
      if (values[pick] == row_.plan->disabled_value) pick = (pick + 1) % values.size();
      out_ += json_string(values[pick]);
      return true;
    }
    case Origin::disabled_at: {
      const auto left = (world_.options().until - row_.at).count();
      const auto later = static_cast<std::int64_t>(
          dice.below(static_cast<std::uint64_t>(std::max<std::int64_t>(left, 1))));
      instant(row_.at + std::chrono::milliseconds{later}, plan, dice);
      return true;
    }
    case Origin::hidden:
    case Origin::of_parent:
    case Origin::aside:
    case Origin::own: break;
  }
  return made_up(plan, dice);
}

bool Writer::made_up(const FieldPlan& plan, Dice& dice) {
  const Field& field = *plan.field;
  if (field.may_be_absent && dice.one_in(absent_every)) return false;
  if (field.nullable() && dice.one_in(null_every)) {
    out_ += "null";
    return true;
  }
  value(plan, choose_kind(plan.main, plan.others, dice), dice);
  return true;
}

std::uint8_t Writer::choose_kind(std::uint8_t main, std::uint8_t others, Dice& dice) const {
  const bool number_or_text =
      ((main | others) & accept_number) != 0 && (others | main) & accept_text;
  if (others != 0 && number_or_text && world_.quirks().has(Quirk::numbers_as_text))
    return accept_text;
  if (others == 0 || !dice.one_in(other_kind_every)) return main;
  std::array<std::uint8_t, 8> kinds{};
  std::size_t count = 0;
  for (unsigned bit = accept_boolean; bit <= accept_array; bit <<= 1)
    if ((others & bit) != 0) kinds[count++] = static_cast<std::uint8_t>(bit);
  return kinds[dice.below(count)];
}

bool Writer::copied(const FieldPlan& plan, Dice& dice) {
  const auto& to = world_.model().endpoints[static_cast<std::size_t>(plan.endpoint)];
  const Field& field = *plan.field;
  if (field.may_be_absent && dice.one_in(absent_every)) return false;
  // All of a row's fields about one endpoint speak of the same row there.
  const auto target = world_.referred(row_, to, join(row_.seed, to.salt));
  const std::size_t begin = out_.size();
  if (target && !(field.nullable() && !world_.model().is_group(to) && dice.one_in(null_every)) &&
      world_.append_field(out_, *target, plan.of)) {
    if (field.nullable() || Text{out_}.substr(begin) != "null") return true;
  }
  out_.resize(begin);
  if (field.nullable()) {
    out_ += "null";
    return true;
  }
  if (plan.of != to.key || (field.accepts & accept_text) == 0) return made_up(plan, dice);
  // Nothing to refer to, and the reference may not be null: a key like those, of nothing.
  out_ += '"';
  to.keys.append(out_, {row_.account, world_.first_rows(to, row_.account) + 1'000'000}, row_.at);
  out_ += '"';
  return true;
}

bool Writer::display(const FieldPlan& plan, Dice& dice) {
  const Field& field = *plan.field;
  if (field.may_be_absent && dice.one_in(absent_every)) return false;
  const std::size_t begin = out_.size();
  const bool there = world_.append_field(out_, row_, plan.of);
  const Text value = Text{out_}.substr(begin);
  if (!there || (value == "null" && !field.nullable())) {
    out_.resize(begin);
    return made_up(plan, dice);
  }
  // "+14045550123" → "404-555-0123"
  if (plan.look == Look::display_phone && value.size() == 14 && value.starts_with("\"+1")) {
    const std::string digits{value.substr(3, 10)};
    out_.resize(begin);
    out_ += '"' + digits.substr(0, 3) + '-' + digits.substr(3, 3) + '-' + digits.substr(6) + '"';
  }
  return true;
}

void Writer::key() {
  const Keys& keys = row_.plan->keys;
  const bool quoted = keys.form() != Keys::Form::number || world_.quirks().has(Quirk::ids_as_text);
  if (quoted) out_ += '"';
  keys.append(out_, {row_.account, row_.number}, row_.at);
  if (quoted) out_ += '"';
}

void Writer::value(const FieldPlan& plan, std::uint8_t kind, Dice& dice) {
  switch (kind) {
    case accept_boolean: out_ += dice.one_in(2) ? "true" : "false"; return;
    case accept_number: number(plan, dice); return;
    case accept_object:
      if (plan.field->members.empty()) return map(plan, dice);
      if (plan.endpoint >= 0) {
        const auto& to = world_.model().endpoints[static_cast<std::size_t>(plan.endpoint)];
        const auto target = world_.referred(row_, to, join(row_.seed, to.salt));
        return object(plan, dice, target ? &*target : nullptr);
      }
      return object(plan, dice, nullptr);
    case accept_array: list(plan, dice); return;
    default: text(plan, dice);
  }
}

void Writer::text(const FieldPlan& plan, Dice& dice) {
  if (plan.look == Look::instant) return instant(row_.at, plan, dice);
  out_ += '"';
  if (plan.main == accept_number) {
    const std::size_t begin = out_.size();
    number(plan, dice);
    // A number in quotes; nothing in it needs an escape.
    if (begin == out_.size()) out_ += '0';
  } else if (plan.main != accept_object || !plan.texts.empty()) {
    words(plan, dice);
  }
  out_ += '"';
}

void Writer::instant(Instant near, const FieldPlan& plan, Dice& dice) {
  // What the row tells of its own time lies within 18 seconds of it, as created_at does.
  if (plan.origin != Origin::disabled_at) {
    const bool soon = row_.plan->dated() && plan.origin == Origin::aside;
    near += std::chrono::milliseconds{dice.below(soon ? 18'000 : 86'400'000)};
  }
  out_ += '"';
  append_instant(out_, near, row_.zone->offset(near),
                 plan.spellings[dice.below(plan.spellings.size())]);
  out_ += '"';
}

void Writer::number(const FieldPlan& plan, Dice& dice) {
  const bool whole = plan.field->type != Type::number;
  if (world_.options().nasty && plan.field->type != Type::list && dice.one_in(nasty_number_every)) {
    out_ += whole ? "9007199254740993" : "9007199254740993.25";
    return;
  }
  if (plan.numbers.empty()) {
    append_number(out_, static_cast<std::int64_t>(dice.below(1000)));
    return;
  }
  const std::string& example = any_of(plan.numbers, dice);
  const auto dot = example.find('.');
  std::int64_t digits = 0;
  for (const char c : example)
    if (c >= '0' && c <= '9' && digits < 1'000'000'000'000) digits = digits * 10 + (c - '0');
  const auto value =
      static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(digits) * 2 + 10));
  if (whole || (dot == std::string::npos && !dice.one_in(2))) {
    append_number(out_, value);
    return;
  }
  const int decimals = dot == std::string::npos ? 2 : static_cast<int>(example.size() - dot - 1);
  std::int64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  append_number(out_, dot == std::string::npos ? value : value / unit);
  out_ += '.';
  append_number(out_, dot == std::string::npos ? 0 : value % unit, decimals);
}

void Writer::whole(const FieldPlan& plan, Dice& dice) {
  out_ += plan.wholes.empty() ? std::string{"{}"} : any_of(plan.wholes, dice);
}

void Writer::object(const FieldPlan& plan, Dice& dice, const Row* short_of) {
  out_ += '{';
  const std::size_t begin = out_.size();
  const bool hollow = !plan.field->may_be_absent ? false : dice.one_in(8);
  for (const FieldPlan& member : plan.members) {
    if (member.field->gone) continue;
    if (member.field->sent == Sent::unseen && !world_.quirks().has(Quirk::unseen_sent)) continue;
    const std::size_t before = out_.size();
    if (before != begin) out_ += ',';
    out_ += member.name;
    const std::size_t value_begin = out_.size();
    bool there = false;
    if (short_of != nullptr && member.of != Endpoint::npos) {
      there = world_.append_field(out_, *short_of, member.of);
      if (there && !member.field->nullable() && Text{out_}.substr(value_begin) == "null") {
        out_.resize(value_begin);
        there = false;
      }
    }
    if (!there && hollow && member.field->nullable()) {
      out_ += "null";
      there = true;
    }
    if (!there) {
      Dice own{dice.next() ^ member.salt};
      // A member of a short form, but of no row: it stands for itself.
      there = short_of == nullptr && member.origin == Origin::copied && plan.endpoint < 0
                  ? copied(member, own)
                  : made_up(member, own);
    }
    if (!there) out_.resize(before);
  }
  if (plan.field->open && dice.one_in(4)) {
    if (out_.size() != begin) out_ += ',';
    out_ += "\"x-";
    out_ += any_of(vocabulary::words(), dice);
    out_ += "\":\"";
    out_ += any_of(vocabulary::words(), dice);
    out_ += '"';
  }
  out_ += '}';
}

void Writer::map(const FieldPlan& plan, Dice& dice) {
  if (plan.field->type == Type::any) return whole(plan, dice);
  out_ += '{';
  const std::size_t begin = out_.size();
  for (const auto& [name, value] : plan.entries) {
    if (dice.one_in(4)) continue;
    if (out_.size() != begin) out_ += ',';
    out_ += name;
    if (value.starts_with('"') && world_.options().nasty && dice.one_in(16)) {
      out_ += '"';
      out_ += any_of(vocabulary::nasty(), dice);
      out_ += '"';
    } else {
      out_ += value;
    }
  }
  if (world_.options().nasty && dice.one_in(8)) {
    const Text odd = any_of(vocabulary::nasty_names(), dice);
    const std::string name = '"' + std::string{odd} + "\":";
    if (std::ranges::find(plan.entries, name, &std::pair<std::string, std::string>::first) ==
        plan.entries.end()) {
      if (out_.size() != begin) out_ += ',';
      out_ += name;
      out_ += dice.one_in(2) ? "\"A-42\"" : dice.one_in(2) ? "null" : "[1,{\"deep\":true}]";
    }
  }
  out_ += '}';
}

void Writer::list(const FieldPlan& plan, Dice& dice) {
  const std::size_t count = dice.below(plan.most_items + 1);
  out_ += '[';
  std::array<std::uint64_t, 12> used{};
  std::size_t made = 0;
  for (std::size_t i = 0; i < count && made < used.size(); ++i) {
    std::uint8_t kind = choose_kind(plan.item_main, plan.item_others, dice);
    if (plan.item_main == accept_object && (plan.item_others & accept_text) != 0) {
      if (world_.quirks().has(Quirk::lists_of_text)) kind = accept_text;
      if (world_.quirks().has(Quirk::lists_of_objects)) kind = accept_object;
    }
    std::optional<Row> target;
    if (plan.endpoint >= 0) {
      const auto& to = world_.model().endpoints[static_cast<std::size_t>(plan.endpoint)];
      target = world_.referred(row_, to, join(join(row_.seed, to.salt), i));
      if (!target ||
          std::find(used.begin(), used.begin() + made, target->number) != used.begin() + made)
        continue;
      used[made] = target->number;
    }
    if (made++ != 0) out_ += ',';
    item(plan, kind, dice, target ? &*target : nullptr);
  }
  out_ += ']';
}

void Writer::item(const FieldPlan& plan, std::uint8_t kind, Dice& dice, const Row* short_of) {
  if (kind == accept_object)
    return plan.field->members.empty() ? map(plan, dice) : object(plan, dice, short_of);
  if (kind == accept_text && short_of != nullptr && short_of->plan->label != Endpoint::npos) {
    world_.append_field(out_, *short_of, short_of->plan->label);
    return;
  }
  if (kind == accept_array) {
    out_ += "[]";
    return;
  }
  if (kind == accept_text) {
    out_ += '"';
    words(plan, dice);
    out_ += '"';
    return;
  }
  if (kind == accept_number) return number(plan, dice);
  out_ += dice.one_in(2) ? "true" : "false";
}

}  // namespace callrail::fake
