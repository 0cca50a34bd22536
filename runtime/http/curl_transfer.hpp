#pragma once

#include "content_coding.hpp"

#include <callrail/curl_transport.hpp>
#include <callrail/url.hpp>

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace callrail {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeList>;

/// One easy handle with its callbacks; used again for one request after the other, because a handle
/// keeps its buffers.
class CurlTransfer {
 public:
  /// All three outlive the transfer.
  CurlTransfer(const CurlOptions&, const curl_slist* headers, Inflater&);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* easy() const { return easy_.get(); }
  /// False: this libcurl lacks TLS or is too old for one of the options that guard us.
  bool usable() const { return usable_; }

  void prepare(std::uint64_t ticket, const std::string& address, const Url&);
  /// After libcurl is done with it.
  Finished finish(CURLcode);

 private:
  enum class Stopped : std::uint8_t { no, headers, body, wire, slow, resent };

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t);
  static int on_send(void* self, char*, char*, int, int);

  bool too_slow(std::uint64_t received);
  void body_begins();
  std::expected<Response, NetworkError> response();
  std::expected<Body, NetworkError> unpacked();
  NetworkError error(CURLcode) const;
  std::string received_so_far() const;

  const CurlOptions& options_;
  Inflater& inflater_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::array<char, CURL_ERROR_SIZE> reason_{};

  bool usable_ = true;
  std::uint64_t ticket_ = 0;
  std::optional<Coding> coding_;  ///< nothing: the body has not begun
  std::string packed_;
  Body body_;
  std::size_t header_bytes_ = 0;
  bool headers_ended_ = false;
  std::optional<Clock::Steady> first_byte_;
  Clock::Steady measured_from_{};  ///< where the look at the speed began
  std::uint64_t measured_bytes_ = 0;
  int sends_ = 0;
  Stopped stopped_ = Stopped::no;
};

}  // namespace callrail
