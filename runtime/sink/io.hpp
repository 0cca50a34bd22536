#pragma once

#include <callrail/atomic_file.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace callrail {

/// "data/calls.csv: no space left on device; free some space and run again"
Error file_error(std::string_view where, int error);

/// Whether a file can be renamed to `path`: nothing, or what is in the way.
Status check_place(FileSystem&, const std::string& path);

/// open, tried again when a signal came between. -1 and errno.
int open_file(FileSystem&, const std::string& path, int flags, mode_t mode = 0);

/// Writes all of it, however little the system takes at once.
Status write_all(FileSystem&, int fd, std::string_view text, std::string_view where);

/// The same for a descriptor whose reader may take its time: asks `stop` a few times a second, and
/// gives up with Code::cancelled.
Status write_all(FileSystem&, int fd, std::string_view text, std::string_view where,
                 const std::function<bool()>& stop);

/// Waits until the bytes of a file, or the names in a folder, are on the disk. -1 and errno.
int sync_file(FileSystem&, int fd);

/// "data" of "data/calls.csv", "." of "calls.csv", "/" of "/calls.csv"
std::string folder_of(std::string_view path);

}  // namespace callrail
