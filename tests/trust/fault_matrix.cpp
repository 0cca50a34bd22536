#include "fault_matrix.hpp"

#include "real_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace callrail::trust {
namespace {

constexpr std::array troubles{
    Trouble{"refused", Nature::passing},
    Trouble{"reset", Nature::passing},
    Trouble{"reset-in-body", Nature::passing},
    Trouble{"stall", Nature::passing},
    Trouble{"slow", Nature::passing},
    Trouble{"short-body", Nature::passing},
    Trouble{"wrong-length", Nature::passing},
    Trouble{"bad-chunk", Nature::passing},
    Trouble{"bad-gzip", Nature::passing},
    Trouble{"html", Nature::passing},
    Trouble{"empty", Nature::passing},
    Trouble{"no-content", Nature::passing},
    Trouble{"cut-json", Nature::passing},
    Trouble{"bad-utf8", Nature::passing},
    Trouble{"wrong-envelope", Nature::passing},
    Trouble{"top-array", Nature::passing},
    Trouble{"408", Nature::passing},
    Trouble{"429", Nature::passing},
    Trouble{"429-seconds:2", Nature::passing},
    Trouble{"429-date:30", Nature::passing},
    Trouble{"429-nonsense", Nature::passing},
    Trouble{"429-negative", Nature::passing},
    Trouble{"500", Nature::passing},
    Trouble{"500-html", Nature::passing},
    Trouble{"500-empty", Nature::passing},
    Trouble{"502", Nature::passing},
    Trouble{"503", Nature::passing},
    Trouble{"503-seconds:5", Nature::passing},
    Trouble{"504", Nature::passing},
    Trouble{"429-huge", Nature::final},
    Trouble{"bomb", Nature::final},
    Trouble{"redirect-same", Nature::final},
    Trouble{"redirect-other", Nature::final},
    Trouble{"400", Nature::final},
    Trouble{"405", Nature::final},
    Trouble{"422", Nature::final},
    Trouble{"401", Nature::key},
    Trouble{"403", Nature::refused},
    Trouble{"404", Nature::unknown},
    Trouble{"repeated-page", Nature::cheats},
    Trouble{"duplicate", Nature::cheats},
    Trouble{"next-loop", Nature::cheats},
    Trouble{"next-other-host", Nature::cheats},
    Trouble{"totals-high", Nature::cheats},
    Trouble{"totals-low", Nature::cheats},
    Trouble{"new-field", Nature::values},
    Trouble{"type-change", Nature::values},
    Trouble{"unknown-enum", Nature::values},
    Trouble{"missing-field", Nature::values},
    Trouble{"nul-text", Nature::values},
    Trouble{"big-text", Nature::values},
    Trouble{"null-key", Nature::values},
    Trouble{"insert:newest", Nature::moves},
    Trouble{"insert:oldest", Nature::moves},
    Trouble{"insert:any:3", Nature::moves},
    Trouble{"hide:oldest", Nature::moves},
    Trouble{"hide:newest", Nature::moves},
    Trouble{"hide:any", Nature::moves},
    Trouble{"delete:oldest", Nature::moves},
};

std::string spelled(const Setting& setting) {
  const char* const paging = setting.paging == Paging::offset ? "offset" : "relative";
  if (setting.database)
    return fmt::format("to_{}_by_{}",
                       *setting.database == Dialect::sqlite ? "sqlite" : "postgresql", paging);
  return fmt::format("to_{}_by_{}",
                     setting.stream ? "stream" : file_extension(setting.format).substr(1), paging);
}

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (const FileFormat format :
       {FileFormat::csv, FileFormat::jsonl, FileFormat::json, FileFormat::xml})
    out.push_back({format, false, Paging::offset});
  out.push_back({FileFormat::jsonl, true, Paging::offset});
  out.push_back({FileFormat::csv, false, Paging::relative});
  return out;
}

constexpr Text name_of(Point point) {
  switch (point) {
    case Point::first_request: return "first_request";
    case Point::first_page: return "first_page";
    case Point::mid_page: return "mid_page";
    case Point::last_page: return "last_page";
    case Point::window_boundary: return "window_boundary";
  }
  return "";
}

std::string parameter(const std::string& url, Text name) {
  const auto at = url.find(std::string{name} + '=');
  return at == std::string::npos ? "" : url.substr(at, url.find('&', at) - at);
}

/// Of a run into files.
std::vector<Moment> points(const Setting& setting) {
  SmallRun run{setting};
  (void)run.go();
  return moments_of(run.asked, run.job.endpoints.front().endpoint->dates);
}

}  // namespace

std::string spelled(Text text) {
  std::string out{text};
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return out;
}

