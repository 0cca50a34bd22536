#include <callrail/fake/quirks.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace callrail::fake {
namespace {

constexpr QuirkName names[] = {
    {Quirk::totals_missing, "totals-missing", "", "pages come without their totals"},
    {Quirk::totals_zero, "totals-zero", "", "both totals are 0 whatever the list holds"},
    {Quirk::next_absent, "next-absent", "",
     "the last relative page lacks the address of the next one instead of saying null"},
    {Quirk::clamp_page_size, "clamp-page-size", "",
     "a page size above the most allowed is cut down instead of refused"},
    {Quirk::lists_of_text, "lists-of-text", "",
     "lists that hold objects or text hold text, as in webhooks"},
    {Quirk::lists_of_objects, "lists-of-objects", "",
     "lists that hold objects or text hold objects only"},
    {Quirk::numbers_as_text, "numbers-as-text", "",
     "numbers that may also come in quotes always do"},
    {Quirk::ids_as_text, "ids-as-text", "", "integer ids come in quotes"},
    {Quirk::hidden_shown, "hidden-shown", "", "hidden rows (spam) stay in the lists"},
    {Quirk::unseen_sent, "unseen-sent", "",
     "fields whose shape nobody has seen are sent when asked for"},
    {Quirk::orphans, "orphans", "", "every 16th reference names a row that does not exist"},
    {Quirk::sibling, "sibling", "NAME", "an array of this name stands beside the rows"},
    {Quirk::null_field, "null-field", "FIELD",
     "the field is always null, as without the plan it belongs to"},
    {Quirk::refuse_field, "refuse-field", "FIELD",
     "asking for the field is a 400, as without the plan it belongs to"},
    {Quirk::zone_moves_output, "zone-moves-output", "",
     "instants are written in the zone the request names"},
    {Quirk::short_last_second, "short-last-second", "",
     "a bare end date ends at 23:59:59.000 and leaves the rest of that second out"},
    {Quirk::both_dates, "both-dates", "", "one date without the other is a 400"},
    {Quirk::default_days, "default-days", "DAYS",
     "without dates this many days and today are answered; 0: everything"},
    {Quirk::link_header, "link-header", "", "pages name the next one in a Link header too"},
    {Quirk::no_rate_headers, "no-rate-headers", "", "answers do not tell the used budget"},
    {Quirk::error_body, "error-body", "SHAPE",
     "errors are told as text, object, list, fields, nothing, html or empty"},
    {Quirk::temporary_audio, "temporary-audio", "",
     "addresses of recordings are the file itself, for a day, as under HIPAA"},
};

constexpr Text shapes[] = {"text", "object", "list", "fields", "nothing", "html", "empty"};

}  // namespace

std::span<const QuirkName> all_quirks() { return names; }

std::size_t distance(Text a, Text b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string did_you_mean(Text candidate) {
  return candidate.empty() ? std::string{} : fmt::format("; did you mean {}?", candidate);
}

void Quirks::add(Quirk quirk, std::string argument) {
  on_[static_cast<std::size_t>(quirk)] = true;
  if (quirk == Quirk::null_field) null_fields_.insert(argument);
  if (quirk == Quirk::refuse_field) refused_fields_.insert(argument);
  arguments_[static_cast<std::size_t>(quirk)] = std::move(argument);
}

Status Quirks::add(Text spelled) {
  const auto equals = spelled.find('=');
  const Text name = spelled.substr(0, equals);
  const std::string argument{equals == Text::npos ? Text{} : spelled.substr(equals + 1)};
  const auto found = std::ranges::find(names, name, &QuirkName::name);
  if (found == std::end(names)) {
    std::vector<Text> known;
    for (const QuirkName& n : names) known.push_back(n.name);
    return fail(Code::bad_request, fmt::format("unknown quirk {}{} (--list-quirks shows all)", name,
                                               did_you_mean(closest(name, known))));
  }
  if (found->argument.empty() != argument.empty())
    return fail(Code::bad_request,
                found->argument.empty()
                    ? fmt::format("quirk {} takes no value", name)
                    : fmt::format("quirk {} needs a value: {}={}", name, name, found->argument));
  if (found->quirk == Quirk::error_body && std::ranges::find(shapes, argument) == std::end(shapes))
    return fail(Code::bad_request,
                fmt::format("quirk {}: {} is none of {}", name, argument, fmt::join(shapes, ", ")));
  if (found->quirk == Quirk::default_days &&
      (argument.size() > 4 || argument.find_first_not_of("0123456789") != std::string::npos))
    return fail(Code::bad_request,
                fmt::format("quirk {}: {} is no number of days", name, argument));
  add(found->quirk, argument);
  return {};
}

}  // namespace callrail::fake
