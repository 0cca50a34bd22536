#include <callrail/ledger.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <sys/file.h>
#include <sys/stat.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace callrail {
namespace {

using std::chrono::nanoseconds;

constexpr std::array<char, 8> magic{'C', 'R', 'L', 'E', 'D', 'G', '0', '1'};
constexpr off_t slots_begin = 4096;
constexpr int lock_tries = 100;
constexpr ::timespec between_tries{.tv_sec = 0, .tv_nsec = 50'000};

/// FNV-1a: notices a torn write; nobody forges this file.
std::uint64_t sum_of(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const std::byte byte : bytes)
    sum = (sum ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  return sum;
}

/// Of everything but the check sum at the end.
template <class T>
std::uint64_t sum_of(const T& thing) {
  static_assert(std::has_unique_object_representations_v<T>, "holes would be summed up too");
  return sum_of(std::as_bytes(std::span{&thing, 1}).first(offsetof(T, sum)));
}

struct Slot {
  std::int64_t sent;
  std::int64_t answered;  ///< negative: still open, and ends then at the latest
  std::int64_t arrived;
  std::uint32_t number;
  std::uint32_t sum;
};
static_assert(sizeof(Slot) == 32);

std::uint32_t short_sum(const Slot& slot) {
  const std::uint64_t sum = sum_of(slot);
  return static_cast<std::uint32_t>(sum ^ (sum >> 32));
}

off_t place_of(std::uint64_t number) {
  return slots_begin + static_cast<off_t>((number - 1) % Ledger::capacity * sizeof(Slot));
}

bool write_at(int fd, const void* data, std::size_t size, off_t where) {
  ssize_t done = -1;
  do done = ::pwrite(fd, data, size, where);
  while (done < 0 && errno == EINTR);
  if (done >= 0 && done != static_cast<ssize_t>(size)) errno = ENOSPC;
  return done == static_cast<ssize_t>(size);
}

/// How many bytes came; fewer at the end of the file.
ssize_t read_at(int fd, void* data, std::size_t size, off_t where) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n =
        ::pread(fd, static_cast<char*>(data) + done, size - done, where + static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return static_cast<ssize_t>(done);
}

std::unexpected<Error> trouble(const std::string& file, const char* what) {
  return fail(Code::sink_failed, fmt::format("{}: {}: {}", file, what, std::strerror(errno)));
}

}  // namespace

struct Ledger::Header {
  std::array<char, 8> magic;
  std::array<char, 40> boot;
  std::int64_t offset;   ///< ledger time at the start of the machine
  std::int64_t born;     ///< when the file was made
  std::uint64_t last;    ///< number of the newest entry
  std::int64_t latest;   ///< when that was booked
  std::int64_t full_at;  ///< see `full_at()`
  std::int32_t hour_allowed, hour_others;
  std::int64_t hour_at;
  std::int32_t day_allowed, day_others;
  std::int64_t day_at;
  std::int64_t shut_until;
  std::int32_t refusals, way_seen;
  std::int64_t way_shortest, way_at;
  std::uint64_t sum;

