#include "database_verbs.hpp"

#include "exit_code.hpp"
#include "output_config.hpp"

#include <callrail/redact.hpp>

#include <cerrno>
#include <unistd.h>

namespace callrail::cli {

bool print_text(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool print_line(const std::string& line) { return print_text(escape_controls(line) + "\n"); }

int database_verb(Verb verb, const Api& api, const Settings& settings, Mistakes& mistakes,
                  std::string& error) {
  const char* const name = verb == Verb::migrate   ? "migrate"
                           : verb == Verb::history ? "history"
                           : verb == Verb::copy    ? "copy"
                                                   : "check --orphans";
  refuse_other_verbs(settings, verb, mistakes);
  VerbCall call{api, settings, {}};
  for (const std::string& value : settings["output"].values)
    if (names_database(value))
      call.databases.push_back(value);
    else if (settings["output"].given())
      mistakes.push_back(std::string{name} + ": --output " + public_address(value) +
                         " is no database; write sqlite:FILE or postgresql://…");
  if (call.databases.empty() && mistakes.empty())
    mistakes.push_back(std::string{name} +
                       ": name a database with --output sqlite:FILE or postgresql://…");
  if (call.databases.size() > 1 && verb != Verb::migrate)
    mistakes.push_back(std::string{name} + ": name one database with --output");
  if (verb == Verb::copy && !settings.on("from"))
    mistakes.emplace_back("copy: name the database to copy with --from sqlite:FILE");
  if (!mistakes.empty()) return exit_usage;
  switch (verb) {
    case Verb::migrate: return migrate_verb(call, error);
    case Verb::history: return history_verb(call, error);
    case Verb::copy: return copy_verb(call, error);
    default: return orphans_verb(call, error);
  }
}

}  // namespace callrail::cli
