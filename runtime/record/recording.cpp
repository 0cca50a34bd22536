#include "gzip.hpp"
#include "lines.hpp"

#include <callrail/recording.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <functional>

namespace callrail {

namespace {

constexpr std::string_view what_is_one = "name a file that a run wrote with --record";

/// Two hashes of a target stand for it: an address is long, and there is one for each page. Who
/// makes two of them alike on purpose swaps answers that were his to write anyway.
struct Place {
  std::uint64_t first = 0, second = 0;
  std::size_t number = 0;
  std::pair<std::uint64_t, std::uint64_t> target() const { return {first, second}; }
  friend auto operator<=>(const Place&, const Place&) = default;
};

Place place_of(std::string_view target, std::size_t number) {
  std::uint64_t fnv = 0xcbf29ce484222325u;
  for (const char c : target) fnv = (fnv ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return {std::hash<std::string_view>{}(target), fnv, number};
}

}  // namespace

struct Recording::Impl {
  Impl(std::string given_name, std::unique_ptr<Bytes> bytes, std::uint64_t most)
      : name{std::move(given_name)}, unpacker{std::move(bytes), most} {}

  Status read_all();
  Status read_header();
  Status take(const Line&, std::uint64_t at);
  std::unexpected<Error> wrong(std::uint64_t at, std::string_view what) const {
    return fail(Code::bad_request, fmt::format("{}: byte {}: {}", name, at, what));
  }

  std::string name;
  RecordingHeader header;
  std::vector<std::string> warnings;
  std::vector<std::uint64_t> offsets;  ///< by number of the answer
  std::vector<Place> places;           ///< by target
  std::vector<std::size_t> numbers;    ///< of the answers, in the order of `places`
  Unpacker unpacker;
  std::uint64_t next = 0;
  bool ended = false;
};

Status Recording::Impl::read_header() {
  const auto member = unpacker.read(0);
  if (!member || member->end == Unpacker::End::none)
    return fail(Code::bad_request,
                fmt::format("{}: is no recording: {}; {}", name,
                            member ? "it is empty" : member.error().what, what_is_one));
  if (member->end == Unpacker::End::cut)
    return wrong(member->size, "the file ends within its first line; there is nothing to replay");
  const auto first = read_line(member->text, false);
  if (!first || !first->version)
    return wrong(
        0, fmt::format("is no recording: the first line is not that of one; {}", what_is_one));
  if (*first->version != recording_version)
    return fail(Code::bad_request,
                fmt::format("{}: has format {}, and this program reads format {}; replay it with "
                            "callrail-batch {}",
                            name, *first->version, recording_version,
                            first->header.program.empty() ? "of its time" : first->header.program));
  header = first->header;
  next = member->size;
  return {};
}

Status Recording::Impl::take(const Line& read, std::uint64_t at) {
  if (ended) return wrong(at, "the recording goes on after its end");
  if (read.end) {
    if (*read.end != static_cast<std::int64_t>(offsets.size()))
      return wrong(at, fmt::format("the end tells of {} answers, but there are {}", *read.end,
                                   offsets.size()));
    ended = true;
    return {};
  }
  if (!read.target) return wrong(at, "the line is no answer");
  places.push_back(place_of(*read.target, offsets.size()));
  offsets.push_back(at);
  return {};
}

Status Recording::Impl::read_all() {
  if (auto status = read_header(); !status) return status;
  while (true) {
    const std::uint64_t at = next;
    const auto member = unpacker.read(at);
    if (!member) return fail(member.error().code, name + ": " + member.error().what);
    if (member->end != Unpacker::End::whole) {
      if (ended && member->end == Unpacker::End::none) return {};
      if (ended) return wrong(at, "the recording goes on after its end");
      // Killed between two answers, or while it wrote one.
      warnings.push_back(fmt::format(
          "{}: is cut at byte {}, so the run that wrote it did not end; its {} answers are there",
          name, at + member->size, offsets.size()));
      return {};
    }
    next = at + member->size;
    const auto read = read_line(member->text, false);
    if (!read) return wrong(at, "the line is not the JSON of a recording");
    if (auto status = take(*read, at); !status) return status;
  }
}

Recording::Recording(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;
Recording::~Recording() = default;

Result<Recording> Recording::read(std::unique_ptr<Impl> impl) {
  if (auto status = impl->read_all(); !status) return std::unexpected(std::move(status).error());
  std::ranges::sort(impl->places);
  for (const Place& place : impl->places) impl->numbers.push_back(place.number);
  return Recording{std::move(impl)};
}

Result<Recording> Recording::open(const std::string& path) {
  auto bytes = bytes_of_file(path);
  if (!bytes) {
    Error error = std::move(bytes).error().in(path);
    error.what.append("; ").append(what_is_one);
    return std::unexpected(std::move(error));
  }
  return read(std::make_unique<Impl>(path, *std::move(bytes), most_unpacked));
}

Result<Recording> Recording::parse(std::string_view bytes, std::string name, std::uint64_t most) {
  return read(std::make_unique<Impl>(std::move(name), bytes_in_memory(bytes), most));
}

const RecordingHeader& Recording::header() const { return impl_->header; }
const std::string& Recording::name() const { return impl_->name; }
const std::vector<std::string>& Recording::warnings() const { return impl_->warnings; }
std::size_t Recording::answers() const { return impl_->offsets.size(); }

std::span<const std::size_t> Recording::of(std::string_view target) const {
  const auto& places = impl_->places;
  const auto found =
      std::ranges::equal_range(places, place_of(target, 0).target(), {}, &Place::target);
  return {impl_->numbers.data() + (found.begin() - places.begin()), found.size()};
}

Result<Recorded> Recording::answer(std::size_t number) const {
  const std::uint64_t at = impl_->offsets.at(number);
  const auto member = impl_->unpacker.read(at);
  if (!member) return fail(member.error().code, impl_->name + ": " + member.error().what);
  if (member->end != Unpacker::End::whole)
    return impl_->wrong(at, "the answer was there before; the file was cut since");
  auto read = read_line(member->text, true);
  if (!read || !read->target) return impl_->wrong(at, "the answer cannot be read");
  return std::move(read->answer);
}

}  // namespace callrail
