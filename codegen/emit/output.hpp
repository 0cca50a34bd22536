#pragma once

#include "emit.hpp"

#include <filesystem>
#include <iosfwd>
#include <set>
#include <string>
#include <vector>

namespace callrail::codegen {

/// Where generated files go. The generator puts every file and then says it is done; what that
/// means is the output's business.
class Output {
 public:
  virtual ~Output() = default;
  virtual void put(const File&) = 0;
  /// After the last file. False if something is wrong, which has been said.
  virtual bool done() = 0;
};

/// Files of the generator that are not in `produced`: of an endpoint that is gone. Only folders
/// with produced files are looked at; below a wrong `--out` others' files may carry the banner too.
std::vector<std::string> leftovers(const std::filesystem::path& folder,
                                   const std::set<std::string>& produced);

/// Writes to disk, only what differs, and removes leftovers: untouched files are not rebuilt.
class DiskOutput : public Output {
 public:
  DiskOutput(std::filesystem::path folder, std::ostream& out, std::ostream& complaints)
      : folder_{std::move(folder)}, out_{out}, complaints_{complaints} {}
  void put(const File&) override;
  bool done() override;
  /// So far.
  bool good() const { return good_; }

 private:
  std::filesystem::path folder_;
  std::ostream& out_;
  std::ostream& complaints_;
  std::set<std::string> produced_;
  std::size_t written_ = 0;
  bool good_ = true;
};

/// Compares with what is on disk and shows the first difference of each file.
class CheckOutput : public Output {
 public:
  CheckOutput(std::filesystem::path folder, std::ostream& complaints)
      : folder_{std::move(folder)}, complaints_{complaints} {}
  void put(const File&) override;
  bool done() override;

 private:
  std::filesystem::path folder_;
  std::ostream& complaints_;
  std::set<std::string> produced_;
  std::size_t stale_ = 0;
};

/// Prints the names.
class ListOutput : public Output {
 public:
  explicit ListOutput(std::ostream& out) : out_{out} {}
  void put(const File&) override;
  bool done() override { return true; }

 private:
  std::ostream& out_;
};

}  // namespace callrail::codegen
