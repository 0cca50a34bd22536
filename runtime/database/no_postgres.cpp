#include "postgres_database.hpp"

namespace callrail {

Result<std::unique_ptr<Database>> open_postgres(const std::string&) {
  return fail(Code::bad_request,
              "this build has no PostgreSQL; install libpq-dev and build again, or write "
              "sqlite:callrail.db");
}

}  // namespace callrail