  Told told() const {
    return {.hour = {hour_allowed, hour_others, Time{hour_at}},
            .day = {day_allowed, day_others, Time{day_at}},
            .shut_until = Time{shut_until},
            .refusals = refusals,
            .way = {Time{way_shortest}, Time{way_at}, way_seen}};
  }
};

std::string Ledger::boot_id() {
  std::string id;
  std::getline(std::ifstream{"/proc/sys/kernel/random/boot_id"} >> std::ws, id);
  return id.substr(0, sizeof(Header::boot) - 1);
}

Ledger::Ledger(std::string file, const Clock& clock, std::string boot)
    : file_{std::move(file)},
      boot_{std::move(boot)},
      clock_{clock},
      header_{std::make_unique<Header>()} {
  boot_.resize(std::min(boot_.size(), sizeof(Header::boot) - 1));
}

Ledger::~Ledger() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<Ledger>> Ledger::open(std::string file, const Clock& clock,
                                             std::string boot) {
  std::unique_ptr<Ledger> ledger{new Ledger{std::move(file), clock, std::move(boot)}};
  if (auto status = ledger->attach(); !status) return std::unexpected(std::move(status).error());
  return ledger;
}

/// Opens what lies at the path; makes it, whole from the first moment, if nothing does.
Status Ledger::attach() {
  constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  const bool again = header_->magic == magic;  // it was here, and somebody took it away
  fd_ = ::open(file_.c_str(), flags);
  if (fd_ < 0 && errno == ENOENT) {
    if (auto made = create(again ? now() : Time{}, false); !made) return made;
    fd_ = ::open(file_.c_str(), flags);
  }
  if (fd_ < 0) return trouble(file_, "cannot be opened");
  return {};
}

void Ledger::fill(Header& header, Time full_at) const {
  header = {};
  header.magic = magic;
  std::ranges::copy(boot_, header.boot.begin());
  header.offset = nanoseconds{clock_.today().time_since_epoch()}.count() - clock_.boot().count();
  header.full_at = full_at.count();
  header.born = header.offset + clock_.boot().count();
  header.latest = header.offset + clock_.boot().count();
  header.sum = sum_of(header);
}

/// Under a name of its own first: what appears at the path is never half a file.
Status Ledger::create(Time full_at, bool replace) {
  const std::string temporary = fmt::format("{}.new-{}", file_, ::getpid());
  (void)::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return trouble(temporary, "cannot be made");
  Header header;
  fill(header, full_at);
  const bool written = write_at(fd, &header, sizeof header, 0) && ::ftruncate(fd, slots_begin) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  bool placed = written;
  if (written && replace)
    placed = ::rename(temporary.c_str(), file_.c_str()) == 0;
  else if (written)  // another process may be as fast: its file is as good
    placed = ::link(temporary.c_str(), file_.c_str()) == 0 || errno == EEXIST;
  if (!placed || !replace) {
    const int why = errno;
    (void)::unlink(temporary.c_str());
    errno = why;
  }
  if (!placed) return trouble(file_, "cannot be made");
  return {};
}

bool Ledger::still_in_place() const {
  struct stat there {
  }, ours{};
  return ::stat(file_.c_str(), &there) == 0 && ::fstat(fd_, &ours) == 0 &&
         there.st_ino == ours.st_ino && there.st_dev == ours.st_dev;
}

Ledger::Locked Ledger::give_up(const std::string& why) {
  broken_ = true;
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));  // and the lock goes with it
  locked_ = false;
  on_warning(why + "; limits are kept by this process alone from now on");
  return Locked::broken;
}

Ledger::Locked Ledger::lock() {
  if (broken_) return Locked::broken;
  for (int attempt = 0; attempt < lock_tries;) {
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR)
        return give_up(trouble(file_, "cannot be locked").error().what);
      ++attempt;
      ::nanosleep(&between_tries, nullptr);
      continue;
    }
    // It may have been set aside, or removed, between opening and locking.
    if (!still_in_place()) {
      ++attempt;
      if (auto attached = attach(); !attached) return give_up(attached.error().what);
      continue;
    }
    switch (read_header()) {
      case Found::good: break;
      case Found::unusable: return give_up(trouble(file_, "cannot be read").error().what);
      case Found::damaged:
        ++attempt;
        if (auto aside = set_aside(); !aside) return give_up(aside.error().what);
        continue;
    }
    locked_ = true;
    const auto boot_ends = std::ranges::find(header_->boot, '\0');
    if (std::string_view{header_->boot.begin(), boot_ends} != boot_ || boot_.empty()) change_boot();
    return locked_ ? Locked::yes : Locked::broken;
  }
  return Locked::busy;
}

void Ledger::unlock() {
  if (!std::exchange(locked_, false)) return;
  (void)::flock(fd_, LOCK_UN);
}

Ledger::Found Ledger::read_header() {
  Header found;
  const ssize_t size = read_at(fd_, &found, sizeof found, 0);
  if (size < 0) return Found::unusable;
  if (size != sizeof found || found.magic != magic || found.sum != sum_of(found))
    return Found::damaged;
  *header_ = found;
  // The clock it was written by cannot go back, unless somebody copied the file from elsewhere.
  const auto boot_ends = std::ranges::find(found.boot, '\0');
  const bool same_boot = std::string_view{found.boot.begin(), boot_ends} == boot_;
  constexpr Time slack = std::chrono::seconds{1};
  if (same_boot && !boot_.empty() && Time{found.latest} > now() + slack) return Found::damaged;
  return Found::good;
}

