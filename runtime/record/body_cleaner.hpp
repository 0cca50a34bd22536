#pragma once

#include "key_runs.hpp"

#include <callrail/redact.hpp>

#include <string>
#include <string_view>

namespace callrail {

/// Takes out of an answer what nobody should get with a bug report: the values of secret members,
/// at any depth, and the key. Of JSON nothing else changes, not a blank: replays make the same
/// files and the same complaints. What is not JSON is redacted like a line of a log.
class BodyCleaner {
 public:
  /// Stands for the value of a secret member. Null stays null: it tells nothing.
  static constexpr std::string_view removed = "\"[removed]\"";

  explicit BodyCleaner(Redaction);

  std::string clean(std::string_view body) const;
  /// Of something short that is no data: a header, an error.
  std::string clean_text(std::string_view text) const { return redact(text, redaction_); }
  const KeyRuns& key() const { return key_; }

 private:
  class Pass;

  Redaction redaction_;
  KeyRuns key_;
};

}  // namespace callrail
