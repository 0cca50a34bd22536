#include "chain.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>

namespace callrail {

void Chain::clear() {
  rows_.clear();
  facts_.clear();
  spelled_.clear();
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

void Chain::count() {
  rows_.clear();
  spelled_.clear();
  facts_.assign(links.size(), {});
  print_ = 0xcbf29ce484222325u;
  last_.reset();
  rises_ = falls_ = false;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    if (!link.page) continue;
    alike_.clear();
    for (std::size_t row = 0; row < link.page->size(); ++row) {
      const auto [at, fresh] =
          rows_.try_emplace(identity(*link.page, row), Seen{i, row, i, row, i, row});
      Seen& seen = at->second;
      if (fresh) {
        ++facts_[i].fresh;
        for (const char c : at->first)
          print_ = (print_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
        print_ = (print_ ^ 0xff) * 0x100000001b3u;
        note_order(*link.page, row);
        continue;
      }
      if (seen.last_link == i)
        ++facts_[i].repeated;
      else if (seen.last_link + 1 == i && !facts_[i].touches)
        facts_[i].touches = same_cursor(*link.page, row, *links[i - 1].page, seen.last_row);
      seen.last_link = i;
      seen.last_row = row;
      if (link.read > links[seen.link].read) seen.link = i, seen.row = row;
    }
  }
}

bool Chain::begins_alike(std::size_t link, std::size_t other) const {
  const auto& a = links[link].page;
  const auto& b = links[other].page;
  if (!a || !b || a->size() == 0 || b->size() == 0) return false;
  const Rows x = a->rows(), y = b->rows();
  return std::equal(x.cells, x.cells + x.width, y.cells, y.cells + y.width);
}

std::vector<Page> Chain::take(std::uint64_t& repeated) {
  std::vector<std::vector<bool>> keep(links.size());
  for (std::size_t i = 0; i < links.size(); ++i)
    keep[i].resize(links[i].page ? links[i].page->size() : 0);
  for (const auto& [identity, seen] : rows_) {
    keep[seen.first_link][seen.first_row] = true;
    if (seen.link == seen.first_link && seen.row == seen.first_row) continue;
    const Rows newest = links[seen.link].page->rows();
    for (std::size_t f = 0; f < newest.width; ++f)
      links[seen.first_link].page->cell(seen.first_row, f) = newest.at(seen.row, f);
  }
  std::vector<Page> pages;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (!links[i].page) continue;
    Page& page = pages.emplace_back(*std::move(links[i].page));
    page.erase_if([&](std::size_t row) { return !keep[i][row]; });
    repeated += facts_[i].repeated;
  }
  clear();
  return pages;
}

}  // namespace callrail
