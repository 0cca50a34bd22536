#include "postgres_server.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

namespace callrail::test {

namespace {

/// What postgres_server.py says once the server is there.
std::string start_our_own() {
  std::array<int, 2> to{}, from{};
  if (::pipe(to.data()) != 0 || ::pipe(from.data()) != 0) std::abort();
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    ::dup2(to[0], 0);
    ::dup2(from[1], 1);
    for (const int fd : {to[0], to[1], from[0], from[1]}) ::close(fd);
    ::execlp("python3", "python3", CALLRAIL_POSTGRES_SERVER, "serve", nullptr);
    ::_exit(127);
  }
  ::close(to[0]);  // the other end stays open until this process is gone, whatever ends it
  ::close(from[1]);
  std::string said;
  std::array<char, 300> part{};
  for (ssize_t size = 0; !said.ends_with('\n');) {
    size = ::read(from[0], part.data(), part.size());
    if (size <= 0) break;
    said.append(part.data(), static_cast<std::size_t>(size));
  }
  ::close(from[0]);
  return said;
}

}  // namespace

PostgresServer::PostgresServer(std::string_view line) {
  const auto first = line.find(' '), second = line.find(' ', first + 1);
  folder_ = line.substr(0, first);
  port_ = line.substr(first + 1, second - first - 1);
}

const PostgresServer* PostgresServer::find() {
  std::string line;
  if (const char* const where = std::getenv("CALLRAIL_POSTGRES_SERVERS"))
    std::getline(std::ifstream{fmt::format("{}/server-{}", where, ::getppid())}, line);
  if (line.empty()) line = start_our_own();
  if (line.empty()) return nullptr;
  static const PostgresServer server{line};
  return &server;
}

const PostgresServer* PostgresServer::get() {
  static const PostgresServer* const server = find();
  return server;
}

std::string PostgresServer::address(std::string_view database) const {
  return fmt::format("postgresql://{}@/{}?host={}&port={}", user, database, folder_, port_);
}

std::string PostgresServer::address(std::string_view database, std::string_view secret) const {
  return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", user, secret, port_, database);
}

}  // namespace callrail::test
