#include <callrail/fake/random.hpp>
#include <callrail/fake/tomorrow.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <algorithm>
#include <array>

namespace callrail::fake {
namespace {

constexpr std::uint64_t word_every = 3, no_object_every = 8;
constexpr std::array<Text, 3> steps{"call_back", "send_offer", "nothing"};

/// The first field that is sent in lists, is not yet chosen, and will do.
class Choice {
 public:
  explicit Choice(const EndpointPlan& plan) : plan_{plan}, taken_(plan.fields.size()) {
    const Endpoint& facts = *plan.facts;
    for (const std::size_t i :
         {plan.instant, plan.hidden, plan.disabled, plan.zone, facts.find(facts.dates.cursor),
          facts.find(facts.order.field), facts.find(facts.order_default)})
      if (i < taken_.size()) taken_[i] = true;
  }

  std::size_t take(auto will_do) {
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      const Field& field = *plan_.fields[i].field;
      const bool sent =
          field.sent == Sent::always || (field.sent == Sent::on_request &&
                                         std::ranges::count(plan_.facts->refused, field.name) == 0);
      if (taken_[i] || !sent || field.gone || !will_do(i, field)) continue;
      taken_[i] = true;
      return i;
    }
    return Endpoint::npos;
  }

 private:
  const EndpointPlan& plan_;
  std::vector<bool> taken_;
};

/// A name the endpoint has not got: a fake of tomorrow's schema has a day after.
std::string free_name(const Endpoint& facts, std::string name) {
  while (facts.find(name) != Endpoint::npos) name += "_2";
  return name;
}

}  // namespace

Tomorrow::Tomorrow(const EndpointPlan& plan)
    : new_text{free_name(*plan.facts, "next_step")},
      new_object{free_name(*plan.facts, "quality_review")} {
  Choice choice{plan};
  const auto id_of = [&](std::uint8_t form) {
    return choice.take([&](std::size_t i, const Field& field) {
      const FieldPlan& made = plan.fields[i];
      // Text that refers to nothing any more would be another change; a number in quotes is not.
      const std::uint8_t usual =
          i == plan.key ? (plan.keys.form() == Keys::Form::number ? std::uint8_t{accept_number}
                                                                  : std::uint8_t{accept_text})
                        : made.main;
      const bool both = made.accepts(accept_text) && made.accepts(accept_number) && i != plan.key;
      return field.type == Type::id && usual == form && !both &&
             (form == accept_number || i != plan.key);
    });
  };
  other_id = id_of(accept_number);
  if (other_id == Endpoint::npos) other_id = id_of(accept_text);
  other_word = choice.take([&](std::size_t i, const Field& field) {
    return i != plan.key && field.type == Type::enumeration && !field.values.empty();
  });
  other_type = choice.take([&](std::size_t i, const Field& field) {
    const bool simple =
        field.type == Type::boolean || field.type == Type::integer || field.type == Type::number;
    return i != plan.key && simple && (field.accepts & accept_text) == 0;
  });
  const auto goes = [&](bool even_null) {
    return choice.take([&](std::size_t i, const Field& field) {
      return i != plan.key && field.sent == Sent::always && !field.may_be_absent &&
             (even_null || !field.nullable());
    });
  };
  gone = goes(false);
  if (gone == Endpoint::npos) gone = goes(true);
}

void Tomorrow::respell(std::string& out, std::size_t begin, std::size_t field,
                       const Row& row) const {
  const Text value = Text{out}.substr(begin);
  if (value == "null") return;
  const bool quoted = value.starts_with('"');
  if (field == other_word && join(row.seed, word) % word_every == 0) {
    out.resize(begin);
    out += json_string(word);
  } else if (field == other_id && quoted) {
    // As exact as a number can be for everybody; equal texts stay equal.
    const std::string number = std::to_string(join(0, value) >> 12);
    out.resize(begin);
    out += number;
  } else if (field == other_id || (field == other_type && !quoted)) {
    out.insert(begin, 1, '"');
    out += '"';
  }
}

void Tomorrow::append_new(std::string& out, const Row& row) const {
  Dice dice{join(row.seed, new_text)};
  out += json_string(new_text) + ':' + json_string(steps[dice.below(steps.size())]) + ',';
  out += json_string(new_object) + ':';
  if (dice.one_in(no_object_every)) {
    out += "null";
    return;
  }
  out += R"({"score":)" + std::to_string(dice.below(100)) + R"(,"passed":)" +
         (dice.one_in(2) ? "true" : "false") + R"(,"checks":[)";
  for (std::uint64_t i = 0, n = dice.below(3); i < n; ++i)
    out += std::string{i == 0 ? "" : ","} + R"({"title":"part )" + std::to_string(i + 1) +
           R"(","points":)" + std::to_string(dice.below(10)) + '}';
  out += "]}";
}

}  // namespace callrail::fake
