#pragma once

#include <callrail/fake/route.hpp>
#include <callrail/fake/world.hpp>

#include <optional>
#include <string>

namespace callrail::fake {

/// The sound behind a field that holds the address of one.
struct Sound {
  Row row;
  std::size_t field = Endpoint::npos;

  /// "calls.recording": what faults and the log call requests for its address.
  std::string name() const;
};

/// Where sound is: first asked for below the row it belongs to, with the API key, then read from
/// an address that needs none. By default that one leads on and is good for ever; with the quirk
/// temporary-audio, as of accounts under HIPAA, it is the file itself, for a day.
class Audio {
 public:
  static constexpr Text prefix = "/audio/";
  static constexpr Text file = ".mp3";

  explicit Audio(const World& world) : world_{world} {}

  /// What "/v3/a/ACC…/calls/CAL…/recording.json" names, or the same without the ending. The
  /// caller is `reading()`.
  std::optional<Sound> find(Text path) const;
  /// {"url": …}, or for a path without the ending a redirect there; nothing if the row has none.
  std::optional<Reply> address(const Sound&, const Ask&) const;

  /// What "/audio/calls/CAL…/recording.mp3" names.
  std::optional<Sound> find_file(Text path) const;
  Reply read(const Sound&, const Ask&) const;

 private:
  std::string access_key(const Sound&, Text expires) const;

  const World& world_;
};

/// Whether there is sound behind a field.
bool leads_to_sound(const Field&);

}  // namespace callrail::fake
