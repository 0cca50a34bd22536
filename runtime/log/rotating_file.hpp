#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace callrail {

/// A file that lines are added to; when it would become too large it is called run.1.log, that one
/// run.2.log, and so on. Several processes may write into one: whoever finds it full renames it
/// under a lock, and the others follow. Devices and links grow.
class RotatingFile {
 public:
  /// `most`: bytes, 0 for any number. `kept`: files beside the current one.
  RotatingFile(std::string path, std::uint64_t most, std::size_t kept)
      : path_{std::move(path)}, most_{most}, kept_{kept} {}
  RotatingFile(RotatingFile&& other) noexcept
      : path_{std::move(other.path_)},
        most_{other.most_},
        kept_{other.kept_},
        fd_{std::exchange(other.fd_, -1)} {}
  ~RotatingFile();

  /// Makes it where it is not there (0600).
  bool open();
  /// What cannot be written is given up.
  void append(std::string_view line);

 private:
  bool open_with(int flags);
  bool is_current() const;
  bool may_be_put_away() const;
  void put_away();
  std::string name(std::size_t n) const;

  std::string path_;
  std::uint64_t most_;
  std::size_t kept_;
  int fd_ = -1;
};

}  // namespace callrail