std::vector<Moment> moments_of(const std::vector<std::string>& all, const Dates& dates) {
  const std::vector<std::string> asked{all.begin() + 1, all.end()};
  std::vector<Moment> out{{Point::first_request, 1},
                          {Point::first_page, 1},
                          {Point::mid_page, (asked.size() + 1) / 2},
                          {Point::last_page, asked.size()}};
  for (std::size_t i = 1; i < asked.size(); ++i)
    if (parameter(asked[i], dates.from) != parameter(asked[i - 1], dates.from)) {
      out.push_back({Point::window_boundary, i + 1});
      break;
    }
  return out;
}

std::string Cell::name() const {
  return fmt::format("{}_{}_at_{}_{}", spelled(trouble.word), for_good ? "for_good" : "once",
                     trust::name_of(point), spelled(setting));
}

std::vector<Cell> network_cells(const Setting& setting, const std::vector<Moment>& points) {
  std::vector<Cell> out;
  for (const auto& [point, nth] : points)
    for (const Trouble& trouble : troubles)
      for (const bool for_good : {false, true}) {
        // Accounts neither come nor go here; a list that moves for good never ends.
        if (trouble.nature == Nature::moves && (for_good || point == Point::first_request))
          continue;
        // No field of an account has a list of words: the fake refuses what would change nothing.
        if (trouble.word == "unknown-enum" && point == Point::first_request) continue;
        out.push_back({trouble, point, nth, for_good, setting});
      }
  return out;
}

std::vector<Cell> network_cells() {
  std::vector<Cell> out;
  for (const Setting& setting : settings())
    for (Cell& cell : network_cells(setting, points(setting))) out.push_back(std::move(cell));
  return out;
}

Expected expected(const Cell& cell) {
  const bool parents = cell.point == Point::first_request;
  switch (cell.trouble.nature) {
    case Nature::passing: return cell.for_good ? Expected::failed : Expected::same;
    case Nature::final:
    case Nature::key: return Expected::failed;
    case Nature::refused: return Expected::failed;
    case Nature::unknown:
      return cell.point == Point::first_page ? Expected::empty_said : Expected::failed;
    case Nature::cheats: return Expected::honest;
    case Nature::values:
      // Without its key a row cannot be told from others, and an account cannot be asked for.
      if (cell.trouble.word == "null-key") return parents ? Expected::failed : Expected::same_rows;
      return parents ? Expected::same : Expected::same_rows;
    case Nature::moves: return Expected::not_a_row_lost;
  }
  return Expected::said;
}

const std::vector<StorageFault>& storage_faults() {
  static const std::vector<StorageFault> all{
      {"no_space", "no_space", "write FULL", "53100", ""},
      {"write_error", "write_error", "write IOERR_WRITE", "58030", ""},
      {"sync_error", "write_error", "sync IOERR_FSYNC", "", "PostgreSQL's server syncs by itself"},
      {"quota", "quota", "", "", "databases take it for a full disk"},
      {"short_write", "short_write", "", "", "databases go on by themselves"},
      {"interrupted", "interrupted", "", "", "databases go on by themselves"},
      {"rename_error", "write_error", "", "", "databases rename nothing"},
      {"cannot_open", "write_error", "open CANTOPEN", "57P03", ""},
      {"read_only", "write_error", "write READONLY", "25006", ""},
      {"damaged", "", "write CORRUPT", "XX001",
       "files are not read, and the manifest has its fuzz target"},
      {"out_of_memory", "", "write NOMEM", "53200", "files need none that grows"},
      {"busy", "", "lock BUSY", "55P03", "a folder is held as a whole: the cells of guests"},
      {"serialization_failure", "", "", "40001", "files and SQLite have one writer"},
      {"deadlock", "", "", "40P01", "files and SQLite have one writer"},
      {"statement_timeout", "", "", "57014", "files and SQLite have no such limit"},
      {"server_shutdown", "", "", "57P01", "files and SQLite have no server"},
      {"connection_lost", "", "", "lost", "files and SQLite have no connection"},
      {"connection_lost_after", "", "", "lost after", "files and SQLite have no connection"},
      {"server_gone", "", "", "gone", "files and SQLite have no server"},
      {"kill_before", "kill_before", "kill", "kill", ""},
      {"kill_after", "kill_after", "kill after", "kill after", ""},
      {"power_cut", "power_cut", "", "",
       "databases promise it, if they are told to sync: SQLite's synchronous=FULL"},
  };
  return all;
}

std::string DiskCell::name() const {
  constexpr std::array words{"no_space",    "write_error", "quota_used", "short_write",
                             "interrupted", "kill_before", "kill_after", "power_cut_after"};
  return fmt::format("{}_call_{}_{}_{}", words[static_cast<std::size_t>(what)], call,
                     spelled(call_name), spelled(setting));
}

