#include <callrail/fake/audio.hpp>
#include <callrail/fake/faults.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/quirks.hpp>

#include <fmt/format.h>

namespace callrail::fake {
namespace {

bool read_number(Text text, std::uint64_t& out) {
  out = whole_number(text).value_or(0);
  return out > 0;
}

bool read_range(Text range, Trigger& out) {
  if (range == "*") return true;
  if (range.starts_with("*/")) return read_number(range.substr(2), out.every);
  const auto dash = range.find('-');
  if (!read_number(range.substr(0, dash), out.first)) return false;
  if (dash == Text::npos) {
    out.last = out.first;
    return true;
  }
  return dash + 1 == range.size() ||
         (read_number(range.substr(dash + 1), out.last) && out.last >= out.first);
}

/// "calls.recording" for requests for the address of sound, "calls.recording.mp3" for the file.
bool names_sound(Text name, const Api& api) {
  if (name.ends_with(Audio::file)) name.remove_suffix(Audio::file.size());
  const auto dot = name.find('.');
  const Endpoint* facts = dot == Text::npos ? nullptr : api.find(name.substr(0, dot));
  const std::size_t field = facts == nullptr ? Endpoint::npos : facts->find(name.substr(dot + 1));
  return field != Endpoint::npos && leads_to_sound(facts->fields[field]);
}

}  // namespace

bool Trigger::fires(Text name, std::uint64_t nth, std::uint64_t nth_of_all) const {
  const bool all = endpoint == "*";
  if (!all && endpoint != name) return false;
  const std::uint64_t n = all ? nth_of_all : nth;
  return n >= first && n <= last && n % every == 0;
}

Result<std::pair<Trigger, std::string>> read_trigger(Text text, const Api& api) {
  const auto colon = text.find(':');
  const auto equals = text.find('=');
  if (colon == Text::npos || equals == Text::npos || colon > equals)
    return fail(Code::bad_request, fmt::format("{} is not ENDPOINT:N=WHAT", text));
  Trigger trigger;
  trigger.endpoint = text.substr(0, colon);
  if (trigger.endpoint != "*" && api.find(trigger.endpoint) == nullptr &&
      !names_sound(trigger.endpoint, api)) {
    std::vector<Text> names;
    for (const Endpoint* e : api.endpoints) names.push_back(e->name);
    return fail(Code::bad_request, fmt::format("no endpoint is called {}{}", trigger.endpoint,
                                               did_you_mean(closest(trigger.endpoint, names))));
  }
  const Text range = text.substr(colon + 1, equals - colon - 1);
  if (!read_range(range, trigger))
    return fail(Code::bad_request,
                fmt::format("{} is no number of a request; write 3, 2-4, 5-, * or */10", range));
  return std::pair{std::move(trigger), std::string{text.substr(equals + 1)}};
}

}  // namespace callrail::fake
