#include <callrail/fake/dates.hpp>
#include <callrail/fake/fake_api.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// What a test may do to a running fake: GET /__fake/…, without a key.
namespace callrail::fake {
namespace {

using Json = nlohmann::ordered_json;

Reply plain(int status, const Json& body) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Content-Type", "application/json");
  reply.body = body.dump() + '\n';
  return reply;
}

Reply refused(const Error& error) {
  return plain(error.code == Code::not_found ? 404 : 400, Json{{"error", error.what}});
}

std::string parameter(const Ask& ask, Text name) {
  const std::string* value = ask.find(name);
  return value == nullptr ? std::string{} : *value;
}

}  // namespace

Reply FakeApi::admin(const Ask& ask) {
  Text action = ask.path;
  action.remove_prefix(action.rfind('/') + 1);
  if (action == "counts") return admin_counts();
  if (action == "rows") return admin_rows(ask);
  if (action == "tomorrow") return admin_tomorrow();
  if (action == "reset") {
    reset();
    return plain(200, Json{{"reset", true}});
  }
  if (action == "insert" || action == "hide" || action == "edit" || action == "misspell" ||
      action == "delete")
    return admin_change(ask, action);
  return plain(404, Json{{"error",
                          "one of counts, rows, tomorrow, reset, insert, hide, edit, misspell, "
                          "delete"}});
}

Reply FakeApi::admin_counts() const {
  const Counts now = counts();
  Json statuses = Json::object(), endpoints = Json::object();
  for (const auto& [status, n] : now.by_status) statuses[std::to_string(status)] = n;
  for (const auto& [endpoint, n] : now.by_endpoint) endpoints[endpoint] = n;
  return plain(200, Json{{"requests", now.requests},
                         {"rows", now.rows},
                         {"over_limit", now.over_limit},
                         {"by_status", statuses},
                         {"by_endpoint", endpoints}});
}

Reply FakeApi::admin_rows(const Ask& ask) {
  const EndpointPlan* plan = world_.model().find(parameter(ask, "endpoint"));
  if (plan == nullptr) return refused({Code::bad_request, "endpoint= names none of the endpoints"});
  Reply reply;
  reply.headers.emplace_back("Content-Type", "application/x-ndjson");
  dump(world_, listing_, *plan, std::nullopt, [&](Text line) {
    reply.body += line;
    reply.body += '\n';
  });
  return reply;
}

/// What is chosen for each endpoint that is sent as of tomorrow; null where it has no such field.
Reply FakeApi::admin_tomorrow() const {
  Json out = Json::object();
  for (const EndpointPlan& plan : world_.model().endpoints) {
    const Tomorrow* changed = world_.tomorrow(plan);
    if (changed == nullptr) continue;
    const auto name = [&](std::size_t field) {
      return field == Endpoint::npos ? Json{} : Json(std::string{plan.facts->fields[field].name});
    };
    out[std::string{plan.facts->name}] = Json{{"new", {changed->new_text, changed->new_object}},
                                              {"gone", name(changed->gone)},
                                              {"other_word", name(changed->other_word)},
                                              {"word", std::string{Tomorrow::word}},
                                              {"other_id", name(changed->other_id)},
                                              {"other_type", name(changed->other_type)}};
  }
  return plain(200, out);
}

Reply FakeApi::admin_change(const Ask& ask, Text action) {
  const Model& model = world_.model();
  const std::string endpoint = parameter(ask, "endpoint");
  std::uint32_t account = 0;
  if (const std::string named = parameter(ask, "account"); !named.empty() && model.root >= 0) {
    const auto reading = world_.reading();
    const auto row = world_.find(model.endpoints[static_cast<std::size_t>(model.root)], 0, named);
    if (!row) return refused({Code::not_found, fmt::format("there is no account {}", named)});
    account = row->account;
  }
  const std::string key = parameter(ask, "key");
  if (action == "insert") {
    Instant at = ask.at;
    if (const std::string when = parameter(ask, "at"); !when.empty()) {
      const auto moment = read_moment(when);
      if (!moment) return refused({Code::bad_request, fmt::format("at={} is no instant", when)});
      at = moment->first(world_.owner_zone());
    }
    const auto made = world_.insert(endpoint, account, at);
    return made ? plain(200, Json{{"key", *made}}) : refused(made.error());
  }
  Status done;
  if (action == "hide")
    done = world_.hide(endpoint, account, key);
  else if (action == "delete")
    done = world_.remove(endpoint, account, key, ask.at);
  else
    done = world_.edit(endpoint, account, key, parameter(ask, "field"), parameter(ask, "value"),
                       action == "misspell" ? World::Editing::kept : World::Editing::told);
  return done ? plain(200, Json{{"key", key}}) : refused(done.error());
}

}  // namespace callrail::fake
