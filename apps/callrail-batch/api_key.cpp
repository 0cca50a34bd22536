#include "api_key.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace callrail::cli {
namespace {

constexpr std::string_view variable = "CALLRAIL_API_KEY";
constexpr std::string_view file_variable = "CALLRAIL_API_KEY_FILE";
constexpr std::size_t most_bytes = 4096;

/// A value, and where it stood.
struct Found {
  std::string text, origin;
};

/// Schedulers write VARIABLE= for "no value".
bool is_there(const std::optional<Found>& found) { return found && !found->text.empty(); }

std::optional<Found> in_environment(const Environment& environment, std::string_view name) {
  if (auto value = environment(std::string{name}))
    return Found{std::move(*value), "environment " + std::string{name}};
  return std::nullopt;
}

std::optional<Found> in_file(const EnvFile& file, std::string_view name) {
  const auto line = file.values.find(name);
  if (line == file.values.end()) return std::nullopt;
  return Found{line->second.text,
               file.place + ":" + std::to_string(line->second.line) + " " + std::string{name}};
}

Result<ApiKey> checked(std::string text, std::string origin) {
  const auto wrong = [&](const char* why) { return fail(Code::bad_request, origin + ": " + why); };
  if (text.empty()) return wrong("the key is empty; put the API key there");
  // A header is one line of visible characters; anything else was pasted by mistake.
  for (const char c : text)
    if (c <= ' ' || c > '~' || c == '"')
      return wrong("the key holds a blank, a quote or another character no key has; copy it again");
  return ApiKey{std::move(text), std::move(origin)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return fd_; }

 private:
  int fd_;
};

Result<ApiKey> read_key_file(const Found& found) {
  const std::string place = found.origin + ": " + found.text;
  const auto wrong = [&](const std::string& why) {
    return fail(Code::bad_request, place + ": " + why);
  };
  if (found.text.empty())
    return fail(Code::bad_request, found.origin + ": empty; name the file with the API key");
  const Descriptor fd{::open(found.text.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (*fd < 0)
    return wrong("the key file cannot be read (" + std::string{std::strerror(errno)} + ")");
  // Asked of the open file, so that it cannot be exchanged in between.
  struct stat facts {};
  if (::fstat(*fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return wrong("is not a plain file");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return wrong("others can read the key file; chmod 600 it");
  std::string text(most_bytes + 1, '\0');
  const ssize_t size = ::read(*fd, text.data(), text.size());
  if (size < 0) return wrong("the key file cannot be read");
  if (static_cast<std::size_t>(size) > most_bytes) return wrong("too large for a key");
  text.resize(static_cast<std::size_t>(size));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return checked(std::move(text), place);
}

}  // namespace

Result<ApiKey> find_api_key(const Environment& environment, const EnvFile& env_file) {
  if (auto key = in_environment(environment, variable); is_there(key))
    return checked(std::move(key->text), std::move(key->origin));
  if (const auto file = in_environment(environment, file_variable)) return read_key_file(*file);
  if (auto key = in_file(env_file, variable); is_there(key))
    return checked(std::move(key->text), std::move(key->origin));
  if (const auto file = in_file(env_file, file_variable)) return read_key_file(*file);
  return ApiKey{};
}

std::string missing_key_message() {
  return "no API key: set CALLRAIL_API_KEY, or CALLRAIL_API_KEY_FILE to a file only you can read, "
         "or put either into .env";
}

}  // namespace callrail::cli
