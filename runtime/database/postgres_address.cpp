#include "postgres_address.hpp"

#include <algorithm>
#include <cstdlib>
#include <libpq-fe.h>
#include <memory>
#include <string_view>

namespace callrail {

namespace {

struct Free {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::unexpected<Error> not_understood() {
  return fail(
      Code::bad_request,
      "the address of the database cannot be understood; write "
      "postgresql://USER:PASSWORD@HOST/DATABASE, with / ? @ : # and % in a name or password "
      "as %2F %3F %40 %3A %23 and %25");
}

bool has(std::string_view text, std::string_view any) {
  return text.find_first_of(any) != text.npos;
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = list.find(',');
    parts.push_back(list.substr(0, comma));
    if (comma == list.npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

/// libpq looks for the end of user and password only up to the first slash.
bool is_torn(std::string_view address) {
  address.remove_prefix(address.find("://") + 3);
  const auto slash = address.find('/');
  if (slash == address.npos) return false;
  const auto path = address.substr(slash);
  return has(path.substr(0, path.find('?')), "@");
}

}  // namespace

Result<PostgresAddress> read_postgres_address(const std::string& address) {
  char* ignored = nullptr;  // says what it stumbled over, which may be a part of the password
  const std::unique_ptr<PQconninfoOption, Free> options{PQconninfoParse(address.c_str(), &ignored)};
  PQfreemem(ignored);
  if (options == nullptr || address.find('\0') != address.npos || is_torn(address))
    return not_understood();
  PostgresAddress read;
  std::string host, port, database;
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
    if (o->val == nullptr) continue;
    const std::string_view keyword = o->keyword;
    if (keyword == "host" || (keyword == "hostaddr" && host.empty())) host = o->val;
    if (keyword == "port") port = o->val;
    if (keyword == "dbname") database = o->val;
    if (keyword != "client_encoding") read.parameters.emplace_back(keyword, o->val);
  }
  const bool odd_port = port.find_first_not_of("0123456789,") != port.npos;
  if (odd_port || has(host, "@ \"'") || has_controls(host) || has_controls(database))
    return not_understood();
  const auto add = [&](const char* keyword, const char* value, const char* variable = nullptr) {
    const bool said =
        std::ranges::find(read.parameters, keyword, &std::pair<std::string, std::string>::first) !=
            read.parameters.end() ||
        (variable != nullptr && std::getenv(variable) != nullptr);
    if (!said) read.parameters.emplace_back(keyword, value);
  };
  add("client_encoding", "UTF8");
  add("fallback_application_name", "callrail-batch");
  add("connect_timeout", "10", "PGCONNECT_TIMEOUT");
  // A server that is gone without a word is noticed within a minute, not after the two hours that
  // are usual.
  add("keepalives_idle", "30");
  add("keepalives_interval", "10");
  add("keepalives_count", "3");
  add("tcp_user_timeout", "60000");

  read.where = "postgresql://";
  const bool socket = host.starts_with('/');
  if (!socket) {
    const auto hosts = split(host), ports = split(port);
    for (std::size_t n = 0; n < hosts.size(); ++n) {
      const bool v6 = hosts[n].find(':') != hosts[n].npos;
      read.where.append(n ? "," : "").append(v6 ? "[" : "").append(hosts[n]).append(v6 ? "]" : "");
      const std::string_view own = ports.size() == 1 ? ports[0] : n < ports.size() ? ports[n] : "";
      if (!own.empty() && own != "5432") read.where.append(":").append(own);
    }
  }
  if (!database.empty() || socket) read.where.append("/").append(database);
  if (socket) read.where.append("?host=").append(host);
  if (socket && !port.empty() && port != "5432") read.where.append("&port=").append(port);
  return read;
}

}  // namespace callrail
