#include "database_verbs.hpp"
#include "exit_code.hpp"
#include "warehouses.hpp"

#include <migrate.hpp>

namespace callrail::cli {
namespace {

Status migrate_one(const std::string& address, const VerbCall& call) {
  const bool dry_run = call.settings.on("dry-run");
  auto database = open_database(address, !dry_run);
  if (!database) return std::unexpected(std::move(database).error());
  const std::string where = (*database)->where();
  const auto plan = plan_migration(**database, call.api, call.settings.on("destructive"));
  if (!plan) return std::unexpected(plan.error());
  if (dry_run) {
    print_text(plan->text());
  } else if (auto done = apply(**database, *plan); !done) {
    return done;
  }
  if (call.settings.on("quiet")) return {};
  for (const std::string& line : plan->says) print_line(where + ": " + line);
  for (const std::string& line : plan->withheld)
    print_line(where + ": left as it is, --destructive does it: " + line);
  if (plan->only_destructive)
    print_line(where + ": no run can write until then: " + plan->misfit);
  else if (plan->up_to_date())
    print_line(where + (plan->withheld.empty() ? ": up to date" : ": up to date but for that"));
  return {};
}

}  // namespace

int migrate_verb(const VerbCall& call, std::string& error) {
  for (const std::string& address : call.databases)
    if (auto done = migrate_one(address, call); !done) {
      error = done.error().what;
      return exit_code_of(done.error());
    }
  return exit_complete;
}

}  // namespace callrail::cli
