#include "revision.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;  // NOLINT: POSIX

namespace callrail::codegen {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool good() const { return ends[0] >= 0; }
  void close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

/// Both to their ends at once: git waits while nobody empties a full pipe.
void read_both(const Pipe& one, std::string& into, const Pipe& other, std::string& into_other) {
  std::array<pollfd, 2> open{pollfd{one.ends[0], POLLIN, 0}, pollfd{other.ends[0], POLLIN, 0}};
  std::array<std::string*, 2> texts{&into, &into_other};
  std::array<char, 1 << 14> bytes{};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (::poll(open.data(), open.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i].fd < 0 || open[i].revents == 0) continue;
      const ssize_t n = ::read(open[i].fd, bytes.data(), bytes.size());
      if (n > 0)
        texts[i]->append(bytes.data(), static_cast<std::size_t>(n));
      else if (n == 0 || errno != EINTR)
        open[i].fd = -1;  // poll passes over it
      open[i].revents = 0;
    }
  }
}

/// The first line, without git's own "fatal: ".
std::string first_line(std::string text) {
  text.resize(std::min(text.find('\n'), text.size()));
  return text.starts_with("fatal: ") ? text.substr(7) : text;
}

}  // namespace

std::expected<std::string, std::string> text_at_revision(const std::string& revision,
                                                         const std::filesystem::path& file) {
  if (revision.empty() || revision.starts_with('-'))
    return std::unexpected("\"" + revision + "\" is no revision");
  std::string folder = file.parent_path().string();
  if (folder.empty()) folder = ".";
  // ./ makes it a path from the folder, not from the top of the repository.
  std::array<std::string, 5> words{"git", "-C", folder, "show",
                                   revision + ":./" + file.filename().string()};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  Pipe out, complaints;
  if (!out.good() || !complaints.good())
    return std::unexpected(std::string{"no pipe to git: "} + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, complaints.ends[1], 2);
  pid_t git = -1;
  const int failed = ::posix_spawnp(&git, "git", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0)
    return std::unexpected(std::string{"git cannot be run: "} + std::strerror(failed));
  out.close(1);
  complaints.close(1);
  std::string text, said;
  read_both(out, text, complaints, said);
  int status = 0;
  while (::waitpid(git, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  return std::unexpected("git show " + words[4] + ": " +
                         (said.empty() ? std::string{"it failed"} : first_line(said)));
}

}  // namespace callrail::codegen
