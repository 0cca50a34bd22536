#include "scope_text.hpp"

#include <callrail/media_folder.hpp>
#include <callrail/sha256.hpp>
#include <callrail/url.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sqlite_database.hpp>
#include <unistd.h>
#include <vector>

namespace callrail {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t format_version = 1;
constexpr std::size_t longest_key =
    150;  // so that a name has room for what a file being written adds

enum Stage : int { is_wanted = 0, is_here = 1, is_missing = 2 };

// `anew`: what stands in the folder under this name is not what was fetched.
constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS of(id INTEGER PRIMARY KEY CHECK (id = 1), base_url TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item(
  n INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, field TEXT NOT NULL, key TEXT NOT NULL,
  scope TEXT NOT NULL, state INTEGER NOT NULL DEFAULT 0, anew INTEGER NOT NULL DEFAULT 0,
  at INTEGER, file TEXT, bytes INTEGER, sha256 TEXT, reason TEXT,
  UNIQUE (endpoint, field, key));
CREATE INDEX IF NOT EXISTS wanted ON item(n) WHERE state = 0;
)";

constexpr const char* add_one = R"(
INSERT INTO item(endpoint, field, key, scope) VALUES ($1, $2, $3, $4)
ON CONFLICT (endpoint, field, key) DO UPDATE SET scope = $4, anew = (state = 1), state = 0
WHERE (state = 1 AND bytes <> $5) OR (state = 2 AND at <= $6))";

/// -1: there is none.
std::int64_t size_of(const std::string& path) {
  std::error_code error;
  const auto status = fs::symlink_status(path, error);
  if (error || !fs::is_regular_file(status)) return -1;
  const auto size = fs::file_size(path, error);
  return error ? -1 : static_cast<std::int64_t>(size);
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder + (folder.ends_with('/') ? "" : "/") + name;
}

constexpr const char* move_it_away = "; move it away and run again: files that are whole stay";

std::int64_t milliseconds(Clock::Wall when) { return when.time_since_epoch().count(); }

/// What a killed process was writing.
void remove_parts(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with('.') && name.find(".part-") != name.npos) found.push_back(it->path());
  }
  for (const auto& path : found) fs::remove(path, error);
}

Result<std::string> hash_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return fail(Code::sink_failed, path + ": " + std::strerror(errno));
  Sha256 hash;
  std::vector<char> block(256 * 1024);
  ssize_t got = 0;
  while ((got = ::read(fd, block.data(), block.size())) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    hash.add({block.data(), static_cast<std::size_t>(got)});
  }
  const int error = errno;
  ::close(fd);
  if (got < 0) return fail(Code::sink_failed, path + ": " + std::strerror(error));
  return hash.hex();
}

}  // namespace

std::string media_file_name(Text key, Text extension) {
  std::string name = percent_encode(key);
  if (name.starts_with('.')) name.replace(0, 1, "%2E");
  if (name.size() > longest_key) {
    Sha256 hash;
    hash.add(key);
    name = hash.hex();
  }
  return name.append(".").append(extension);
}

struct MediaFolder::State {
  std::string folder;
  std::unique_ptr<SqliteDatabase> db;
  const Api& api;
  const Clock& clock;
  FileSystem& files;
  std::optional<Error> failed = {};  ///< to add an item; told by the next commit
  std::int64_t last = 0;             ///< number of the item that was given out last

