#pragma once

#include "crash.hpp"

#include <callrail/atomic_file.hpp>
#include <callrail/fake/random.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail::test {

/// A disk in memory that can fail, fill up, kill the process at any call and lose its power.
///
/// What the system shows and what the disk holds are two things, as they are on a real one: bytes
/// written since the last sync may be lost or kept piece by piece, in any order, and names (new,
/// renamed, removed) last only once their folder is synced, in order until then.
class MemoryFiles : public FileSystem {
 public:
  /// A call that changes something, in the order they came; `call` counts from 1.
  struct Call {
    std::string name;  ///< "open", "write", "sync", …
    std::string path;
    std::size_t size = 0;
  };
  struct Event {
    enum class What : std::uint8_t {
      fail,          ///< with `error`
      short_write,   ///< half of the bytes, at least one
      crash_before,  ///< nothing of the call happens
      crash_after,   ///< the call has done its work, nobody hears of it
    };
    What what = What::fail;
    int error = EIO;
  };

  std::map<std::size_t, Event> events;  ///< by number of the call
  std::optional<Event> from_now_on;     ///< happens to every call of the names below
  std::vector<std::string> names_from_now_on;
  std::uint64_t space = std::numeric_limits<std::uint64_t>::max();  ///< bytes until ENOSPC
  std::vector<Call> calls;

  MemoryFiles() { root_->folder = true; }

  void fail_at(std::size_t call, int error) { events[call] = {Event::What::fail, error}; }
  void crash_at(std::size_t call, bool after) {
    events[call] = {after ? Event::What::crash_after : Event::What::crash_before, 0};
  }
  /// Whether the process died. Destructors run all the same, but their calls do nothing.
  bool dead() const { return dead_; }

  /// A new process on the disk as the system has it: descriptors and locks of the old one are gone.
  void restart() {
    dead_ = false;
    open_.clear();
    events.clear();
    from_now_on.reset();
    calls.clear();
  }
  /// The power goes, and comes back. What was not synced is kept or lost by the dice.
  void cut_power(std::uint64_t seed) {
    fake::Dice dice{seed};
    open_.clear();
    settle(*root_, dice);
    restart();
  }

  /// The files of a folder by name, hidden ones too; nothing if there is no such folder.
  std::map<std::string, std::string> files(std::string_view folder) const {
    std::map<std::string, std::string> out;
    if (const auto at = find(folder); at && at->folder)
      for (const auto& [name, node] : at->names)
        if (!node->folder) out[name] = node->bytes;
    return out;
  }
  std::optional<std::string> content(std::string_view path) const {
    const auto at = find(path);
    if (!at || at->folder) return std::nullopt;
    return at->bytes;
  }
  /// Puts a file there, durable, as if by another program long ago.
  void put(std::string_view path, std::string bytes) {
    const auto [folder, name] = split(path);
    auto above = root_;
    for (const std::string& step : steps(folder)) {
      auto& next = above->names[step];
      if (!next) next = std::make_shared<Node>(), next->folder = true;
      above->kept[step] = next;
      above = next;
    }
    auto node = std::make_shared<Node>();
    node->bytes = node->kept_bytes = std::move(bytes);
    above->names[name] = above->kept[name] = node;
  }
  /// A descriptor that takes bytes and has no name, as standard output; `piped` shows them.
  int open_pipe() {
    auto node = std::make_shared<Node>();
    node->pipe = true;
    pipes_.push_back(node);
    open_[next_fd_] = {node, 0, O_WRONLY, "(pipe)", false};
    return next_fd_++;
  }
  const std::string& piped(std::size_t nth = 0) const { return pipes_.at(nth)->bytes; }

