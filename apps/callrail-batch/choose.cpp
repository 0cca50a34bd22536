#include "closest.hpp"
#include "config.hpp"
#include "numbers.hpp"

#include <algorithm>
#include <iterator>

namespace callrail::cli {
namespace {

std::vector<std::string_view> endpoint_names(const Api& api) {
  std::vector<std::string_view> names;
  for (const Endpoint* endpoint : api.endpoints) names.push_back(endpoint->name);
  return names;
}

std::vector<std::string_view> field_names(std::span<const Endpoint* const> endpoints) {
  std::vector<std::string_view> names;
  for (const Endpoint* endpoint : endpoints)
    for (const Field& field : endpoint->fields)
      if (std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
  return names;
}

std::string join(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

std::string unknown_endpoint(const Setting& setting, std::string_view name, const Api& api) {
  const auto names = endpoint_names(api);
  return setting.name() + " " + std::string{name} + ": no such endpoint; " +
         suggestion(name, names) + " Known: " + join(names);
}

std::vector<const Endpoint*> chosen_endpoints(const Settings& settings, const Api& api, Verb verb,
                                              Mistakes& mistakes) {
  const Setting& named = settings["endpoints"];
  std::vector<const Endpoint*> chosen;
  if (settings.on("all") && named.origin == Origin::option)
    mistakes.push_back("--all cannot stand beside --endpoints; leave one of them out");
  const bool every = settings.on("all") || (verb != Verb::run && !named.is_set());
  if (every) {
    std::ranges::copy_if(api.endpoints, std::back_inserter(chosen),
                         [](const Endpoint* endpoint) { return endpoint->opt_in.empty(); });
    return chosen;
  }
  bool any = false;
  for (const std::string& value : named.values)
    for (const std::string_view name : split_list(value)) {
      any = true;
      const Endpoint* endpoint = api.find(name);
      if (endpoint == nullptr) {
        mistakes.push_back(unknown_endpoint(named, name, api));
      } else if (std::ranges::find(chosen, endpoint) == chosen.end()) {
        chosen.push_back(endpoint);
      }
    }
  if (!any)
    mistakes.push_back("nothing to read: name endpoints with --endpoints (" +
                       join(endpoint_names(api)) + "), or --all");
  return chosen;
}

/// A name behind --fields or --exclude-fields: of one endpoint, or of whichever has it.
struct NamedField {
  const Endpoint* endpoint = nullptr;
  std::string_view name;
};

/// "a,b" and "endpoint:a,b": a name before a colon counts until the next one of the same value.
std::vector<NamedField> named_fields(const Setting& setting, const Api& api,
                                     const std::vector<const Endpoint*>& chosen,
                                     Mistakes& mistakes) {
  std::vector<NamedField> fields;
  for (const std::string& value : setting.values) {
    const Endpoint* scope = nullptr;
    bool understood = true;
    for (std::string_view part : split_list(value)) {
      if (const std::size_t colon = part.find(':'); colon != part.npos) {
        const std::string_view name = trim(part.substr(0, colon));
        part = trim(part.substr(colon + 1));
        scope = api.find(name);
        understood = scope != nullptr && std::ranges::find(chosen, scope) != chosen.end();
        if (scope == nullptr)
          mistakes.push_back(unknown_endpoint(setting, name, api));
        else if (!understood)
          mistakes.push_back(setting.name() + " " + std::string{name} +
                             ": is not among the endpoints to read; add it to --endpoints");
      }
      if (understood && !part.empty()) fields.push_back({scope, part});
    }
  }
  if (setting.is_set() && fields.empty() && mistakes.empty())
    mistakes.push_back(setting.name() + ": names no field");
  return fields;
}

/// Chooses the columns of each endpoint; knows which names nobody took.
class Columns {
 public:
  Columns(const Settings& settings, std::vector<const Endpoint*> chosen, const Api& api,
          Mistakes& mistakes)
      : wanted_{settings["fields"]},
        unwanted_{settings["exclude-fields"]},
        chosen_{std::move(chosen)},
        mistakes_{mistakes},
        named_{named_fields(wanted_, api, chosen_, mistakes)},
        excluded_{named_fields(unwanted_, api, chosen_, mistakes)} {}

  std::vector<Wanted> choose() {
    check_names(wanted_, named_, true);
    check_names(unwanted_, excluded_, false);
    std::vector<Wanted> all;
    for (const Endpoint* endpoint : chosen_) all.push_back(of(*endpoint));
    return all;
  }

 private:
  static bool listed(const Endpoint& endpoint, std::string_view name) {
    const std::size_t i = endpoint.find(name);
    return i != Endpoint::npos && endpoint.fields[i].sent != Sent::single;
  }

  void unknown(const Setting& setting, std::string_view name,
               std::span<const Endpoint* const> among) {
    const std::string place = among.size() == 1 ? "no field of " + std::string{among[0]->name}
                                                : "no field of any endpoint";
    mistakes_.push_back(setting.name() + " " + std::string{name} + ": " + place + "; " +
                        suggestion(name, field_names(among)));
  }

  void check_names(const Setting& setting, const std::vector<NamedField>& fields, bool to_read) {
    for (const auto& [scope, name] : fields) {
      const std::span<const Endpoint* const> among =
          scope != nullptr ? std::span{&scope, 1} : std::span<const Endpoint* const>{chosen_};
      if (among.empty()) continue;  // the endpoints are wrong already
      const auto has = [&, n = name](const Endpoint* e) { return e->find(n) != Endpoint::npos; };
      const auto lists = [&, n = name](const Endpoint* e) { return listed(*e, n); };
      if (std::ranges::none_of(among, has)) {
        unknown(setting, name, among);
      } else if (to_read && std::ranges::none_of(among, lists)) {
        const Endpoint* owner = *std::ranges::find_if(among, has);
        mistakes_.push_back(setting.name() + " " + std::string{name} + ": lists of " +
                            std::string{owner->name} +
                            " do not carry it, only a request for a single row; leave it out");
      }
    }
  }

  Wanted of(const Endpoint& endpoint) {
    Wanted wanted{.endpoint = &endpoint, .fields = {}, .named = !named_.empty()};
    const std::size_t before = mistakes_.size();
    const bool own = std::ranges::find(named_, &endpoint, &NamedField::endpoint) != named_.end();
    const bool any =
        std::ranges::any_of(named_, [&](const NamedField& f) { return f.endpoint == nullptr; });
    if (own || any) {
      // An endpoint's own list stands in for the common one.
      for (const auto& [scope, name] : named_)
        if (scope == (own ? &endpoint : nullptr) && listed(endpoint, name))
          wanted.fields.add(endpoint.find(name));
      if (wanted.fields.empty() && mistakes_.size() == before && all_known(named_))
        mistakes_.push_back(wanted_.name() + ": " + std::string{endpoint.name} +
                            " has none of these fields; name some with --fields " +
                            std::string{endpoint.name} + ":… or leave the endpoint out");
    } else {
      wanted.named = false;
      wanted.fields = Selection::everything(endpoint);
    }
    const bool some = !wanted.fields.empty();
    for (const auto& [scope, name] : excluded_)
      if (scope == nullptr || scope == &endpoint)
        if (const std::size_t i = endpoint.find(name); i != Endpoint::npos) wanted.fields.remove(i);
    if (some && wanted.fields.empty())
      mistakes_.push_back(unwanted_.name() + ": leaves no field of " + std::string{endpoint.name});
    return wanted;
  }

  /// Whether every name was found somewhere; otherwise the mistake has been told.
  bool all_known(const std::vector<NamedField>& fields) const {
    return std::ranges::all_of(fields, [&](const NamedField& f) {
      return f.endpoint != nullptr ? listed(*f.endpoint, f.name)
                                   : std::ranges::any_of(chosen_, [&](const Endpoint* e) {
                                       return listed(*e, f.name);
                                     });
    });
  }

  const Setting& wanted_;
  const Setting& unwanted_;
  std::vector<const Endpoint*> chosen_;
  Mistakes& mistakes_;
  std::vector<NamedField> named_, excluded_;
};

}  // namespace

std::vector<Wanted> choose(const Settings& settings, const Api& api, Verb verb,
                           Mistakes& mistakes) {
  return Columns{settings, chosen_endpoints(settings, api, verb, mistakes), api, mistakes}.choose();
}

}  // namespace callrail::cli
