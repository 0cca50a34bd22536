#include "database_verbs.hpp"
#include "exit_code.hpp"

namespace callrail::cli {

int copy_verb(const VerbCall&, std::string& error) {
  error = "copy";
  return exit_usage;
}

}  // namespace callrail::cli