std::vector<DiskCell> disk_cells() {
  using What = DiskCell::What;
  std::vector<DiskCell> out;
  for (const Setting& setting : settings()) {
    if (setting.paging == Paging::relative) continue;  // the disk does not know how pages came
    SmallRun run{setting};
    (void)run.go();
    for (std::size_t i = 0; i < run.files.calls.size(); ++i) {
      const auto& call = run.files.calls[i];
      std::string of = call.path.substr(call.path.rfind('/') + 1);
      if (const auto part = of.find(".part"); part != std::string::npos) of.resize(part + 5);
      for (const What what :
           {What::no_space, What::write_error, What::quota, What::short_write, What::interrupted,
            What::kill_before, What::kill_after, What::power_cut}) {
        const bool is_write = call.name == "write";
        if (what == What::short_write && !is_write) continue;
        if (what == What::interrupted && !is_write && call.name != "open" && call.name != "sync")
          continue;
        if (what >= What::kill_before && setting.stream) continue;  // nobody resumes a pipe
        out.push_back({what, i + 1, call.name + ' ' + of, setting});
      }
    }
  }
  return out;
}

namespace {

/// The settings that leave files, paged in one way: what comes in does not matter here.
std::vector<Setting> file_settings() {
  auto out = settings();
  std::erase_if(out, [](const Setting& s) { return s.stream || s.paging == Paging::relative; });
  return out;
}

/// As moments, but counted as SmallRun::on_the_way counts.
std::vector<Moment> on_the_way(std::vector<Moment> moments) {
  for (auto& [point, nth] : moments)
    if (point == Point::first_request) nth = 0;
  return moments;
}

}  // namespace

std::string PauseCell::name() const {
  return fmt::format("stopped_for_{}_s_{}at_{}_{}", length.count(),
                     connection_lost ? "and_cut_off_" : "", trust::name_of(point),
                     spelled(setting));
}

std::vector<PauseCell> pause_cells(const Setting& setting, const std::vector<Moment>& points) {
  using namespace std::chrono_literals;
  std::vector<PauseCell> out;
  for (const auto& [point, nth] : on_the_way(points))
    for (const std::chrono::seconds length : {1s, 3600s, 20 * 3600s})  // a night
      for (const bool lost : {false, true}) out.push_back({point, nth, length, lost, setting});
  return out;
}

std::vector<PauseCell> pause_cells() {
  std::vector<PauseCell> out;
  for (const Setting& setting : settings())
    for (PauseCell& cell : pause_cells(setting, points(setting))) out.push_back(std::move(cell));
  return out;
}

std::string GuestCell::name() const {
  constexpr std::array words{"same_command", "other_command", "restart", "replay"};
  return fmt::format("{}_at_{}_{}", words[static_cast<std::size_t>(what)], trust::name_of(point),
                     spelled(setting));
}

std::vector<GuestCell> guest_cells(const Setting& setting, const std::vector<Moment>& points) {
  using What = GuestCell::What;
  std::vector<GuestCell> out;
  for (const auto& [point, nth] : on_the_way(points))
    for (const What what : {What::same, What::other, What::anew, What::replay}) {
      // A recording is replayed into files only.
      if (setting.database && what == What::replay) continue;
      out.push_back({what, point, nth, setting});
    }
  return out;
}

std::vector<GuestCell> guest_cells() {
  std::vector<GuestCell> out;
  for (const Setting& setting : file_settings())
    for (GuestCell& cell : guest_cells(setting, points(setting))) out.push_back(std::move(cell));
  return out;
}

std::string DatabaseCell::name() const {
  return fmt::format("{}_{}_at_{}_{}", result_name, for_good ? "for_good" : "once",
                     test::FaultyDatabase::name_of(call), nth);
}

std::vector<DatabaseCell> database_cells() {
  using Call = test::FaultyDatabase::Call;
  struct Sort {
    Call call;
    int result;
    const char* name;
  };
  constexpr std::array sorts{Sort{Call::open, SQLITE_CANTOPEN, "cannot_open"},
                             Sort{Call::lock, SQLITE_BUSY, "busy"},
                             Sort{Call::write, SQLITE_IOERR_WRITE, "write_error"},
                             Sort{Call::write, SQLITE_FULL, "no_space"},
                             Sort{Call::sync, SQLITE_IOERR_FSYNC, "sync_error"}};
  test::FaultyDatabase database;
  (void)RealRun{file_settings().front()}.go();
  std::vector<DatabaseCell> out;
  for (const Sort& sort : sorts)
    for (std::size_t nth = 1; nth <= database.count(sort.call); ++nth)
      for (const bool for_good : {false, true})
        out.push_back({sort.call, sort.result, sort.name, nth, for_good});
  return out;
}

}  // namespace callrail::trust
