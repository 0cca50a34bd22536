#include "duckdb_library.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <vector>

namespace callrail {

namespace {

constexpr const char* file = "libduckdb.so";

std::vector<std::string> places() {
  std::vector<std::string> out;
  std::error_code none;
  if (const auto program = std::filesystem::read_symlink("/proc/self/exe", none); !none)
    out.push_back((program.parent_path() / file).string());
#ifdef CALLRAIL_DUCKDB
  out.emplace_back(CALLRAIL_DUCKDB);
#endif
  std::erase_if(out,
                [&](const std::string& place) { return !std::filesystem::exists(place, none); });
  out.emplace_back(file);
  return out;
}

/// What the loader says, without its trailing story.
std::string last_complaint() {
  const char* const text = ::dlerror();
  return text != nullptr ? text : "it cannot be loaded";
}

}  // namespace

Result<DuckDbLibrary> DuckDbLibrary::load(const std::string& named) {
  void* library = nullptr;
  std::string where, why;
  // A name without a slash would be looked up elsewhere.
  for (const std::string& place :
       named.empty() ? places() : std::vector{std::filesystem::absolute(named).string()}) {
    where = place;
    library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) break;
    why = last_complaint();
  }
  if (library == nullptr)
    return fail(Code::bad_request, "DuckDB's library, which writes Parquet, is not there (" + why +
                                       "); scripts/setup.sh --parquet fetches it, and "
                                       "CALLRAIL_DUCKDB names one that lies elsewhere");
  DuckDbLibrary functions;
  const auto find = [&](auto& function, const char* name) {
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr && why.find(name) == std::string::npos) why = name;
    return function != nullptr;
  };
  bool whole = true;
#define CALLRAIL_FIND(name) whole = find(functions.name, "duckdb_" #name) && whole;
  CALLRAIL_DUCKDB_FUNCTIONS(CALLRAIL_FIND)
#undef CALLRAIL_FIND
  if (!whole)
    return fail(Code::bad_request, where + " has no " + why +
                                       "; CALLRAIL_DUCKDB names another libduckdb.so, and "
                                       "scripts/setup.sh --parquet fetches one that fits");
  return functions;
}

}  // namespace callrail
