#include "chain.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace callrail {

namespace {

/// Of keys of some ten bytes, thousands at a time; stays within the process.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u ^ text.size();
  const auto add = [&](std::uint64_t word) {
    hash = std::rotl((hash ^ word) * 0x9fb21c651e98df25u, 32);
  };
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    add(word);
  }
  std::uint64_t rest = 0;
  for (const char c : text) rest = rest << 8 | static_cast<unsigned char>(c);
  add(rest);
  return hash ^ hash >> 29;
}

}  // namespace

void Chain::clear() {
  seen_.clear();
  places_.clear();
  facts_.clear();
  counted_.clear();
  spelled_.clear();
  keep_.clear();
  moved_.clear();
  taken_ = 0;
  links.clear();
}

/// Rows without a key are told apart by all they hold, and equal ones on a page by their number.
std::string_view Chain::identity(const Page& page, std::size_t row) {
  const Rows rows = page.rows();
  if (key_ < rows.width && rows.at(row, key_).has_value()) return rows.at(row, key_).text();
  std::string text(1, '\0');
  for (std::size_t f = 0; f < rows.width; ++f) {
    const Cell& cell = rows.at(row, f);
    text += static_cast<char>('0' + static_cast<int>(cell.kind));
    text += std::to_string(cell.size) + ':';
    text.append(cell.text());
  }
  text.append(page.line(row));
  text += '#' + std::to_string(++alike_[text]);
  return spelled_.emplace_back(std::move(text));
}

void Chain::note_order(const Page& page, std::size_t row) {
  const Rows rows = page.rows();
  if (cursor_ >= rows.width || rows.at(row, cursor_).kind != Kind::text) return;
  const auto when = parse_timestamp(rows.at(row, cursor_).text());
  if (!when) return;
  const std::int64_t now = when->utc.time_since_epoch().count();
  rises_ = rises_ || (last_ && now > *last_);
  falls_ = falls_ || (last_ && now < *last_);
  last_ = now;
}

bool Chain::same_cursor(const Page& page, std::size_t row, const Page& other,
                        std::size_t other_row) const {
  const Rows a = page.rows(), b = other.rows();
  return cursor_ >= a.width || a.at(row, cursor_) == b.at(other_row, cursor_);
}

void Chain::begin() {
  seen_.clear();
  std::ranges::fill(places_, 0);
  spelled_.clear();
  facts_.clear();
  counted_.clear();
  print_ = 0xcbf29ce484222325u;
  last_.reset();
  rises_ = falls_ = false;
}

/// Whether what was counted is still there as it was, before whatever came since.
bool Chain::goes_on() const {
  if (counted_.empty() || counted_.size() > links.size()) return false;
  for (std::size_t i = 0; i < counted_.size(); ++i)
    if (!links[i].page || links[i].read != counted_[i]) return false;
  return true;
}

void Chain::count() {
  if (!goes_on()) begin();
  for (std::size_t i = counted_.size(); i < links.size(); ++i) count(static_cast<std::uint32_t>(i));
}

void Chain::count_ahead() {
  if (!goes_on()) begin();
  while (counted_.size() < links.size() && links[counted_.size()].page)
    count(static_cast<std::uint32_t>(counted_.size()));
}

void Chain::count(std::uint32_t i) {
  const Link& link = links[i];
  Facts& facts = facts_.emplace_back();
  counted_.push_back(link.read);
  if (!link.page) return;
  alike_.clear();
  const auto size = static_cast<std::uint32_t>(link.page->size());
  for (std::uint32_t row = 0; row < size; ++row) {
    bool fresh = false;
    Seen& seen = find(identity(*link.page, row), fresh);
    if (fresh) {
      seen.first_link = seen.last_link = seen.link = i;
      seen.first_row = seen.last_row = seen.row = row;
      ++facts.fresh;
      print_ = (print_ ^ seen.hash) * 0x100000001b3u;
      note_order(*link.page, row);
      continue;
    }
    if (seen.last_link == i)
      ++facts.repeated;
    else if (seen.last_link + 1 == i && !facts.touches)
      facts.touches = same_cursor(*link.page, row, *links[i - 1].page, seen.last_row);
    seen.last_link = i;
    seen.last_row = row;
    if (link.read > links[seen.link].read) seen.link = i, seen.row = row;
  }
}

Chain::Seen& Chain::find(std::string_view identity, bool& fresh) {
  if (2 * (seen_.size() + 1) > places_.size()) grow();
  const std::uint64_t hash = hash_of(identity);
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  for (; places_[at] != 0; at = (at + 1) & mask) {
    Seen& seen = seen_[places_[at] - 1];
    if (seen.hash == hash && seen.identity == identity) return seen;
  }
  fresh = true;
  Seen& seen = seen_.emplace_back();
  places_[at] = static_cast<std::uint32_t>(seen_.size());
  seen.identity = identity;
  seen.hash = hash;
  return seen;
}

void Chain::grow() {
  places_.assign(std::max<std::size_t>(1024, places_.size() * 2), 0);
  const std::size_t mask = places_.size() - 1;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    std::size_t at = seen_[i].hash & mask;
    while (places_[at] != 0) at = (at + 1) & mask;
    places_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

bool Chain::begins_alike(std::size_t link, std::size_t other) const {
  const auto& a = links[link].page;
  const auto& b = links[other].page;
  if (!a || !b || a->size() == 0 || b->size() == 0) return false;
  const Rows x = a->rows(), y = b->rows();
  return std::equal(x.cells, x.cells + x.width, y.cells, y.cells + y.width) &&
         a->line(0) == b->line(0);
}

/// Which rows stay where they are: those seen first.
void Chain::begin_taking() {
  keep_.resize(links.size());
  for (std::size_t i = 0; i < links.size(); ++i)
    keep_[i].assign(links[i].page ? links[i].page->size() : 0, false);
  moved_.clear();
  for (std::uint32_t i = 0; i < seen_.size(); ++i) {
    const Seen& seen = seen_[i];
    keep_[seen.first_link][seen.first_row] = true;
    if (seen.link != seen.first_link || seen.row != seen.first_row) moved_.push_back(i);
  }
  next_moved_ = 0;
}

std::optional<Page> Chain::take(std::uint64_t& repeated) {
  if (taken_ == 0) begin_taking();
  while (taken_ < links.size() && !links[taken_].page) ++taken_;
  if (taken_ == links.size()) {
    clear();
    return std::nullopt;
  }
  const std::size_t i = taken_++;
  // Rows are seen in the order of the links, and seen again on later ones only.
  for (; next_moved_ < moved_.size() && seen_[moved_[next_moved_]].first_link == i; ++next_moved_) {
    const Seen& seen = seen_[moved_[next_moved_]];
    links[i].page->replace(seen.first_row, *links[seen.link].page, seen.row);
  }
  std::optional<Page> page = std::exchange(links[i].page, std::nullopt);
  page->erase_if([&](std::size_t row) { return !keep_[i][row]; });
  repeated += facts_[i].repeated;
  return page;
}

}  // namespace callrail
