#include "database.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

namespace callrail {

Result<std::string> identity_of(Database& db) {
  std::string identity;
  if (db.dialect() == Dialect::sqlite) {
    struct stat file {};
    if (::stat(db.where().c_str(), &file) == 0)
      return fmt::format("{}:{}", file.st_dev, file.st_ino);
    return fail(Code::sink_failed, db.where() + ": the file is gone; run again");
  }
  // A copy of a server has its system identifier too; no two began in the same microsecond.
  auto status = db.query(
      "SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), (SELECT oid FROM "
      "pg_database WHERE datname = current_database()), current_schema())",
      {}, [&](const SqlRow& row) { identity = row.text(0); });
  if (!status) return std::unexpected(std::move(status).error());
  return identity;
}

}  // namespace callrail
