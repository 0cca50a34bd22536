#pragma once

#include "config.hpp"
#include "settings.hpp"

#include <database.hpp>
#include <memory>
#include <string>
#include <vector>

/// Verbs about databases alone: they need no key and make no request.
namespace callrail::cli {

/// What they share: where they speak to, and how they end.
struct VerbCall {
  const Api& api;
  const Settings& settings;
  std::vector<std::string> databases;  ///< of --output
};

/// Each gives the exit code; the error goes with it.
int migrate_verb(const VerbCall&, std::string& error);
int history_verb(const VerbCall&, std::string& error);
int orphans_verb(const VerbCall&, std::string& error);
int copy_verb(const VerbCall&, std::string& error);

/// Picks one of them. Mistakes of the command line end with exit code 2.
int database_verb(Verb, const Api&, const Settings&, Mistakes&, std::string& error);

/// To standard output. A line has its control characters escaped.
bool print_text(std::string_view);
bool print_line(const std::string&);

}  // namespace callrail::cli
