#include <callrail/parquet.hpp>

namespace callrail {

Result<std::unique_ptr<Parquet>> Parquet::load(const std::string&) {
  return fail(Code::bad_request,
              "this build has no Parquet; scripts/setup.sh --parquet fetches what it needs, then "
              "build again");
}

bool Parquet::is_built_in() { return false; }

}  // namespace callrail
