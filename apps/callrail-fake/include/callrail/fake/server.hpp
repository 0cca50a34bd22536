#pragma once

#include <callrail/fake/fake_api.hpp>

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace callrail::fake {

/// A socket or another descriptor, closed when done with.
class Handle {
 public:
  explicit Handle(int fd = -1) : fd_{fd} {}
  ~Handle();
  Handle(Handle&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  void close();

 private:
  int fd_;
};

/// The fake behind a port of 127.0.0.1. It speaks HTTP/1.1 by itself, because libraries keep one
/// from sending what a broken server sends: resets, lengths that lie, chunks without a size.
class FakeServer {
 public:
  /// `clock`: what time it is for the fake.
  FakeServer(FakeApi&, std::function<Instant()> clock);
  ~FakeServer();

  /// Port 0: any. Answers until stopped.
  Status listen(int port);
  int port() const { return port_; }
  std::string url() const;
  /// Ends all connections, also those in the middle of a delay.
  void stop();

 private:
  struct Connection {
    Handle socket;
    std::jthread thread;
    std::atomic<bool> done = false;
  };

  void accept_all();
  void serve(int socket);
  /// False: the connection is of no further use.
  bool answer(int socket, const Ask&, bool keep_alive);
  bool send_slowly(int socket, Text, std::chrono::milliseconds pace);
  bool send_all(int socket, Text);
  bool wait_readable(int socket);
  /// False if stopped, or the client went away, while waiting.
  bool sleep(int socket, std::chrono::milliseconds);

  FakeApi& api_;
  std::function<Instant()> clock_;
  Handle listener_, stopper_;
  int port_ = 0;
  std::jthread acceptor_;
  std::mutex mutex_;
  std::list<Connection> connections_;
};

}  // namespace callrail::fake
