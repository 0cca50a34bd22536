#include "state.hpp"

#include <callrail/atomic_file.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace callrail::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* ledger_ending = ".ledger";
constexpr const char* counts_ending = ".counts.json";
constexpr auto kept = std::chrono::days{32};  // the longest limit there may be is a month's

constexpr auto fresh = std::chrono::days{30};

std::optional<std::string> set(const Environment& environment, const char* name) {
  auto value = environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

/// Fakes and tests have an address of their own every time.
void remove_old(const std::string& folder) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    const bool ours = name.find(ledger_ending) != name.npos || name.ends_with(counts_ending);
    std::error_code unimportant;
    const auto written = fs::last_write_time(it->path(), unimportant);
    if (ours && !unimportant && now - written > kept) fs::remove(it->path(), unimportant);
  }
}

}  // namespace

std::string state_folder(const Environment& environment) {
  if (auto folder = set(environment, "CALLRAIL_STATE_DIR")) return *folder;
  // Both must be absolute, says the standard of such folders.
  const auto absolute = [](const std::optional<std::string>& path) {
    return path && path->starts_with('/');
  };
  if (auto home = set(environment, "XDG_STATE_HOME"); absolute(home))
    return *home + "/callrail-batch";
  if (auto home = set(environment, "HOME"); absolute(home))
    return *home + "/.local/state/callrail-batch";
  return {};
}

std::string state_name(std::string_view base_url, std::string_view key) {
  const std::string text = fmt::format("callrail-batch state 1\n{}\n{}", base_url, key);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string name;
  for (std::size_t i = 0; i < 16; ++i) name += fmt::format("{:02x}", digest[i]);
  return name;
}

Result<std::unique_ptr<Ledger>> open_ledger(const State& state, const Clock& clock) {
  if (state.folder.empty())
    return fail(Code::sink_failed, "no folder for it: HOME and CALLRAIL_STATE_DIR are not set");
  if (auto made = make_folders(state.folder); !made)
    return std::unexpected(std::move(made).error());
  remove_old(state.folder);
  return Ledger::open(state.folder + "/" + state.name + ledger_ending, clock);
}

Counts counts_of(const Summary& summary, const Config& config, const Clock& clock) {
  Counts counts;
  for (const EndpointSummary& endpoint : summary.endpoints) {
    if (endpoint.outcome != Outcome::complete || !endpoint.counted) continue;
    // With a limit not every list was begun, and one company's rows are not the account's.
    if (config.extract.limit || !config.extract.fixed.empty()) continue;
    Counted of{.rows = endpoint.announced, .lists = endpoint.lists, .at = clock.today()};
    // "2024-10-22..2026-11-21 America/New_York"
    const std::string& window = endpoint.window;
    if (const auto dots = window.find(".."); dots != window.npos) {
      const auto blank = window.find(' ', dots);
      of.from = window.substr(0, dots);
      of.to = window.substr(dots + 2, blank - dots - 2);
      if (blank != window.npos) of.zone = window.substr(blank + 1);
    }
    counts[endpoint.name] = of;
  }
  return counts;
}

Counts read_counts(const State& state) {
  std::ifstream in{state.folder + "/" + state.name + counts_ending, std::ios::binary};
  const std::string text = (std::ostringstream{} << in.rdbuf()).str();
  Counts counts;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("version") || json["version"] != 1 ||
      !json.contains("lists"))
    return counts;
  const auto word = [](const Json& of, const char* member) {
    const auto found = of.find(member);
    return found != of.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto number = [](const Json& of, const char* member) -> std::uint64_t {
    const auto found = of.find(member);
    return found != of.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
  };
  for (const auto& [endpoint, of] : json["lists"].items()) {
    if (!of.is_object()) continue;
    counts[endpoint] = {.rows = number(of, "rows"),
                        .lists = number(of, "lists"),
                        .rows_known = of.contains("rows"),
                        .from = word(of, "from"),
                        .to = word(of, "to"),
                        .zone = word(of, "zone"),
                        .at = Clock::Wall{std::chrono::seconds{number(of, "at")}}};
  }
  return counts;
}

Status write_counts(const State& state, const Counts& news) {
  if (state.folder.empty() || news.empty()) return {};
  Counts counts = read_counts(state);
  for (const auto& [endpoint, of] : news) {
    // What a run of all days knew is worth more than a day's count.
    const auto known = counts.find(endpoint);
    if (known != counts.end() && known->second.from < of.from && of.at - known->second.at < fresh)
      continue;
    counts[endpoint] = of;
  }
  Json lists = Json::object();
  for (const auto& [endpoint, of] : counts) {
    Json& json = lists[endpoint];
    json["at"] = std::chrono::floor<std::chrono::seconds>(of.at).time_since_epoch().count();
    json["lists"] = of.lists;
    if (of.rows_known) json["rows"] = of.rows;
    if (!of.from.empty()) {
      json["from"] = of.from;
      json["to"] = of.to;
      json["zone"] = of.zone;
    }
  }
  const Json json{{"version", 1}, {"lists", lists}};
  if (auto made = make_folders(state.folder); !made) return made;
  auto file = AtomicFile::open(state.folder + "/" + state.name + counts_ending);
  if (!file) return std::unexpected(std::move(file).error());
  const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (auto written = (*file)->append(text); !written) return written;
  return (*file)->finish();
}

}  // namespace callrail::cli
