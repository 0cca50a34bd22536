#include <callrail/fake/random.hpp>
#include <callrail/fake/spelling.hpp>
#include <callrail/fake/sums.hpp>
#include <callrail/fake/vocabulary.hpp>
#include <callrail/fake/writer.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace callrail::fake {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;

constexpr Text mean_of = "average_";

/// What one field of a sum is.
struct Counted {
  enum class What : std::uint8_t { label, rows, true_ones, mean, part, made_up };
  What what = What::made_up;
  std::size_t of = Endpoint::npos;  ///< a field of the rows counted
};

/// Of the rows with one label, or of one point.
struct Sum {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> true_ones, totals, numbers;  ///< by field of the sum
};

const EndpointPlan& counted_of(const World& world, const EndpointPlan& plan) {
  return world.model().endpoints[static_cast<std::size_t>(plan.counted)];
}

std::vector<Counted> understand(const EndpointPlan& plan, const EndpointPlan& of) {
  std::vector<Counted> out;
  bool first = true;
  for (const FieldPlan& field : plan.fields) {
    Counted counted;
    const Text name = field.field->name;
    const bool key = std::ranges::count(plan.facts->keys, name) != 0;
    if (key && field.field->sent == Sent::always) {
      counted.what = Counted::What::label;
    } else if (field.field->type == Type::integer) {
      counted.what = first ? Counted::What::rows : Counted::What::part;
      first = false;
      for (std::size_t i = 0; i < of.fields.size(); ++i) {
        const Field& row = *of.fields[i].field;
        if (row.type == Type::boolean && name.starts_with(row.name))
          counted = {Counted::What::true_ones, i};
        if (row.type == Type::integer && name.starts_with(mean_of) &&
            name.substr(mean_of.size()) == row.name)
          counted = {Counted::What::mean, i};
      }
    }
    out.push_back(counted);
  }
  return out;
}

/// The field a word tells rows apart by: the one called so, or the text that begins with it, as
/// the address of a landing page does.
std::size_t told_apart_by(const EndpointPlan& of, Text word) {
  if (const std::size_t same = of.facts->find(word); same != Endpoint::npos) return same;
  for (std::size_t i = 0; i < of.fields.size(); ++i) {
    const Field& field = *of.fields[i].field;
    if (field.type == Type::text && field.name.size() > word.size() &&
        field.name.starts_with(word) && field.name[word.size()] == '_')
      return i;
  }
  return Endpoint::npos;
}

/// The value as a JSON text; nothing for null. The same text is always spelled alike.
std::string label_of(const World& world, const Row& row, std::size_t field) {
  std::string json;
  if (!world.append_field(json, row, field) || json == "null") return {};
  const auto value = nlohmann::json::parse(json, nullptr, false);
  return json_string(value.is_string() ? value.get_ref<const std::string&>() : json);
}

/// When the point around a moment begins, on the wall clock.
Local begin_of(Local at, Text step) {
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date{day};
  if (step == "hour") return std::chrono::floor<std::chrono::hours>(at);
  if (step == "week") return day - (std::chrono::weekday{day} - std::chrono::Monday);
  if (step == "month") return local_days{date.year() / date.month() / 1};
  if (step == "quarter")
    return local_days{date.year() / ((static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1) / 1};
  if (step == "year") return local_days{date.year() / 1 / 1};
  return day;
}

Local next_point(Local begin, Text step) {
  if (step == "hour") return begin + std::chrono::hours{1};
  // Long enough to get into the next one, and not past it.
  const auto past = step == "week"      ? days{7}
                    : step == "month"   ? days{31}
                    : step == "quarter" ? days{92}
                    : step == "year"    ? days{366}
                                        : days{1};
  return begin_of(begin + past, step);
}

std::string point_label(Local begin, Text step, const Zone& zone) {
  std::string out = "\"";
  const Instant at = zone.earliest(begin);
  append_instant(out, at, zone.offset(at), {'T', 0, Spelling::Offset::plain});
  if (step != "hour") out.resize(std::size("\"YYYY-MM-DD") - 1);
  return out + '"';
}

Text step_of(const Summing& summing) {
  const Text parameter = summing.plan->facts->dates.step;
  for (const auto& [name, word] : summing.words)
    if (name == parameter) return word;
  return {};
}

void append_sum(std::string& out, const World& world, const Summing& summing, const Text label,
                const Sum& sum, std::span<const Counted> counted,
                std::span<const std::size_t> fields, const World::Patch& patch) {
  const EndpointPlan& plan = *summing.plan;
  Row row{&plan,
          summing.account,
          0,
          join(join(plan.salt, summing.account), label),
          -1,
          summing.window.from,
          &world.owner_zone()};
  out += '{';
  const std::size_t begin = out.size();
  for (const std::size_t i : fields) {
    const std::size_t before = out.size();
    if (before != begin) out += ',';
    out += plan.fields[i].name;
    if (patch.field == i) {
      out += patch.value;
      continue;
    }
    switch (counted[i].what) {
      case Counted::What::label: out += label; break;
      case Counted::What::rows: out += std::to_string(sum.rows); break;
      case Counted::What::true_ones: out += std::to_string(sum.true_ones[i]); break;
      case Counted::What::mean:
        out += std::to_string(sum.numbers[i] == 0 ? 0 : sum.totals[i] / sum.numbers[i]);
        break;
      case Counted::What::part:
        out += std::to_string(join(join(row.seed, plan.fields[i].salt), sum.rows) % (sum.rows + 1));
        break;
      case Counted::What::made_up:
        if (!Writer{out, world, row}.field(plan.fields[i])) out.resize(before);
        break;
    }
  }
  if (!patch.more.empty()) out += Text{patch.more}.substr(out.size() == begin ? 1 : 0);
  out += '}';
}

}  // namespace

