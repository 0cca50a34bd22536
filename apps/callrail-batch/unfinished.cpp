#include "unfinished.hpp"

#include "dates.hpp"
#include "folder.hpp"
#include "output_config.hpp"
#include "texts.hpp"
#include "version.hpp"

#include <callrail/sha256.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

std::string spell(Clock::Wall when) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(when));
}

bool is_finished(const Config& config, SqliteCheckpoint& checkpoint) {
  return std::ranges::all_of(config.extract.endpoints, [&](const Wanted& wanted) {
    const auto saved = checkpoint.load(wanted.endpoint->name);
    return saved && *saved && (*saved)->stage == SavedEndpoint::Stage::published;
  });
}

}  // namespace

RunIdentity run_identity(const Config& config, std::string_view key) {
  RunIdentity run;
  for (const auto& [name, value] : config.run_options)
    run.options += fmt::format("{}--{} {}", run.options.empty() ? "" : " ", name, value);
  Sha256 hash;
  const auto add = [&](std::string_view text) {
    hash.add(fmt::format("{}:", text.size()));
    hash.add(text);
  };
  add(version);
  add(run.options);
  for (const Wanted& wanted : config.extract.endpoints) {
    add(wanted.endpoint->name);
    for (const std::size_t field : wanted.fields.order()) add(wanted.endpoint->fields[field].name);
  }
  // Destinations that are filled together go on together, or not at all.
  if (config.output.count() > 1) {
    if (config.output.has_folder()) add(std::filesystem::absolute(config.output.folder).string());
    for (const std::string& database : config.output.databases) add(public_address(database));
  }
  // A key can be told by its hash only by whoever has it.
  Sha256 of_key;
  of_key.add("callrail-batch run of the key ");
  of_key.add(key);
  add(of_key.hex());
  run.print = hash.hex();
  return run;
}

Result<HeldFolder> hold_folder(Config& config, const Api& api, std::string_view key,
                               const Clock& clock, bool may_go_on) {
  const std::string folder = config.output.folder.string();
  std::error_code unknown;
  const bool unfinished =
      std::filesystem::exists(config.output.folder / SqliteCheckpoint::name, unknown);
  if (!unfinished && may_go_on && config.resume == Resume::always)
    return fail(Code::bad_request,
                folder + ": there is no unfinished run to go on with; run without --resume");
  if (unfinished && !may_go_on)
    return fail(Code::held, folder +
                                ": an unfinished run is kept there; finish it first, or choose "
                                "another folder");
  const bool there = std::filesystem::exists(config.output.folder, unknown);
  if (auto made = make_folders(folder); !made) return std::unexpected(std::move(made).error());
  auto lock = FolderLock::take(folder, clock);
  if (!lock) return std::unexpected(std::move(lock).error());
  if (!may_go_on) return HeldFolder{*std::move(lock), nullptr, !there, {}, {}};
  auto checkpoint = SqliteCheckpoint::open(folder, run_identity(config, key), config.resume, clock);
  if (!checkpoint) return std::unexpected(std::move(checkpoint).error());
  // A run that had only its checkpoint to remove is no run to go on with.
  if ((*checkpoint)->began() && config.resume != Resume::always &&
      is_finished(config, **checkpoint)) {
    checkpoint->reset();
    checkpoint = SqliteCheckpoint::open(folder, run_identity(config, key), Resume::never, clock);
    if (!checkpoint) return std::unexpected(std::move(checkpoint).error());
    return HeldFolder{*std::move(lock), *std::move(checkpoint), !there, {}, {}};
  }
  HeldFolder held{*std::move(lock), *std::move(checkpoint), !there, {}, {}};
  if (!held.checkpoint->set_aside().empty())
    held.warning =
        folder + ": an unfinished run is not gone on with: " + held.checkpoint->set_aside();
  if (const auto began = held.checkpoint->began()) {
    go_on_as_begun(config, *began);
    held.news = "goes on with the run begun at " + spell(*began) +
                ", whose days end there; --restart begins anew";
  } else {
    remove_leftovers(config.output.folder, api);
  }
  return held;
}

void go_on_as_begun(Config& config, Clock::Wall began) {
  config.extract.began = began;
  if (config.days)
    config.extract.range.from =
        days_before(today_in(config.extract.range.zone, began), *config.days);
}

Provenance provenance_of(const Config& config, Clock::Wall began) {
  return {fmt::format("callrail-batch {}", version), spell(began), config.run_options};
}

}  // namespace callrail::cli
