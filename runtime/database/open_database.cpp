#include "postgres_database.hpp"
#include "sqlite_database.hpp"

#include <utility>

namespace callrail {

namespace {

constexpr std::string_view sqlite = "sqlite:";

bool names_postgres(std::string_view address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

}  // namespace

bool names_database(std::string_view address) {
  return address.starts_with(sqlite) || names_postgres(address);
}

Result<std::unique_ptr<Database>> open_database(const std::string& address, bool may_create) {
  if (address.starts_with(sqlite)) {
    const std::string path = address.substr(sqlite.size());
    if (path.empty())
      return fail(Code::bad_request, "sqlite: names no file; write sqlite:callrail.db");
    auto opened = SqliteDatabase::open(path, {.may_create = may_create});
    if (!opened && opened.error().code == Code::bad_answer)
      return fail(Code::bad_request, opened.error().what + "; choose another file");
    return opened;
  }
  if (names_postgres(address)) return open_postgres(address);
  // It may hold a password, so it is not repeated.
  return fail(Code::bad_request,
              "the address names no database; write sqlite:FILE or postgresql://HOST/DATABASE");
}

}  // namespace callrail
