// Checkpoints: a damaged one is gone on with as it is or set aside, and never more than that.
#include "fuzz.hpp"

#include <callrail/sqlite_checkpoint.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace callrail;
using fuzz::require;

namespace {

class Noon final : public Clock {
 public:
  Steady now() const override { return {}; }
  Wall today() const override { return Wall{std::chrono::hours{24 * 20'000 + 12}}; }
};

const Noon noon;
const RunIdentity run{.print = "x", .options = "--endpoints tags"};

std::string folder() {
  static const std::string path = [] {
    const auto made =
        std::filesystem::temp_directory_path() / ("fuzz-checkpoint-" + std::to_string(::getpid()));
    std::filesystem::create_directory(made);
    return made.string();
  }();
  return path;
}

std::string file() { return folder() + '/' + std::string{SqliteCheckpoint::name}; }

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  {
    auto checkpoint = *SqliteCheckpoint::open(folder(), run, Resume::never, noon);
    SavedEndpoint saved;
    saved.position = {.bytes = 10, .rows = 2, .sha256 = std::string(64, 'a')};
    saved.lists = {{.scope = {{"account_id", "A"}}, .over = false, .total = 2, .rows = 2}};
    saved.windows = {{.list = 0, .from = "2026-01-01", .to = "2026-02-01", .zone = "user"}};
    saved.windows[0].settled = true;
    saved.warnings = {"w"};
    saved.keys.add({{"account_id", "A"}}, "K");
    const auto done =
        checkpoint->save("tags", {.facts = &saved, .lists = true, .windows = {}, .new_keys = 1});
    require(done.has_value(), "a checkpoint can be made");
  }
  std::ostringstream bytes;
  bytes << std::ifstream{file(), std::ios::binary}.rdbuf();
  return {bytes.str(), ""};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::filesystem::remove(file() + "-journal");
  std::ofstream{file(), std::ios::binary | std::ios::trunc}.write(
      reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto checkpoint = SqliteCheckpoint::open(folder(), run, Resume::if_it_fits, noon);
  require(checkpoint.has_value(), "a run begins, whatever is there",
          checkpoint ? "" : checkpoint.error().what);
  const auto loaded = (*checkpoint)->load("tags");
  if (!loaded || !*loaded) return 0;
  for (const auto& window : (*loaded)->windows)
    require(window.list < (*loaded)->lists.size(), "a window is of a list");
  return 0;
}
