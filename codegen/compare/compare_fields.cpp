#include "compare_type.hpp"
#include "comparison.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

bool is_column(const Field& field) { return field.sent != "single"; }

bool asked_by_default(const Field& field) {
  return field.sent == "on_request" && !field.secret && field.until.empty();
}

/// The columns of both lists that follow each other in the old order, as many as can be.
std::vector<const Field*> kept_in_order(const std::vector<Pair<Field>>& both) {
  const std::size_t n = both.size();
  std::vector<std::size_t> length(n, 1), before(n, n);
  std::size_t end = n;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (both[j].old < both[i].old && length[j] + 1 > length[i]) {
        length[i] = length[j] + 1;
        before[i] = j;
      }
    if (end == n || length[i] > length[end]) end = i;
  }
  std::vector<const Field*> out;
  for (std::size_t i = end; i < n; i = before[i]) out.push_back(both[i].now);
  return out;
}

bool contains(const std::vector<const Field*>& fields, const Field* field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

/// Whether any of these fields of one list stands behind another one of it.
bool are_behind(const std::vector<const Field*>& fields, const Field& field) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const Field* other) { return other > &field; });
}

/// The numbers a field may hold, in words; empty: all of them.
std::string range_of(const Field& field) {
  std::string out;
  if (field.min) out += "at least " + field.min->text;
  if (field.max) out += (out.empty() ? "at most " : ", at most ") + field.max->text;
  return out;
}

/// Whether a number that was allowed may be none of the field any more.
bool is_narrower(const Field& old, const Field& now) {
  return (now.min && (!old.min || old.min->value < now.min->value)) ||
         (now.max && (!old.max || old.max->value > now.max->value));
}

std::string quoted_change(const std::string& what, const std::string& old, const std::string& now) {
  const auto text = [](const std::string& value) {
    return value.empty() ? std::string{"not there"} : "\"" + value + "\"";
  };
  return what + " was " + text(old) + ", is " + text(now);
}

}  // namespace

void Comparison::fields(const Lists& lists, const std::vector<Field>& old,
                        const std::vector<Field>& now) {
  const auto pairing = pair_up(old, now);
  std::vector<Pair<Field>> columns;
  for (const auto& pair : pairing.both)
    if (!lists.record || (is_column(*pair.old) && is_column(*pair.now))) columns.push_back(pair);
  const auto kept = kept_in_order(columns);
  for (const auto& pair : pairing.both) field(lists, pair, are_behind(kept, *pair.now));
  std::vector<std::string> moved;
  for (const auto& pair : columns)
    if (!contains(kept, pair.now)) moved.push_back(pair.now->name.text);
  if (!moved.empty()) {
    Change& change =
        add(lists.owner + ".fields", "they stand in another order: " + join(moved) + " moved",
            columns.front().now->name.place);
    change.in = lists.in;
    if (lists.record) change.source = Verdict::ok;
    change.columns = lists.record || lists.spread ? Verdict::migrate : Verdict::ok;
  }
  // A field that came where one of its type went is likely the same one under another name.
  const auto before = [](const std::vector<Field>& in, const Field* field) -> const Field* {
    return field == &in.front() ? nullptr : field - 1;
  };
  std::vector<const Field*> taken;
  for (const Field* gone : pairing.gone) {
    const Field* instead = nullptr;
    for (const Field* added : pairing.added) {
      const Field *above = before(old, gone), *new_above = before(now, added);
      const auto is_same = [&](const auto& pair) {
        return pair.old == above && pair.now == new_above;
      };
      const bool same_place =
          (!above && !new_above) || std::any_of(pairing.both.begin(), pairing.both.end(), is_same);
      if (!instead && same_place && gone->until.empty() && added->said.was.empty() &&
          gone->type.text == added->type.text && !contains(taken, added))
        instead = added;
    }
    if (instead) taken.push_back(instead);
    this->gone(lists, *gone, instead);
  }
  for (const Field* field : pairing.added) added(lists, *field, are_behind(kept, *field));
}

