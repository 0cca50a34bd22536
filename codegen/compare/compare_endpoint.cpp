#include "comparison.hpp"
#include "flat_columns.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

std::string texts_of(const std::vector<Name>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) out.push_back(name.text);
  return join(out);
}

/// The lists that `each` makes of an endpoint.
std::vector<std::string> lists_of(const Endpoint& endpoint) {
  std::vector<std::string> out;
  for (const auto& parameter : endpoint.each)
    for (const auto& word : parameter.words) out.push_back(parameter.name.text + "=" + word.text);
  return out;
}

std::string text_of(const Media& media) {
  return media.field.text + " " + media.path.text + " " + media.address + " " + media.type.text +
         " " + media.extension.text;
}

std::string points_of(const Endpoint& endpoint) {
  if (endpoint.most_points == 0) return {};
  return std::to_string(endpoint.most_points) + " per " + endpoint.step.text;
}

std::string shown(const std::string& value) {
  return value.empty() ? std::string{"none"} : "\"" + value + "\"";
}

}  // namespace

void Comparison::endpoints() {
  const auto pairing = pair_up(old_.endpoints, now_.endpoints);
  for (const auto& now : now_.endpoints) {
    const auto pair = std::find_if(pairing.both.begin(), pairing.both.end(),
                                   [&](const auto& one) { return one.now == &now; });
    if (pair != pairing.both.end()) {
      endpoint(*pair);
    } else {
      Change& change = add(now.name.text,
                           std::string{"a new endpoint: a header, a file, and requests "} +
                               (now.opt_in.empty() ? "under --all" : "when it is named"),
                           now.name.place);
      change.source = change.columns = change.requests = Verdict::ok;
    }
  }
  for (const Endpoint* old : pairing.gone) {
    const auto instead =
        std::find_if(pairing.added.begin(), pairing.added.end(), [&](const Endpoint* added) {
          return added->record.text == old->record.text || added->path.text == old->path.text;
        });
    Change& change = add(
        old->name.text,
        instead == pairing.added.end()
            ? "gone, and with it a header and a file"
            : "gone; " + (*instead)->name.text +
                  " has its record or path: renamed, that wants \"was: " + old->name.text + "\"",
        old->name.place, true);
    change.source = change.columns = change.requests = Verdict::breaks;
    for (const auto& field : old->fields) lose(field.type, Verdict::breaks);
    for (const auto& filter : old->filters) lose(filter.type, Verdict::breaks);
  }
}

void Comparison::endpoint(const Pair<Endpoint>& pair) {
  const Endpoint &old = *pair.old, &now = *pair.now;
  const bool meant = spoken_for(old.said, now.said);
  if (pair.renamed()) {
    Change& change =
        add(now.name.text,
            "was called " + old.name.text + ": its header and its file have another name",
            now.name.place);
    change.source = change.columns = change.requests = Verdict::migrate;
  }
  endpoint_facts(pair, meant);
  filters(pair, meant);
  fields({now.name.text, true, true}, old.fields, now.fields);
  flat_names(pair, meant);
}

void Comparison::endpoint_facts(const Pair<Endpoint>& pair, bool meant) {
  const Endpoint &old = *pair.old, &now = *pair.now;
  struct To {
    std::optional<Verdict> source{}, columns{}, requests{};
  };
  const auto fact = [&](const char* word, const std::string& before, const std::string& after,
                        const To& to, Place place) {
    if (before == after) return;
    Change& change =
        add(now.name.text + "." + word, "was " + shown(before) + ", is " + shown(after),
            place.line > 1 ? place : now.name.place);
    change.source = to.source;
    change.columns = to.columns;
    change.requests = to.requests;
    if (change.verdict() == Verdict::breaks)
      change.what += "; meant, the endpoint wants \"changed\"";
  };
  const auto field = [&](const Name& name) {  // by its new name
    for (const auto& one : now.fields)
      if (!name.empty() && one.said.was.text == name.text) return one.name.text;
    return name.text;
  };
  const Verdict word = meant_or_breaks(meant);
  const Verdict fix = Verdict::migrate, fine = Verdict::ok;
  fact("record", old.record.text, now.record.text, {.source = word}, now.record.place);
  fact("path", old.path.text, now.path.text, {.requests = fix}, now.path.place);
  fact("per", old.per.text, now.per.text, {.requests = fix}, now.per.place);
  fact("rows", old.rows, now.rows, {.requests = fix}, {});
  std::vector<Name> key = old.key;
  for (auto& part : key) part.text = field(part);
  fact("key", texts_of(key), texts_of(now.key), {.columns = word, .requests = fix},
       now.key.front().place);
  const auto lists = lists_of(old), new_lists = lists_of(now);
  const bool all_there = std::all_of(lists.begin(), lists.end(), [&](const auto& list) {
    return std::find(new_lists.begin(), new_lists.end(), list) != new_lists.end();
  });
  fact("each", join(lists), join(new_lists), {.requests = all_there ? fine : fix}, {});
  if (old.opt_in.empty() != now.opt_in.empty())
    fact("opt_in", old.opt_in, now.opt_in, {.requests = now.opt_in.empty() ? fine : fix}, {});
  else
    aside(now.name.text, "opt_in", old.opt_in != now.opt_in, now.name.place);
  fact("select", old.select.text, now.select.text, {.requests = fine}, now.select.place);
  fact("refuses", texts_of(old.refuses), texts_of(now.refuses), {.requests = fine},
       now.select.place);
  fact("paging", texts_of(old.paging), texts_of(now.paging), {.requests = fine}, {});
  fact("page_size", std::to_string(old.page_size), std::to_string(now.page_size),
       {.requests = fine}, {});
  fact("cursor", field(old.cursor), now.cursor.text, {.columns = word, .requests = word},
       now.cursor.place);
  fact("dates", old.dates.text, now.dates.text, {.columns = word, .requests = word},
       now.dates.place);
  fact("points", points_of(old), points_of(now), {.requests = fine}, now.step.place);
  fact("select.limits", old.select_limits ? "true" : "", now.select_limits ? "true" : "",
       {.requests = fine}, now.select.place);
  fact("not_found", old.not_found_empty ? "empty" : "", now.not_found_empty ? "empty" : "",
       {.requests = fine}, {});
  fact("contract", old.frozen ? "freeze" : "evolve", now.frozen ? "freeze" : "evolve",
       {.requests = fine}, {});
  fact("look_back", std::to_string(old.look_back_days) + "d",
       std::to_string(now.look_back_days) + "d", {.requests = fine}, {});
  fact("cursor_moves", old.cursor_moves ? "true" : "", now.cursor_moves ? "true" : "",
       {.requests = fine}, {});
  fact("sort", field(old.sort), now.sort.text, {.columns = fine, .requests = fine}, now.sort.place);
  fact("newest_first", field(old.newest_first), now.newest_first.text, {.requests = fine},
       now.newest_first.place);
  const auto marks = [&](const char* name, const std::string& before, const Name& after) {
    fact(name, before, after.text, {.columns = before.empty() ? fine : fix}, after.place);
  };
  marks("hidden_by", field(old.hidden_by), now.hidden_by);
  std::string disabled = old.disabled_by.text;
  if (const auto equals = disabled.find('='); equals != std::string::npos)
    disabled = field({disabled.substr(0, equals), {}}) + disabled.substr(equals);
  marks("disabled_by", disabled, now.disabled_by);
  std::vector<std::string> media, new_media;
  for (Media one : old.media) {
    one.field.text = field(one.field);
    media.push_back(text_of(one));
  }
  for (const Media& one : now.media) new_media.push_back(text_of(one));
  const bool media_stays = std::all_of(media.begin(), media.end(), [&](const auto& one) {
    return std::find(new_media.begin(), new_media.end(), one) != new_media.end();
  });
  fact("media", join(media), join(new_media), {.requests = media_stays ? fine : fix}, {});
  aside(now.name.text, "doc", old.doc != now.doc, now.name.place);
  aside(now.name.text, "docs", old.docs != now.docs, now.name.place);
}