  std::string path_of(const MediaItem& item, const Media& media) const {
    return in_folder(folder, media_file_name(item.key, media.extension));
  }
  const Media* media_of(const MediaItem& item) const {
    const Endpoint* const endpoint = api.find(item.endpoint);
    if (endpoint == nullptr) return nullptr;
    for (const Media& media : endpoint->media)
      if (media.field == item.field) return &media;
    return nullptr;
  }
  Status told(Status status) const {
    if (!status && db->damaged()) status.error().what += move_it_away;
    return status;
  }
  Status change(std::string_view statement, std::initializer_list<SqlValue> values) {
    const auto changed = db->change(statement, std::span{values.begin(), values.size()});
    return told(changed ? Status{} : std::unexpected(changed.error()));
  }
  Status query(std::string_view statement, std::initializer_list<SqlValue> values,
               const std::function<void(const SqlRow&)>& take) {
    return told(db->query(statement, std::span{values.begin(), values.size()}, take));
  }
  Status note(const MediaItem& item, int state, std::string_view reason) {
    return change("UPDATE item SET state = $1, at = $2, reason = $3 WHERE n = $4",
                  {state, milliseconds(clock.today()), reason, item.number});
  }
  Status note_here(const MediaItem& item, const std::string& file, std::uint64_t bytes,
                   const std::string& sha256) {
    return change(
        "UPDATE item SET state = 1, anew = 0, at = $1, file = $2, bytes = $3, sha256 = $4, "
        "reason = NULL WHERE n = $5",
        {milliseconds(clock.today()), file, bytes, sha256, item.number});
  }
  /// Notes a whole file that a killed process put there, or that the index was lost for.
  Result<bool> find_here(const MediaItem& item, const Media& media) {
    const std::string path = path_of(item, media);
    const std::int64_t size = size_of(path);
    if (size <= 0) return false;
    const auto hash = hash_of(path);
    if (!hash) return std::unexpected(hash.error());
    if (auto noted = note_here(item, media_file_name(item.key, media.extension),
                               static_cast<std::uint64_t>(size), *hash);
        !noted)
      return std::unexpected(noted.error());
    return true;
  }
};

class MediaFolder::Writer final : public MediaWriter {
 public:
  Writer(State& state, const MediaItem& item, std::string name, std::unique_ptr<AtomicFile> file)
      : state_{state}, item_{item}, name_{std::move(name)}, file_{std::move(file)} {}

  Status write(std::string_view bytes) override {
    hash_.add(bytes);
    return file_->append(bytes);
  }
  Status keep() override {
    if (auto finished = file_->finish(); !finished) return finished;
    return state_.note_here(item_, name_, file_->bytes(), hash_.hex());
  }

 private:
  State& state_;
  const MediaItem item_;
  const std::string name_;
  std::unique_ptr<AtomicFile> file_;
  Sha256 hash_;
};

MediaFolder::MediaFolder(std::unique_ptr<State> state) : state_{std::move(state)} {}
MediaFolder::~MediaFolder() { state_->db->roll_back(); }

Result<std::unique_ptr<MediaFolder>> MediaFolder::open(const std::string& folder, const Api& api,
                                                       const std::string& base_url,
                                                       const Clock& clock, FileSystem& files) {
  if (auto made = make_folders(folder, files); !made)
    return std::unexpected(std::move(made).error());
  remove_parts(folder);
  const std::string path = in_folder(folder, std::string{index_name});
  auto db = SqliteDatabase::open(
      path, {.may_create = true, .wal = false, .follow_links = false, .cache_kilobytes = 256});
  if (!db) {
    if (db.error().code == Code::bad_answer)
      return fail(Code::sink_failed, db.error().what + move_it_away);
    return std::unexpected(std::move(db).error());
  }
  auto state = std::make_unique<State>(State{folder, *std::move(db), api, clock, files});
  std::int64_t version = 0;
  auto status =
      state->query("PRAGMA user_version", {}, [&](const SqlRow& row) { version = row.number(0); });
  if (version != 0 && version != format_version)
    return fail(Code::sink_failed,
                path + ": was written by another version of this program; name another folder");
  if (status) status = state->told(state->db->run(tables));
  if (status)
    status = state->told(state->db->run("PRAGMA user_version = " + std::to_string(format_version)));
  std::string there;
  if (status)
    status = state->query("SELECT base_url FROM of", {},
                          [&](const SqlRow& row) { there = row.text(0); });
  if (!there.empty() && there != base_url)
    return fail(Code::bad_request, folder + ": holds what was fetched from " + there +
                                       "; name another folder for " + base_url);
  if (status && there.empty()) status = state->change("INSERT INTO of VALUES (1, $1)", {base_url});
  if (!status) return std::unexpected(std::move(status).error());
  return std::unique_ptr<MediaFolder>{new MediaFolder{std::move(state)}};
}

