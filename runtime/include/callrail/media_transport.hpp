#pragma once

#include <callrail/clock.hpp>
#include <callrail/transport.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace callrail {

struct MediaAsk {
  std::string url;
  std::string_view type;
  std::uint64_t first = 0;   ///< of the bytes asked for: those before it are here
  std::string version = {};  ///< they are of; if there is another by now, all of it is asked for
};

/// What an answer says before its bytes come.
struct MediaHead {
  int status = 0;
  std::string content_type;
  std::string location;                    ///< of a redirect, which is not followed
  std::optional<std::uint64_t> announced;  ///< how many bytes there will be, if it says
  std::string version = {};                ///< by which the rest can be asked for; empty: it cannot
  /// Of a part (206): where it lies, and in how much; nothing if that makes no sense.
  std::optional<std::uint64_t> first = {}, whole = {};
};

/// Asks hosts that are not the API's, and must not learn the key: for one address after the other.
class MediaTransport {
 public:
  /// Gets the bytes of a 200 as they come, and of a 206 if not all were asked for; false: no more.
  using Take = std::function<bool(const MediaHead&, std::string_view bytes)>;
  using Stop = std::function<bool()>;

  virtual ~MediaTransport() = default;
  /// An error if no answer came whole, `take` refused it, or `stop` became true. Errors name no
  /// part of the address but its host.
  virtual std::expected<MediaHead, NetworkError> get(const MediaAsk&, const Take& take,
                                                     const Stop& stop) = 0;
  /// Just waits.
  virtual void wait(Clock::Steady until, const Stop& stop) = 0;
};

struct CurlMediaOptions {
  std::string user_agent;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{3'600'000};  ///< from the start to the last byte
  /// An answer that brings less in a second for so long is given up, before its first byte too.
  long slowest = 1'000;
  std::chrono::seconds slow_for{30};
  bool plain_http = false;  ///< to this machine
  std::string ca_file;      ///< certificates to trust instead of the system's; empty: the system's
};

/// Over libcurl: GET only, without key, cookies, referrer, .netrc, redirects or unpacking. An
/// answer that does not say where it ends is refused, because a cut one would look whole.
class CurlMediaTransport final : public MediaTransport {
 public:
  explicit CurlMediaTransport(CurlMediaOptions);
  ~CurlMediaTransport() override;

  std::expected<MediaHead, NetworkError> get(const MediaAsk&, const Take& take,
                                             const Stop& stop) override;
  void wait(Clock::Steady until, const Stop& stop) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
