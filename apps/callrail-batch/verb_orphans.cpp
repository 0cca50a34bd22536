#include "database_verbs.hpp"
#include "exit_code.hpp"
#include "warehouses.hpp"

#include <callrail/orphans.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <migrate.hpp>

namespace callrail::cli {

int orphans_verb(const VerbCall& call, std::string& error) {
  auto database = open_database(call.databases.front(), false);
  if (!database) {
    error = database.error().what;
    return exit_code_of(database.error());
  }
  if (const auto ready = check_tables(**database, call.api); !ready) {
    error = ready.error().what;
    return exit_code_of(ready.error());
  }
  const auto found = find_orphans(**database, call.api);
  if (!found) {
    error = found.error().what;
    return exit_code_of(found.error());
  }
  for (const Orphans& each : *found)
    print_line(fmt::format(
        "{}.{}: {} rows refer to {} rows of {} that are not here: {}{}", each.table, each.column,
        each.rows, each.missing, each.refers_to.substr(0, each.refers_to.find('.')),
        fmt::join(each.first, ", "), each.first.size() < each.missing ? ", …" : ""));
  if (found->empty()) print_line((*database)->where() + ": every row has the rows it refers to");
  return exit_complete;
}

}  // namespace callrail::cli