void Comparison::added(const Lists& lists, const Field& field, bool in_front) {
  const bool asked = lists.record && asked_by_default(field);
  const bool moves = lists.record ? is_column(field) && in_front : lists.spread;
  std::string what = lists.record ? "a new field" : "a new member";
  if (lists.record && !is_column(field))
    what += ", of single rows, and no column";
  else if (lists.record)
    what += moves ? " in front of columns, which move; at the end of the list none would"
                  : ", the last column";
  else if (moves)
    what += "; under --nested flatten the columns behind it move";
  if (asked) what += "; asked for by default";
  Change& change = add(lists, field.name, what);
  if (lists.record) change.source = Verdict::ok;
  if (!lists.record || is_column(field)) change.columns = moves ? Verdict::migrate : Verdict::ok;
  if (asked) change.requests = Verdict::ok;
}

void Comparison::gone(const Lists& lists, const Field& field, const Field* instead) {
  const bool announced = !field.until.empty();
  const Verdict verdict = meant_or_breaks(announced);
  std::string what;
  if (announced)
    what = "gone, and with it the column that stayed empty since " + field.until;
  else if (instead)
    what = "gone, and " + instead->name.text +
           " stands in its place: renamed, that wants \"was: " + field.name.text +
           "\"; else keep this one with \"until\"";
  else
    what = "gone: keep it with \"until\" and the day the API stopped sending it";
  Change& change = add(lists, field.name, what, true);
  if (lists.record) change.source = verdict;
  if (!lists.record || is_column(field)) change.columns = verdict;
  if (lists.record && field.sent == "on_request") change.requests = verdict;
  lose(field.type, verdict);
}

void Comparison::field(const Lists& lists, const Pair<Field>& pair, bool behind) {
  const Field &old = *pair.old, &now = *pair.now;
  const bool meant = spoken_for(old.said, now.said);
  const std::size_t first = changes_.size();
  if (pair.renamed()) {
    Change& change = add(lists, now.name, "was called " + old.name.text);
    if (lists.record) change.source = Verdict::migrate;
    if (!lists.record || is_column(now)) change.columns = Verdict::migrate;
    if (lists.record && now.sent == "on_request") change.requests = Verdict::migrate;
  }
  type(lists, pair, meant);
  if (lists.record) when_sent(lists, pair, meant, behind);
  if (old.until != now.until) {
    std::string what = "the API sends it again";
    if (!now.until.empty() && old.until.empty())
      what = "the API stopped sending it on " + now.until + "; its column stays";
    else if (!now.until.empty())
      what = quoted_change("the day the API stopped sending it", old.until, now.until);
    Change& change = add(lists, now.name, what);
    if (old.until.empty() != now.until.empty()) {
      change.columns = Verdict::ok;
      if (lists.record && asked_by_default(old) != asked_by_default(now))
        change.requests = Verdict::ok;
    }
  }
  if (old.optional != now.optional)
    add(lists, now.name, now.optional ? "may be left out now" : "comes always now").columns =
        Verdict::ok;
  meaning(lists, pair, meant);
  if (lists.record && !is_column(old) && !is_column(now))
    for (std::size_t i = first; i < changes_.size(); ++i) changes_[i].columns.reset();
  const std::string where = lists.owner + "." + now.name.text;
  aside(where, "doc", old.doc != now.doc, now.name.place);
  aside(where, "evidence", old.evidence != now.evidence, now.name.place);
  aside(where, "since", old.since != now.since, now.name.place);
  aside(where, "example",
        !std::equal(old.examples.begin(), old.examples.end(), now.examples.begin(),
                    now.examples.end(),
                    [](const auto& a, const auto& b) { return a.json == b.json; }),
        now.name.place);
}

void Comparison::type(const Lists& lists, const Pair<Field>& pair, bool meant) {
  const Field &old = *pair.old, &now = *pair.now;
  const TypeChange type = compare_types(old_, old.type, now_, now.type, renames_);
  if (type.same) return;
  Change& change = add(lists, now.name, quoted_change("the type", old.type.text, now.type.text));
  if (!type.why.empty()) change.what += ": " + type.why;
  change.columns = type.columns == Verdict::breaks ? meant_or_breaks(meant) : type.columns;
  if (lists.record) change.source = type.cpp_differs ? meant_or_breaks(meant) : Verdict::ok;
  if (change.verdict() == Verdict::breaks) change.what += "; meant, it wants \"changed\"";
  lose(old.type, change.verdict());
}