/// With the lock on the damaged file, so two processes do not do this at once.
Status Ledger::set_aside() {
  const std::string aside = file_ + ".damaged";
  (void)::unlink(aside.c_str());
  (void)::link(file_.c_str(), aside.c_str());
  Header fresh;
  fill(fresh, Time{});
  if (auto made = create(Time{fresh.latest}, true); !made) return made;
  on_warning(
      fmt::format("{} is damaged and was set aside as {}; a new one is begun, and the limits "
                  "of a minute and less are taken for used up",
                  file_, aside));
  return {};
}

/// Ledger time goes on where the wall says, but never back.
void Ledger::change_boot() {
  header_->boot = {};
  std::ranges::copy(boot_, header_->boot.begin());
  const Time boot = clock_.boot();
  const Time wall = clock_.today().time_since_epoch();
  header_->offset = (std::max(wall, Time{header_->latest}) - boot).count();
  if (header_->last != 0 && !boot_.empty())
    header_->full_at = std::max(header_->full_at, header_->offset);
  (void)write_header();
}

bool Ledger::write_header() {
  header_->sum = sum_of(*header_);
  if (write_at(fd_, header_.get(), sizeof *header_, 0)) return true;
  give_up(trouble(file_, "cannot be written").error().what);
  return false;
}

std::int64_t Ledger::born() const { return header_->born; }
std::uint64_t Ledger::last() const { return header_->last; }
Ledger::Time Ledger::full_at() const { return Time{header_->full_at}; }
Ledger::Time Ledger::now() const { return Time{header_->offset} + clock_.boot(); }
Ledger::Time Ledger::latest_time_of(Clock::Steady when) const {
  const Clock::Steady before = clock_.now();
  return now() - (before - when);
}
Ledger::Time Ledger::earliest_time_of(Clock::Steady when) const {
  const Time same = now();
  return same - (clock_.now() - when);
}
Told Ledger::told() const { return header_->told(); }

std::vector<Ledger::Entry> Ledger::read(std::uint64_t first) const {
  const std::uint64_t last = header_->last;
  const std::uint64_t oldest = last > capacity ? last - capacity + 1 : 1;
  first = std::max(first, oldest);
  std::vector<Entry> entries;
  if (first > last) return entries;
  std::vector<Slot> slots(last - first + 1);
  for (std::uint64_t number = first; number <= last;) {
    const std::uint64_t until_wrap = capacity - (number - 1) % capacity;
    const std::uint64_t count = std::min(last - number + 1, until_wrap);
    // What could not be read keeps number 0, which no entry has.
    (void)read_at(fd_, &slots[number - first], count * sizeof(Slot), place_of(number));
    number += count;
  }
  entries.reserve(slots.size());
  for (const Slot& slot : slots) {
    const auto number = static_cast<std::uint32_t>(first++);
    if (slot.number == number && slot.sum == short_sum(slot)) {
      const bool open = slot.answered < 0;
      entries.push_back(
          {Time{slot.sent}, Time{open ? -slot.answered : slot.answered}, Time{slot.arrived}, open});
    } else {
      const Time latest{header_->latest};
      entries.push_back({latest, latest, latest, false});
    }
  }
  return entries;
}

bool Ledger::change(std::uint64_t number, const Entry& entry) {
  if (number + capacity <= header_->last) return true;  // its place is another one's by now
  Slot slot{.sent = entry.sent.count(),
            .answered = entry.open ? -entry.answered.count() : entry.answered.count(),
            .arrived = entry.arrived.count(),
            .number = static_cast<std::uint32_t>(number),
            .sum = 0};
  slot.sum = short_sum(slot);
  if (write_at(fd_, &slot, sizeof slot, place_of(number))) return true;
  give_up(trouble(file_, "cannot be written").error().what);
  return false;
}

bool Ledger::append(const Entry& entry) {
  if (!change(header_->last + 1, entry)) return false;
  ++header_->last;
  header_->latest = std::max(header_->latest, entry.sent.count());
  return write_header();
}

bool Ledger::tell(const Told& told) {
  if (told == header_->told()) return true;
  header_->hour_allowed = told.hour.allowed;
  header_->hour_others = told.hour.others;
  header_->hour_at = told.hour.at.count();
  header_->day_allowed = told.day.allowed;
  header_->day_others = told.day.others;
  header_->day_at = told.day.at.count();
  header_->shut_until = told.shut_until.count();
  header_->refusals = told.refusals;
  header_->way_seen = told.way.seen;
  header_->way_shortest = told.way.shortest.count();
  header_->way_at = told.way.at.count();
  return write_header();
}

}  // namespace callrail
