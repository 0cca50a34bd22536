#pragma once

#include <callrail/atomic_file.hpp>
#include <callrail/clock.hpp>
#include <callrail/redact.hpp>
#include <callrail/result.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace callrail {

/// Keeps answers nobody could use, so that a person can look at the byte an error names.
///
/// Each is a file of its own that only its owner can read (0600, in a folder of 0700):
/// `20260310T140501Z-calls-page-3.txt`. The same answer to the same question is kept once, and a
/// run keeps ten: what is broken for every page would fill the disk.
class BadPages {
 public:
  static constexpr std::size_t most = 10;
  /// Of one page; the rest is left out. A page of 250 rows has two or three.
  static constexpr std::size_t most_bytes = 16u << 20;

  BadPages(std::string folder, Redaction, const Clock&, FileSystem& = real_files());

  /// The file that has it; empty: enough have been kept. Fails if it cannot be written.
  Result<std::string> keep(std::string_view what, std::string_view page);

 private:
  Result<std::string> write(std::string_view what, std::string_view page);

  std::string folder_;
  Redaction redaction_;
  const Clock& clock_;
  FileSystem& files_;
  std::size_t tried_ = 0;
  std::map<std::pair<std::string, std::size_t>, std::string> kept_;  ///< by question and hash
};

/// The page with the key and the values of secret members overwritten, byte for byte, so that every
/// other byte keeps its place. Of what is no JSON any more, secrets are found by their names.
std::string mask_page(std::string_view page, const Redaction&);

}  // namespace callrail
