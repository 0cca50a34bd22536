#include <callrail/fake/gzip.hpp>
#include <callrail/fake/http_text.hpp>
#include <callrail/fake/server.hpp>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace callrail::fake {
namespace {

constexpr std::size_t most_head = 64 * 1024;
constexpr std::size_t least_packed = 1024;

void set_option(int socket, int level, int name, int value) {
  setsockopt(socket, level, name, &value, sizeof value);
}

/// What is not yet sent is thrown away, and the other side learns of it at once.
void reset_on_close(int socket) {
  const linger now{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

Handle::~Handle() { close(); }

void Handle::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

FakeServer::FakeServer(FakeApi& api, std::function<Instant()> clock)
    : api_{api}, clock_{std::move(clock)} {}

FakeServer::~FakeServer() { stop(); }

std::string FakeServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

Status FakeServer::listen(int port) {
  listener_ = Handle{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  stopper_ = Handle{eventfd(0, EFD_CLOEXEC)};
  // Not SO_REUSEPORT: with it two servers share a port without a word.
  set_option(listener_.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 256) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0)
    return fail(Code::bad_request,
                fmt::format("port {}: {}; choose another with --port, or 0 for any", port,
                            std::strerror(errno)));
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread{[this] { accept_all(); }};
  return {};
}

void FakeServer::stop() {
  if (stopper_.get() < 0) return;
  eventfd_write(stopper_.get(), 1);
  if (acceptor_.joinable()) acceptor_.join();
  const std::lock_guard lock{mutex_};
  connections_.clear();
  listener_.close();
  stopper_.close();
}

/// Readable, closed by the other side, or stopped (false).
bool FakeServer::wait_readable(int socket) {
  pollfd watched[] = {{socket, POLLIN, 0}, {stopper_.get(), POLLIN, 0}};
  while (poll(watched, 2, -1) < 0)
    if (errno != EINTR) return false;
  return watched[1].revents == 0;
}

bool FakeServer::sleep(int socket, std::chrono::milliseconds time) {
  using namespace std::chrono;
  const auto until = steady_clock::now() + time;
  pollfd watched[] = {{stopper_.get(), POLLIN, 0}, {socket, POLLRDHUP, 0}};
  for (auto left = time; left > milliseconds{0};
       left = ceil<milliseconds>(until - steady_clock::now())) {
    const int ready = poll(watched, 2, static_cast<int>(left.count()));
    if (ready > 0) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
  return true;
}

void FakeServer::accept_all() {
  while (wait_readable(listener_.get())) {
    Handle socket{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (socket.get() < 0) continue;
    set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    const std::lock_guard lock{mutex_};
    std::erase_if(connections_, [](const Connection& c) { return c.done.load(); });
    Connection& connection = connections_.emplace_back();
    connection.socket = std::move(socket);
    connection.thread = std::jthread{[this, &connection] {
      serve(connection.socket.get());
      // Closed here, and not when the entry is cleared away: the client is waiting for it.
      connection.socket.close();
      connection.done = true;
    }};
  }
}

void FakeServer::serve(int socket) {
  std::string buffer;
  while (true) {
    auto end = buffer.find("\r\n\r\n");
    while (end == std::string::npos) {
      if (buffer.size() > most_head || !wait_readable(socket)) return;
      char bytes[8192];
      const ssize_t got = recv(socket, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      buffer.append(bytes, static_cast<std::size_t>(got));
      end = buffer.find("\r\n\r\n");
    }
    auto head = read_head(Text{buffer}.substr(0, end + 2));
    if (!head) {
      send_all(socket,
               "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    buffer.erase(0, end + 4);
    // The API only reads; a body that comes all the same is read away.
    while (buffer.size() < head->body_size) {
      char bytes[8192];
      if (!wait_readable(socket)) return;
      const ssize_t got = recv(socket, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      buffer.append(bytes, static_cast<std::size_t>(got));
      if (buffer.size() > most_head) return;
    }
    buffer.erase(0, head->body_size);
    head->ask.at = clock_();
    if (!answer(socket, head->ask, head->keep_alive)) return;
  }
}

bool FakeServer::answer(int socket, const Ask& ask, bool keep_alive) {
  Reply reply = api_.handle(ask);
  if (reply.delay.count() > 0 && !sleep(socket, reply.delay)) return false;
  if (reply.wire == Wire::refused || reply.wire == Wire::reset) {
    reset_on_close(socket);
    return false;
  }
  if (reply.body.size() >= least_packed && !reply.header("Content-Type").starts_with("audio/") &&
      reply.header("Content-Encoding").empty() && accepts_gzip(ask.header("Accept-Encoding"))) {
    reply.body = gzip(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  const Text body = reply.body;
  const Text half = body.substr(0, body.size() / 2);
  switch (reply.wire) {
    case Wire::whole:
      return send_all(socket, write_head(reply, body.size(), keep_alive)) &&
             send_all(socket, ask.method == "HEAD" ? Text{} : body) && keep_alive;
    case Wire::reset_in_body:
      send_all(socket, write_head(reply, body.size(), true));
      send_all(socket, half);
      // Let the half arrive before the reset overtakes it.
      sleep(socket, std::chrono::milliseconds{20});
      reset_on_close(socket);
      return false;
    case Wire::stall:
      send_all(socket, write_head(reply, body.size(), true));
      send_all(socket, half);
      sleep(socket, reply.pace);
      return false;
    case Wire::slow:
      return send_all(socket, write_head(reply, body.size(), keep_alive)) &&
             send_slowly(socket, body, reply.pace) && keep_alive;
    case Wire::short_body:
      send_all(socket, write_head(reply, body.size(), false));
      send_all(socket, half);
      return false;
    case Wire::wrong_length:
      send_all(socket, write_head(reply, half.size(), true));
      send_all(socket, body);
      return false;
    case Wire::bad_chunk:
      send_all(socket, write_head(reply, std::nullopt, true));
      send_all(socket, fmt::format("{:x}\r\n", half.size()));
      send_all(socket, half);
      send_all(socket, "\r\nno size\r\n");
      return false;
    case Wire::refused:
    case Wire::reset: break;
  }
  return false;
}

bool FakeServer::send_slowly(int socket, Text text, std::chrono::milliseconds pace) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!send_all(socket, text.substr(i, 1)) || !sleep(socket, pace)) return false;
  return true;
}

bool FakeServer::send_all(int socket, Text text) {
  while (!text.empty()) {
    const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    pollfd watched[] = {{socket, POLLOUT, 0}, {stopper_.get(), POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return false;
    if (watched[1].revents != 0) return false;
  }
  return true;
}

}  // namespace callrail::fake
