#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace callrail {

/// One connection to a server that may behave as badly as a test likes.
class RawConnection {
 public:
  explicit RawConnection(int socket) : socket_{socket} {}
  /// The next request up to its empty line; empty if the other side hung up.
  std::string read_request() const;
  /// False if the other side hung up.
  bool send(std::string_view bytes) const;

 private:
  int socket_;
};

/// Bytes over TCP on 127.0.0.1, at any free port. The connection is closed when the handler
/// returns; each has a thread.
class RawServer {
 public:
  using Handler = std::function<void(RawConnection&)>;
  explicit RawServer(Handler);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url(std::string_view path = "") const;

 private:
  void accept_all();

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::jthread> threads_;
  bool ending_ = false;
  std::jthread acceptor_;
};

}  // namespace callrail
