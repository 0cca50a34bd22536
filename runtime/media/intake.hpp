#pragma once

#include <callrail/media.hpp>
#include <callrail/media_transport.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace callrail {

/// Why bytes are not what was asked for; empty: they are, as far as their beginning tells. An error
/// page is no recording, whatever status it comes with.
std::string why_not_media(std::string_view type, std::string_view content_type,
                          std::string_view beginning);

/// Lets the bytes of one answer into the store, once their beginning is known for good, and no more
/// of them than there is room for.
class Intake {
 public:
  using Open = std::function<Result<std::unique_ptr<MediaWriter>>()>;
  struct Room {
    std::uint64_t file = 0;    ///< largest there may be
    std::uint64_t budget = 0;  ///< left of the run's
  };

  Intake(std::string_view type, Room room, Open open)
      : type_{type}, room_{room}, open_{std::move(open)} {}

  bool take(const MediaHead&, std::string_view bytes);
  /// After the last byte: true if they are kept.
  bool keep();

  std::uint64_t bytes() const { return bytes_; }
  bool over_budget() const { return over_budget_; }
  const std::string& refusal() const { return refusal_; }       ///< of the content
  const std::optional<Error>& error() const { return error_; }  ///< of the store

 private:
  bool begin();
  bool write(std::string_view);

  std::string_view type_;
  Room room_;
  Open open_;
  std::string content_type_, beginning_;
  std::unique_ptr<MediaWriter> writer_;
  std::uint64_t bytes_ = 0;
  bool over_budget_ = false;
  std::string refusal_;
  std::optional<Error> error_;
};

}  // namespace callrail
