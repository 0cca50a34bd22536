#include "checkpoint_store.hpp"

#include <callrail/sqlite_checkpoint.hpp>

#include <cstdio>
#include <fcntl.h>
#include <sqlite_database.hpp>
#include <unistd.h>
#include <utility>

namespace callrail {

namespace {

constexpr std::int64_t format_version = 4;

std::int64_t milliseconds(Clock::Wall when) { return when.time_since_epoch().count(); }

Result<std::int64_t> number(Database& db, std::string_view query) {
  std::int64_t number = 0;
  auto asked = db.query(query, {}, [&](const SqlRow& row) { number = row.number(0); });
  if (!asked) return std::unexpected(std::move(asked).error());
  return number;
}

}  // namespace

struct SqliteCheckpoint::State {
  std::string path;
  std::unique_ptr<SqliteDatabase> db;
  CheckpointStore store;
  const Clock& clock;
  std::optional<Clock::Wall> began = {};
  std::string set_aside = {};

  /// All of it or nothing.
  template <class Work>
  Status transaction(const Work& work) {
    auto status = db->begin();
    if (status) status = work();
    if (status) status = db->commit();
    if (!status) db->roll_back();
    return status;
  }
  /// The next run may set a damaged file aside, and can do nothing about a full disk.
  Error told(Error error) const {
    if (db->damaged()) error.code = Code::bad_answer;
    return error;
  }
};

SqliteCheckpoint::SqliteCheckpoint(std::unique_ptr<State> state) : state_{std::move(state)} {}
SqliteCheckpoint::~SqliteCheckpoint() = default;

std::optional<Clock::Wall> SqliteCheckpoint::began() const { return state_->began; }
const std::string& SqliteCheckpoint::set_aside() const { return state_->set_aside; }

namespace {

using Found = std::optional<CheckpointStore::Run>;

/// What is in a checkpoint file about its run.
Result<Found> find_run(SqliteDatabase& db) {
  const auto version = number(db, "PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version == 0) return std::nullopt;
  if (*version != format_version)
    return fail(Code::bad_answer, db.where() + ": it is of format " + std::to_string(*version));
  return CheckpointStore{db}.run();
}

/// `why`: what is wrong with the run that is there; empty: none is.
std::unexpected<Error> cannot_go_on(const std::string& folder, const std::string& why) {
  if (why.empty())
    return fail(Code::bad_request,
                folder + ": there is no unfinished run to go on with; run without --resume");
  return fail(Code::bad_request, folder + ": the unfinished run there cannot be gone on with: " +
                                     why + "; run without --resume to begin anew");
}

Result<std::unique_ptr<SqliteDatabase>> open_whole(const std::string& path) {
  // Usually it keeps 2 MB of what it wrote; a few tables that only grow need none of it again.
  auto db = SqliteDatabase::open(
      path, {.may_create = true, .wal = false, .follow_links = false, .cache_kilobytes = 256});
  if (!db) return db;
  std::string found;
  auto checked =
      (*db)->query("PRAGMA quick_check(1)", {}, [&](const SqlRow& row) { found = row.text(0); });
  if (checked && found != "ok") return fail(Code::bad_answer, path + ": it is damaged");
  if (checked) return db;
  if ((*db)->damaged()) checked.error().code = Code::bad_answer;
  return std::unexpected(std::move(checked).error());
}

Status make_tables(SqliteDatabase& db, CheckpointStore& store, const RunIdentity& run,
                   std::int64_t now) {
  for (const std::string& table : CheckpointStore::tables({}))
    if (auto dropped = db.run("DROP TABLE IF EXISTS " + table); !dropped) return dropped;
  if (auto made = store.create(); !made) return made;
  if (auto marked = db.run("PRAGMA user_version=" + std::to_string(format_version)); !marked)
    return marked;
  return store.begin_run({run.print, run.options, now, now});
}

}  // namespace

Result<std::unique_ptr<SqliteCheckpoint>> SqliteCheckpoint::open(const std::string& folder,
                                                                 const RunIdentity& run,
                                                                 Resume resume,
                                                                 const Clock& clock) {
  const Clock::Wall now = clock.today();
  const std::string path =
      folder + (folder.empty() || folder.back() == '/' ? "" : "/") + std::string{name};
  std::string why;
  auto db = open_whole(path);
  Found found;
  if (db) {
    auto there = find_run(**db);
    if (there) {
      found = *std::move(there);
    } else {
      if ((*db)->damaged()) there.error().code = Code::bad_answer;
      db = std::unexpected(std::move(there).error());
    }
  }
  if (!db) {
    if (db.error().code != Code::bad_answer) return std::unexpected(std::move(db).error());
    why = db.error().what;
    if (resume == Resume::always) return cannot_go_on(folder, why);
    const std::string aside = path.substr(0, path.rfind('.')) + ".damaged";
    if (std::rename(path.c_str(), aside.c_str()) != 0)
      return fail(Code::sink_failed, path + ": damaged, and it cannot be moved; remove it");
    why += "; kept as " + aside;
    db = open_whole(path);
    if (!db) return std::unexpected(std::move(db).error());
  }
  if (found && why.empty()) {
    const auto rest = milliseconds(now) - found->touched;
    if (resume == Resume::never)
      why = "as asked";
    else if (found->print != run.print)
      why = found->options == run.options
                ? "it was made with another key, schema or version of this program"
                : "it was another one: " + found->options;
    else if (rest > std::chrono::milliseconds{longest_rest}.count() && resume != Resume::always)
      why = "it stopped more than 48 hours ago";
  }
  const bool goes_on = found && why.empty();
  if (resume == Resume::always && !goes_on) return cannot_go_on(folder, why);
  SqliteDatabase& opened = **db;
  auto state =
      std::unique_ptr<State>(new State{path, *std::move(db), CheckpointStore{opened}, clock});
  if (goes_on) {
    state->began = Clock::Wall{std::chrono::milliseconds{found->began}};
  } else {
    state->set_aside = why;
    if (auto made = state->transaction(
            [&] { return make_tables(opened, state->store, run, milliseconds(now)); });
        !made)
      return std::unexpected(state->told(std::move(made).error()));
  }
  return std::unique_ptr<SqliteCheckpoint>{new SqliteCheckpoint{std::move(state)}};
}

Status SqliteCheckpoint::save(Text endpoint, const CheckpointChange& change) {
  State& state = *state_;
  // One that fails changes nothing; the next one has everything that this one had.
  auto saved = state.transaction([&]() -> Status {
    if (auto done = state.store.save(endpoint, change); !done) return done;
    return state.store.touch(milliseconds(state.clock.today()));
  });
  if (!saved) return std::unexpected(state.told(std::move(saved).error()));
  return saved;
}

Result<std::optional<SavedEndpoint>> SqliteCheckpoint::load(Text endpoint) {
  auto loaded = state_->store.load(endpoint);
  if (!loaded) return std::unexpected(state_->told(std::move(loaded).error()));
  return loaded;
}

Status SqliteCheckpoint::forget(Text endpoint) {
  auto forgotten = state_->transaction([&] { return state_->store.forget(endpoint); });
  if (!forgotten) return std::unexpected(state_->told(std::move(forgotten).error()));
  return forgotten;
}

Status SqliteCheckpoint::remove() {
  const std::string path = state_->path;
  state_.reset();
  if (std::remove(path.c_str()) != 0)
    return fail(Code::sink_failed, path + ": cannot be removed; remove it by hand");
  // Else a power cut may bring it back, and the next run goes on where it should begin anew. That
  // is no reason to fail: all rows are there.
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return {};
  ::fsync(fd);
  ::close(fd);
  return {};
}

}  // namespace callrail