  int open(const char* path, int flags, mode_t) override {
    if (dead_) return lost_fd;
    auto node = find(path);
    const bool makes = !node && (flags & O_CREAT) != 0;
    if (!node && !makes) return errno = ENOENT, -1;
    if (node && (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return errno = EEXIST, -1;
    if (node && node->folder && (flags & O_ACCMODE) != O_RDONLY) return errno = EISDIR, -1;
    if (node && !node->folder && (flags & O_DIRECTORY) != 0) return errno = ENOTDIR, -1;
    const bool empties = node && (flags & O_TRUNC) != 0 && !node->bytes.empty();
    if (!makes && !empties) return descriptor(node, flags, path);
    const auto turn = begin("open", path, 0);
    if (turn.error != 0) return errno = turn.error, -1;
    if (makes) {
      const auto [folder, name] = split(path);
      const auto above = find(folder);
      if (!above || !above->folder) return errno = ENOENT, -1;
      node = std::make_shared<Node>();
      link(*above, name, node);
    } else {
      resize(*node, 0);
    }
    end(turn);
    return descriptor(node, flags, path);
  }

  ssize_t write(int fd, const char* data, std::size_t size) override {
    if (dead_) return static_cast<ssize_t>(size);
    const auto at = open_.find(fd);
    if (at == open_.end() || (at->second.flags & O_ACCMODE) == O_RDONLY) return errno = EBADF, -1;
    Opened& file = at->second;
    const std::size_t where =
        (file.flags & O_APPEND) != 0 || file.node->pipe ? file.node->bytes.size() : file.offset;
    const ssize_t written = put_bytes("write", file, where, {data, size});
    if (written > 0) file.offset = where + static_cast<std::size_t>(written);
    return written;
  }
  ssize_t write_at(int fd, const char* data, std::size_t size, std::uint64_t where) {
    if (dead_) return static_cast<ssize_t>(size);
    const auto at = open_.find(fd);
    if (at == open_.end()) return errno = EBADF, -1;
    return put_bytes("write", at->second, static_cast<std::size_t>(where), {data, size});
  }
  ssize_t read(int fd, char* data, std::size_t size) override {
    const auto at = open_.find(fd);
    if (dead_ || at == open_.end()) return errno = EBADF, -1;
    const ssize_t got = read_at(fd, data, size, at->second.offset);
    if (got > 0) at->second.offset += static_cast<std::size_t>(got);
    return got;
  }
  ssize_t read_at(int fd, char* data, std::size_t size, std::uint64_t where) {
    const auto at = open_.find(fd);
    if (dead_ || at == open_.end()) return errno = EBADF, -1;
    const std::string& bytes = at->second.node->bytes;
    if (where >= bytes.size()) return 0;
    size = std::min(size, bytes.size() - static_cast<std::size_t>(where));
    std::memcpy(data, bytes.data() + where, size);
    return static_cast<ssize_t>(size);
  }
  off_t seek(int fd, off_t offset, int whence) {
    if (dead_) return offset;
    const auto at = open_.find(fd);
    if (at == open_.end()) return errno = EBADF, -1;
    Opened& file = at->second;
    const auto base = whence == SEEK_SET   ? std::size_t{0}
                      : whence == SEEK_CUR ? file.offset
                                           : file.node->bytes.size();
    const auto where = static_cast<off_t>(base) + offset;
    if (where < 0) return errno = EINVAL, -1;
    file.offset = static_cast<std::size_t>(where);
    return where;
  }
  int truncate(int fd, off_t size) override {
    if (dead_) return 0;
    const auto at = open_.find(fd);
    if (at == open_.end()) return errno = EBADF, -1;
    const auto turn = begin("truncate", at->second.path, static_cast<std::size_t>(size));
    if (turn.error != 0) return errno = turn.error, -1;
    resize(*at->second.node, static_cast<std::size_t>(size));
    end(turn);
    return 0;
  }
  /// flock(LOCK_EX | LOCK_NB): held until the descriptor is closed or the process dies.
  int lock(int fd) {
    if (dead_) return 0;
    const auto at = open_.find(fd);
    if (at == open_.end()) return errno = EBADF, -1;
    for (const auto& [other, file] : open_)
      if (other != fd && file.locked && file.node == at->second.node)
        return errno = EWOULDBLOCK, -1;
    at->second.locked = true;
    return 0;
  }

  /// Something else that lasts, as a call of its own: `work` happens whole or not at all.
  template <class Work>
  Status act(const char* name, std::string_view place, Work work) {
    const auto turn = begin(name, place, 0);
    if (turn.error != 0)
      return fail(Code::sink_failed, std::string{name} + ": " + std::strerror(turn.error));
    work();
    end(turn);
    return {};
  }

  int wait_writable(int) override { return 1; }
  int sync(int fd) override {
    if (dead_) return 0;
    const auto at = open_.find(fd);
    if (at == open_.end()) return errno = EBADF, -1;
    const auto turn = begin("sync", at->second.path, 0);
    // After a failed sync the system may have dropped what was dirty: it counts as written once,
    // and is not on the disk.
    if (turn.error != 0) return errno = turn.error, -1;
    Node& node = *at->second.node;
    if (node.folder) {
      node.kept = node.names;
      node.moves.clear();
    } else {
      node.kept_bytes = node.bytes;
      node.changes.clear();
    }
    end(turn);
    return 0;
  }
  int close(int fd) override {
    if (!dead_) open_.erase(fd);
    return 0;
  }
  int rename(const char* from, const char* to) override {
    if (dead_) return 0;
    const auto [folder, name] = split(from);
    const auto [other, target] = split(to);
    const auto here = find(folder), there = find(other);
    if (!here || !there || !here->names.contains(name)) return errno = ENOENT, -1;
    const auto turn = begin("rename", to, 0);
    if (turn.error != 0) return errno = turn.error, -1;
    const auto node = here->names[name];
    if (here == there) {
      here->names.erase(name);
      here->names[target] = node;
      here->moves.push_back({target, node, name});
    } else {
      link(*there, target, node);
      unlink(*here, name);
    }
    end(turn);
    return 0;
  }
  int remove(const char* path) override {
    if (dead_) return 0;
    const auto [folder, name] = split(path);
    const auto above = find(folder);
    if (!above || !above->names.contains(name)) return errno = ENOENT, -1;
    const auto turn = begin("remove", path, 0);
    if (turn.error != 0) return errno = turn.error, -1;
    unlink(*above, name);
    end(turn);
    return 0;
  }
  int make_folder(const char* path, mode_t) override {
    if (dead_) return 0;
    const auto [folder, name] = split(path);
    const auto above = find(folder);
    if (!above) return errno = ENOENT, -1;
    if (name.empty() || above->names.contains(name)) return errno = EEXIST, -1;
    const auto turn = begin("make_folder", path, 0);
    if (turn.error != 0) return errno = turn.error, -1;
    auto node = std::make_shared<Node>();
    node->folder = true;
    link(*above, name, node);
    end(turn);
    return 0;
  }
  int look(const char* path, struct stat* out) override { return look_behind(path, out); }
  int look_behind(const char* path, struct stat* out) override {
    const auto node = dead_ ? nullptr : find(path);
    if (!node) return errno = ENOENT, -1;
    *out = {};
    out->st_mode = node->folder ? S_IFDIR | 0700 : S_IFREG | 0600;
    out->st_size = static_cast<off_t>(node->bytes.size());
    out->st_nlink = 1;
    return 0;
  }

 private:
  struct Node {
    struct Change {
      std::size_t where = 0;
      std::string bytes;
      std::optional<std::size_t> size;  ///< of a truncation, which writes nothing
    };
    struct Move {
      std::string name;
      std::shared_ptr<Node> node;  ///< none: the name goes
      std::string from;            ///< of a rename: the name that goes with it
    };
    bool folder = false, pipe = false;
    std::string bytes, kept_bytes;
    std::vector<Change> changes;  ///< since the last sync
    std::map<std::string, std::shared_ptr<Node>> names, kept;
    std::vector<Move> moves;
  };
  struct Opened {
    std::shared_ptr<Node> node;
    std::size_t offset = 0;
    int flags = 0;
    std::string path;
    bool locked = false;
  };
  struct Turn {
    int error = 0;
    bool halved = false, dies = false;
  };
  static constexpr int lost_fd = 999'999;  ///< of a process that is dead and does not know

  static std::vector<std::string> steps(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
      const auto slash = std::min(path.find('/'), path.size());
      if (const auto step = path.substr(0, slash); !step.empty() && step != ".")
        out.emplace_back(step);
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return out;
  }
  static std::pair<std::string, std::string> split(std::string_view path) {
    auto all = steps(path);
    if (all.empty()) return {};
    const std::string name = all.back();
    all.pop_back();
    std::string folder;
    for (const auto& step : all) folder += step + '/';
    return {folder, name};
  }
  std::shared_ptr<Node> find(std::string_view path) const {
    auto node = root_;
    for (const std::string& step : steps(path)) {
      const auto next = node->names.find(step);
      if (next == node->names.end()) return nullptr;
      node = next->second;
    }
    return node;
  }

  /// Counts the call, and lets happen what shall.
  Turn begin(const char* name, std::string_view path, std::size_t size) {
    calls.push_back({name, std::string{path}, size});
    Turn turn;
    const auto planned = events.find(calls.size());
    const Event* event = planned == events.end() ? nullptr : &planned->second;
    if (event == nullptr && from_now_on && std::ranges::count(names_from_now_on, name) != 0)
      event = &*from_now_on;
    if (event == nullptr) return turn;
    switch (event->what) {
      case Event::What::fail: turn.error = event->error; break;
      case Event::What::short_write: turn.halved = true; break;
      case Event::What::crash_after: turn.dies = true; break;
      case Event::What::crash_before: die(name);
    }
    if (dead_) turn.error = EIO;  // only a remove gets here: see die()
    return turn;
  }
  void end(const Turn& turn) {
    if (turn.dies) die(calls.back().name);
  }
  /// A destructor may be what removes a file, and must not throw: the process is dead all the same.
  void die(std::string_view name) {
    dead_ = true;
    if (name != "remove" && name != "forget") throw Crash{};
  }

  int descriptor(std::shared_ptr<Node> node, int flags, const char* path) {
    open_[next_fd_] = {std::move(node), 0, flags, path, false};
    return next_fd_++;
  }
  ssize_t put_bytes(const char* name, Opened& file, std::size_t where, std::string_view bytes) {
    const auto turn = begin(name, file.path, bytes.size());
    if (turn.error != 0) return errno = turn.error, -1;
    if (turn.halved && bytes.size() > 1) bytes = bytes.substr(0, bytes.size() / 2);
    if (bytes.size() > space) bytes = bytes.substr(0, static_cast<std::size_t>(space));
    if (bytes.empty()) return errno = ENOSPC, -1;
    space -= bytes.size();
    Node& node = *file.node;
    overwrite(node.bytes, where, bytes);
    if (!node.pipe) node.changes.push_back({where, std::string{bytes}, std::nullopt});
    end(turn);
    return static_cast<ssize_t>(bytes.size());
  }
  static void overwrite(std::string& text, std::size_t where, std::string_view bytes) {
    if (text.size() < where + bytes.size()) text.resize(where + bytes.size(), '\0');
    std::memcpy(text.data() + where, bytes.data(), bytes.size());
  }
  static void resize(Node& node, std::size_t size) {
    node.bytes.resize(size, '\0');
    node.changes.push_back({0, {}, size});
  }
  static void link(Node& folder, const std::string& name, const std::shared_ptr<Node>& node) {
    folder.names[name] = node;
    folder.moves.push_back({name, node, {}});
  }
  static void unlink(Node& folder, const std::string& name) {
    folder.names.erase(name);
    folder.moves.push_back({name, nullptr, {}});
  }

  /// What a power cut leaves of a folder: its names as far as its journal got, and of each file the
  /// synced bytes with some of the later changes, the last of which may be torn.
  static void settle(Node& node, fake::Dice& dice) {
    if (!node.folder) {
      for (auto& change : node.changes) {
        if (dice.one_in(2)) continue;
        if (change.size) {
          node.kept_bytes.resize(*change.size, '\0');
          continue;
        }
        if (dice.one_in(3)) change.bytes.resize(dice.below(change.bytes.size() + 1));
        overwrite(node.kept_bytes, change.where, change.bytes);
      }
      node.changes.clear();
      node.bytes = node.kept_bytes;
      return;
    }
    const std::size_t kept = dice.below(node.moves.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) {
      const Node::Move& move = node.moves[i];
      if (!move.from.empty()) node.kept.erase(move.from);
      if (move.node)
        node.kept[move.name] = move.node;
      else
        node.kept.erase(move.name);
    }
    node.moves.clear();
    node.names = node.kept;
    for (auto& [name, below] : node.names) settle(*below, dice);
  }

  std::shared_ptr<Node> root_ = std::make_shared<Node>();
  std::map<int, Opened> open_;
  std::vector<std::shared_ptr<Node>> pipes_;
  int next_fd_ = 1000;
  bool dead_ = false;
};

}  // namespace callrail::test
