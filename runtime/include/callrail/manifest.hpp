#pragma once

#include <callrail/atomic_file.hpp>
#include <callrail/sink.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// Where a file came from. No secrets: it is written down.
struct Provenance {
  std::string program;   ///< "callrail-batch 0.1.0"
  std::string began_at;  ///< of the run, ISO 8601 in UTC
  std::vector<std::pair<std::string, std::string>> options;
};

struct ManifestFile {
  std::string file;  ///< name in the folder: "calls.csv"
  std::string table;
  std::uint64_t rows = 0, bytes = 0;
  std::string sha256;
  /// Of the file that this one takes the place of. Until the rename that follows at once, that is
  /// what stands in the folder.
  std::string replaces;
  Provenance from;
  TableProof proof;
};

/// `_manifest.json`: every finished file of a folder, and what it is worth. A file is named here
/// before it appears.
struct Manifest {
  static constexpr Text name = "_manifest.json";

  std::vector<ManifestFile> files;

  const ManifestFile* find(std::string_view file) const;
  void put(ManifestFile);  ///< in place of one of the same name
};

/// Nothing if there is none. Fails with Code::bad_answer if it is damaged, naming the byte.
Result<Manifest> read_manifest(const std::string& folder, FileSystem& = real_files());
Result<Manifest> parse_manifest(std::string_view text);
std::string manifest_text(const Manifest&);
Status write_manifest(const std::string& folder, const Manifest&, FileSystem& = real_files());

/// Bytes and SHA-256 of a file. Fails with Code::not_found if there is none.
Result<Position> measure_file(const std::string& path, FileSystem& = real_files());

}  // namespace callrail