void MediaFolder::add(const Endpoint& endpoint, const Media& media, const Scope& scope, Text key) {
  State& state = *state_;
  if (state.failed) return;
  Status status;
  if (!state.db->in_transaction()) status = state.told(state.db->begin());
  const auto size = size_of(in_folder(state.folder, media_file_name(key, media.extension)));
  const std::string where = join_scope(scope);
  if (status)
    status = state.change(add_one, {endpoint.name, media.field, key, where, size,
                                    milliseconds(state.clock.today() - missing_for)});
  if (!status) state.failed = std::move(status).error();
}

Status MediaFolder::commit() {
  State& state = *state_;
  Status status;
  if (state.failed)
    status = std::unexpected(*std::exchange(state.failed, {}));
  else if (state.db->in_transaction())
    status = state.told(state.db->commit());
  if (!status) state.db->roll_back();
  return status;
}

Result<std::optional<MediaItem>> MediaFolder::next() {
  State& state = *state_;
  while (true) {
    MediaItem item;
    bool anew = false;
    bool found_one = false;
    auto asked = state.query(
        "SELECT n, endpoint, field, key, scope, anew FROM item WHERE state = 0 AND n > $1 "
        "ORDER BY n LIMIT 1",
        {state.last}, [&](const SqlRow& row) {
          found_one = true;
          item.number = row.number(0);
          item.endpoint = row.text(1);
          item.field = row.text(2);
          item.key = row.text(3);
          item.scope = split_scope(row.text(4));
          anew = row.number(5) != 0;
        });
    if (!asked) return std::unexpected(std::move(asked).error());
    if (!found_one) return std::nullopt;
    state.last = item.number;
    const Media* const media = state.media_of(item);
    if (media == nullptr) continue;  // of another schema
    if (anew) return item;
    const auto found = state.find_here(item, *media);
    if (!found) return std::unexpected(found.error());
    if (!*found) return item;
  }
}

Result<std::unique_ptr<MediaWriter>> MediaFolder::open(const MediaItem& item, const Media& media) {
  auto file = AtomicFile::open(state_->path_of(item, media), state_->files);
  if (!file) return std::unexpected(std::move(file).error());
  return std::make_unique<Writer>(*state_, item, media_file_name(item.key, media.extension),
                                  *std::move(file));
}

Status MediaFolder::missing(const MediaItem& item, std::string_view why) {
  return state_->note(item, is_missing, why);
}

Status MediaFolder::failed(const MediaItem& item, std::string_view why) {
  return state_->note(item, is_wanted, why);
}

Result<MediaStore::Counts> MediaFolder::count() {
  Counts counts;
  auto asked =
      state_->query("SELECT state, count(*) FROM item GROUP BY state", {}, [&](const SqlRow& row) {
        const auto state = row.number(0);
        const auto count = static_cast<std::uint64_t>(row.number(1));
        if (state == is_here) counts.here = count;
        if (state == is_wanted) counts.wanted = count;
        if (state == is_missing) counts.missing = count;
      });
  if (!asked) return std::unexpected(std::move(asked).error());
  return counts;
}

std::string MediaFolder::where() const { return state_->folder; }

void MediaCount::add(const Endpoint&, const Media& media, const Scope&, Text key) {
  const bool there = size_of(in_folder(folder_, media_file_name(key, media.extension))) > 0;
  ++(there ? here_ : left_);
}

MediaSummary MediaCount::summary() const {
  MediaSummary summary;
  summary.where = folder_;
  summary.tried = false;
  summary.here = here_;
  summary.left = left_;
  return summary;
}

}  // namespace callrail