std::uint64_t points(const Summing& summing) {
  const Text step = step_of(summing);
  if (step.empty()) return 0;
  const Zone& zone = *summing.window.zone;
  std::uint64_t count = 0;
  for (Local at = begin_of(zone.local(summing.window.from), step);
       at <= zone.local(summing.window.to); at = next_point(at, step))
    ++count;
  return count;
}

std::vector<std::string> sum_up(const World& world, const Listing& listing, const Summing& summing,
                                std::span<const std::size_t> fields, const World::Patch& patch) {
  constexpr std::uint64_t at_once = 250;
  const EndpointPlan& plan = *summing.plan;
  const EndpointPlan& of = counted_of(world, plan);
  const std::vector<Counted> counted = understand(plan, of);
  const Text step = step_of(summing);
  const Zone& zone = *summing.window.zone;
  const Sum nothing{0, std::vector<std::uint64_t>(counted.size()),
                    std::vector<std::uint64_t>(counted.size()),
                    std::vector<std::uint64_t>(counted.size())};
  std::map<std::string, Sum> sums;
  // Of a series every point is there.
  if (!step.empty())
    for (Local at = begin_of(zone.local(summing.window.from), step);
         at <= zone.local(summing.window.to); at = next_point(at, step))
      sums.emplace(point_label(at, step, zone), nothing);
  const std::size_t apart = step.empty() && !summing.words.empty()
                                ? told_apart_by(of, summing.words.front().second)
                                : Endpoint::npos;

  Wanted wanted;
  wanted.plan = &of;
  wanted.account = summing.account;
  wanted.filters = summing.filters;
  wanted.from = summing.window.from;
  wanted.to = summing.window.to;
  std::string value;
  for (std::uint64_t first = 0;; first += at_once) {
    const auto slice = listing.slice(wanted, first, at_once);
    for (const Row& row : slice.rows) {
      std::string label;
      if (!step.empty())
        label = point_label(begin_of(zone.local(row.at), step), step, zone);
      else if (apart != Endpoint::npos)
        label = label_of(world, row, apart);
      if (label.empty()) continue;  // of the group of those without a value nothing is known
      Sum& sum = sums.emplace(std::move(label), nothing).first->second;
      ++sum.rows;
      for (std::size_t i = 0; i < counted.size(); ++i) {
        if (counted[i].of == Endpoint::npos) continue;
        value.clear();
        if (!world.append_field(value, row, counted[i].of)) continue;
        sum.true_ones[i] += value == "true";
        if (value.empty() || value.front() < '0' || value.front() > '9' || value.size() > 9)
          continue;
        sum.totals[i] += std::stoull(value);
        ++sum.numbers[i];
      }
    }
    if (first + at_once >= slice.total) break;
  }

  std::vector<std::string> out;
  for (const auto& [label, sum] : sums) {
    const bool first = out.empty();
    append_sum(out.emplace_back(), world, summing, label, sum, counted, fields,
               first ? patch : World::Patch{});
  }
  return out;
}

std::vector<Pairs> all_words(const Endpoint& facts) {
  std::vector<Pairs> out{{}};
  for (const Parent& parent : facts.parents) {
    if (!parent.endpoint.empty()) continue;
    std::vector<Pairs> longer;
    for (const Pairs& words : out)
      for (const Text word : parent.values) {
        longer.push_back(words);
        longer.back().emplace_back(parent.parameter, word);
      }
    out = std::move(longer);
  }
  return out;
}

}  // namespace callrail::fake
