#include <callrail/fake/log.hpp>

#include <nlohmann/json.hpp>

namespace callrail::fake {

std::string to_json(const Entry& entry) {
  nlohmann::ordered_json out;
  out["time"] = entry.at.time_since_epoch().count();
  out["method"] = entry.method;
  out["path"] = entry.path;
  auto& query = out["query"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : entry.query) {
    if (!query.contains(name)) {
      query[name] = value;
      continue;
    }
    auto& there = query[name];
    if (!there.is_array()) there = nlohmann::ordered_json::array({there});
    there.push_back(value);
  }
  out["status"] = entry.status;
  out["endpoint"] = nullptr;
  if (!entry.endpoint.empty()) out["endpoint"] = entry.endpoint;
  out["rows"] = entry.rows;
  out["authorized"] = entry.authorized;
  out["user_agent"] = entry.user_agent;
  if (!entry.fault.empty()) out["fault"] = entry.fault;
  // Clients may send anything; a log line is text.
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace callrail::fake