void Comparison::filters(const Pair<Endpoint>& pair, bool meant) {
  const Endpoint &old = *pair.old, &now = *pair.now;
  const auto find = [](const std::vector<Filter>& in, const std::string& name) -> const Filter* {
    for (const auto& filter : in)
      if (filter.name.text == name) return &filter;
    return nullptr;
  };
  const std::string where = now.name.text + ".filters.";
  for (const auto& filter : now.filters) {
    const Filter* before = find(old.filters, filter.name.text);
    if (!before) {
      add(where + filter.name.text, "a new filter", filter.name.place).requests = Verdict::ok;
    } else if (Renames::of(renames_.enums, before->type.enum_name()) != filter.type.enum_name()) {
      // Of a filter's type only the words are used, and only those are known to be taken.
      const bool freer = filter.type.enum_name().empty();
      add(where + filter.name.text,
          "its words were " + shown(before->type.enum_name()) + ", are " +
              shown(filter.type.enum_name()),
          filter.name.place)
          .requests = freer ? Verdict::ok : Verdict::migrate;
      lose(before->type, Verdict::migrate);
    } else {
      aside(where + filter.name.text, "type", before->type.text != filter.type.text,
            filter.name.place);
      aside(where + filter.name.text, "doc", before->doc != filter.doc, filter.name.place);
    }
  }
  for (const auto& filter : old.filters)
    if (!find(now.filters, filter.name.text)) {
      add(where + filter.name.text,
          std::string{"the filter is gone"} +
              (meant ? "" : "; meant, the endpoint wants \"changed\""),
          filter.name.place, true)
          .requests = meant_or_breaks(meant);
      lose(filter.type, meant_or_breaks(meant));
    }
}

/// Flattened names depend on each other: a new field can take the name of a member's column.
void Comparison::flat_names(const Pair<Endpoint>& pair, bool meant) {
  /// The new way to an old member; nothing: renamed or gone, which is known already.
  const auto kept = [&](const std::vector<std::string>& path) {
    const std::vector<Field>*old = &pair.old->fields, *now = &pair.now->fields;
    for (const auto& name : path) {
      const Field *before = old ? find_field(*old, name) : nullptr,
                  *after = now ? find_field(*now, name) : nullptr;
      if (!before || !after) return false;
      const Shape *shape = old_.find_shape(before->type.shape_name()),
                  *new_shape = now_.find_shape(after->type.shape_name());
      old = shape ? &shape->fields : nullptr;
      now = new_shape ? &new_shape->fields : nullptr;
    }
    return true;
  };
  const auto before = flat_columns(old_, *pair.old), after = flat_columns(now_, *pair.now);
  for (const auto& column : before) {
    if (!kept(column.path)) continue;
    const auto same = std::find_if(after.begin(), after.end(), [&](const FlatColumn& other) {
      return other.path == column.path && other.rest == column.rest;
    });
    if (same == after.end() || same->name == column.name) continue;
    add(pair.now->name.text + "." + join(column.path, "."),
        "under --nested flatten its column was " + column.name + ", is " + same->name +
            ": another one has the name" + (meant ? "" : "; meant, the endpoint wants \"changed\""),
        pair.now->name.place)
        .columns = meant_or_breaks(meant);
  }
}

}  // namespace callrail::codegen