void Comparison::when_sent(const Lists& lists, const Pair<Field>& pair, bool meant, bool behind) {
  const Field &old = *pair.old, &now = *pair.now;
  if (old.sent == now.sent) {
    if (old.parameter.text != now.parameter.text)
      add(lists, now.name,
          quoted_change("the parameter it is filled from", old.parameter.text, now.parameter.text))
          .columns = meant_or_breaks(meant);
    return;
  }
  Change& change = add(lists, now.name, quoted_change("when it is sent", old.sent, now.sent));
  if (is_column(old) && !is_column(now)) {
    change.what += ": lists lose its column";
    change.columns = meant_or_breaks(meant);
  } else if (!is_column(old)) {
    change.what +=
        behind ? ": a new column in front of others, which move" : ": a new column, the last one";
    change.columns = behind ? Verdict::migrate : Verdict::ok;
  } else if (old.sent == "ordinal" || now.sent == "ordinal") {
    change.columns = meant_or_breaks(meant);  // a place in a list for what the API calls it
  } else {
    change.columns = Verdict::ok;
  }
  if (change.columns == Verdict::breaks) change.what += "; meant, it wants \"changed\"";
  if (asked_by_default(now)) {
    change.what += "; asked for by default";
    change.requests = Verdict::ok;
  } else if (asked_by_default(old)) {
    const bool empty = now.sent == "unseen" || now.sent == "single";
    if (empty) change.what += "; no longer asked for by default";
    change.requests = empty ? Verdict::migrate : Verdict::ok;
  }
}

/// What no reader of values can see.
void Comparison::meaning(const Lists& lists, const Pair<Field>& pair, bool meant) {
  const Field &old = *pair.old, &now = *pair.now;
  const auto word = [&](const char* what, const std::string& before, const std::string& after,
                        Verdict when_both) {
    if (before == after) return;
    Change& change = add(lists, now.name, quoted_change(what, before, after));
    change.columns = before.empty() || after.empty() ? Verdict::ok : when_both;
    if (change.columns == Verdict::breaks) change.what += "; meant, it wants \"changed\"";
  };
  const auto format = [](const Field& field) { return field.format == "any" ? "" : field.format; };
  const auto pii = [](const Field& field) { return field.pii == "none" ? "" : field.pii; };
  word("the unit", old.unit, now.unit, meant_or_breaks(meant));
  word("the row it refers to", old.refers_to.text, now.refers_to.text, meant_or_breaks(meant));
  word("the format", format(old), format(now), Verdict::migrate);
  word("what it reveals about a person", pii(old), pii(now), Verdict::ok);
  if (range_of(old) != range_of(now)) {
    Change& change = add(lists, now.name,
                         quoted_change("the range of its numbers", range_of(old), range_of(now)));
    if (is_narrower(old, now)) change.what += "; a database rejects rows it took";
    change.columns = is_narrower(old, now) ? Verdict::migrate : Verdict::ok;
  }
  if (old.table.text != now.table.text) {
    Change& change =
        add(lists, now.name,
            quoted_change("the table of its elements", old.table.text, now.table.text));
    change.columns = old.table.empty() ? Verdict::ok : meant_or_breaks(meant);
    if (change.columns == Verdict::breaks) change.what += "; meant, it wants \"changed\"";
  }
  if (old.secret == now.secret) return;
  Change& change = add(lists, now.name, now.secret ? "a secret now" : "no secret any more");
  change.columns = Verdict::ok;
  if (lists.record && now.sent == "on_request" && now.until.empty()) {
    change.what += now.secret ? ": asked for only when it is named" : ": asked for by default";
    change.requests = Verdict::migrate;
  }
}

}  // namespace callrail::codegen
