#include "faulty_database.hpp"

#include <array>
#include <new>

namespace callrail::test {
namespace {

FaultyDatabase* current = nullptr;
sqlite3_vfs* disk = nullptr;

/// Lies before the file of the real system, in one piece of memory.
struct File {
  sqlite3_file base;
};
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
const sqlite3_io_methods& methods(sqlite3_file* file) { return *real(file)->pMethods; }

int close(sqlite3_file* f) { return methods(f).xClose(real(f)); }
int read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  return methods(f).xRead(real(f), data, size, at);
}
int write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  const int result = current->turn(FaultyDatabase::Call::write);
  return result != SQLITE_OK ? result : methods(f).xWrite(real(f), data, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) { return methods(f).xTruncate(real(f), size); }
int sync(sqlite3_file*, int) { return current->turn(FaultyDatabase::Call::sync); }
int size(sqlite3_file* f, sqlite3_int64* size) { return methods(f).xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) {
  const int result = current->turn(FaultyDatabase::Call::lock);
  return result != SQLITE_OK ? result : methods(f).xLock(real(f), level);
}
int unlock(sqlite3_file* f, int level) { return methods(f).xUnlock(real(f), level); }
int is_reserved(sqlite3_file* f, int* out) { return methods(f).xCheckReservedLock(real(f), out); }
int control(sqlite3_file* f, int what, void* data) {
  return methods(f).xFileControl(real(f), what, data);
}
int sector(sqlite3_file* f) { return methods(f).xSectorSize(real(f)); }
int traits(sqlite3_file* f) { return methods(f).xDeviceCharacteristics(real(f)); }

// The index that connections to one file share, in WAL mode.
int map_shared(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return methods(f).xShmMap(real(f), page, size, extend, out);
}
int lock_shared(sqlite3_file* f, int from, int count, int flags) {
  const int result =
      (flags & SQLITE_SHM_LOCK) != 0 ? current->turn(FaultyDatabase::Call::lock) : SQLITE_OK;
  return result != SQLITE_OK ? result : methods(f).xShmLock(real(f), from, count, flags);
}
void shared_barrier(sqlite3_file* f) { methods(f).xShmBarrier(real(f)); }
int unmap_shared(sqlite3_file* f, int remove) { return methods(f).xShmUnmap(real(f), remove); }

constexpr sqlite3_io_methods file_methods{
    2,           close,          read,         write,   truncate, sync,   size,
    lock,        unlock,         is_reserved,  control, sector,   traits, map_shared,
    lock_shared, shared_barrier, unmap_shared, nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
  file->pMethods = nullptr;  // nothing to close if it fails
  if (const int result = current->turn(FaultyDatabase::Call::open); result != SQLITE_OK)
    return result;
  const int result = disk->xOpen(disk, name, real(file), flags, given);
  if (result == SQLITE_OK) file->pMethods = &file_methods;
  return result;
}
int remove(sqlite3_vfs*, const char* name, int) { return disk->xDelete(disk, name, 0); }
int no_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

sqlite3_vfs faulty{};

}  // namespace

const char* FaultyDatabase::name_of(Call call) {
  constexpr std::array words{"open", "lock", "write", "sync"};
  return words[static_cast<std::size_t>(call)];
}

FaultyDatabase::FaultyDatabase() {
  disk = sqlite3_vfs_find("unix");
  faulty = *disk;
  faulty.zName = "faulty";
  faulty.szOsFile = static_cast<int>(sizeof(File)) + disk->szOsFile;
  faulty.pNext = nullptr;
  faulty.xOpen = open;
  faulty.xDelete = remove;
  faulty.xSleep = no_sleep;
  current = this;
  sqlite3_vfs_register(&faulty, 1);
}

FaultyDatabase::~FaultyDatabase() {
  sqlite3_vfs_unregister(&faulty);
  sqlite3_vfs_register(disk, 1);
  current = nullptr;
}

int FaultyDatabase::turn(Call call) {
  const std::size_t now = ++counts_[static_cast<std::size_t>(call)];
  if (!fault_ || fault_->call != call) return SQLITE_OK;
  const bool due = now == fault_->nth || (fault_->for_good && now > fault_->nth);
  return due ? fault_->result : SQLITE_OK;
}

}  // namespace callrail::test
