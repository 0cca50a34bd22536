#include "database_verbs.hpp"
#include "exit_code.hpp"
#include "output_config.hpp"
#include "warehouses.hpp"

#include <fmt/format.h>

#include <copy_tables.hpp>
#include <migrate.hpp>

namespace callrail::cli {

int copy_verb(const VerbCall& call, std::string& error) {
  const auto failed = [&](const Error& why) {
    error = why.what;
    return exit_code_of(why);
  };
  const std::string& from_address = call.settings["from"].value();
  if (!names_database(from_address)) {
    error = "--from " + public_address(from_address) +
            ": no database; write sqlite:FILE or postgresql://…";
    return exit_usage;
  }
  auto from = open_database(from_address, false);
  if (!from) return failed(from.error());
  if (const auto ready = check_tables(**from, call.api); !ready) return failed(ready.error());
  auto to = open_database(call.databases.front(), call.settings.on("migrate"));
  if (!to) return failed(to.error());
  if (call.settings.on("migrate")) {
    const auto plan = plan_migration(**to, call.api, false);
    if (!plan) return failed(plan.error());
    if (const auto done = apply(**to, *plan); !done) return failed(done.error());
  }
  if (const auto ready = check_tables(**to, call.api); !ready) return failed(ready.error());
  const bool quiet = call.settings.on("quiet");
  const auto report = copy_tables(
      **from, **to,
      {.replace = call.settings.on("replace"), .done = [&](const CopiedTable& table) {
         if (!quiet)
           print_line(fmt::format("{}: {} rows, {}", table.name, table.rows, table.checksum));
       }});
  if (!report) return failed(report.error());
  if (quiet) return exit_complete;
  for (const std::string& column : report->added) print_line("new column " + column);
  for (const std::string& table : report->left)
    print_line(table + ": left, the schema has no such table");
  print_line(fmt::format("{} tables copied from {} to {}, and their checksums are equal",
                         report->tables.size(), (*from)->where(), (*to)->where()));
  return exit_complete;
}

}  // namespace callrail::cli
