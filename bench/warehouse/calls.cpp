#include "calls.hpp"

#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

#include <algorithm>
#include <stdexcept>
#include <stored_value.hpp>

namespace callrail::bench {

namespace {

constexpr std::size_t rows_a_part = 1000, bytes_a_row = 5800;

/// To the second, as an end of a window.
std::string second_of(Clock::Wall when) { return spell_instant(when).substr(0, 19); }

}  // namespace

Calls::Calls(std::size_t rows) : task_{task_of(Variant::full, "all")} {
  pages_ = make_pages({.variant = Variant::full, .bytes = rows * bytes_a_row, .seed = 1});
  const Endpoint& endpoint = *task_.endpoint;
  // Of all columns, also those that these pages have nothing for, as a run without --fields.
  task_.table = table_of(endpoint, Selection::everything(endpoint), Nested::json, true);
  const std::size_t start = endpoint.find(endpoint.dates.cursor), width = endpoint.fields.size();
  PageDecoder decoder;
  Drift drift;
  for (Body& body : pages_.bodies) {
    Page& page = *read_.emplace_back(std::make_unique<Page>());
    const Status status =
        decoder.read({endpoint, Reflect<api::Call>::paging, task_.fields, task_.asked}, body.text(),
                     page, drift);
    if (!status) throw std::runtime_error(status.error().what);
    if (cells_.empty() || cells_.back().size() >= rows_a_part * width) cells_.emplace_back();
    cells_.back().insert(cells_.back().end(), page.rows().cells,
                         page.rows().cells + page.rows().count * width);
    bytes_ += body.size();
  }
  for (std::size_t n = 0; n < cells_.size(); ++n) {
    Part& part = all_.emplace_back();
    part.rows = {cells_[n].data(), cells_[n].size() / width, width};
    rows_ += part.rows.count;
    Clock::Wall first = Clock::Wall::max(), last = Clock::Wall::min();
    for (std::size_t row = 0; row < part.rows.count; ++row) {
      Timestamp time;
      if (!read(part.rows.at(row, start), time))
        throw std::runtime_error("a call began at no instant");
      first = std::min(first, time.utc), last = std::max(last, time.utc);
    }
    part.from = second_of(first), part.to = second_of(last);
    edit(n);
  }
}

void Calls::edit(std::size_t n) {
  const Endpoint& endpoint = *task_.endpoint;
  const std::size_t note = endpoint.find("note"), tags = endpoint.find("tags");
  auto& cells = edited_cells_.emplace_back(cells_[n]);
  const std::size_t width = endpoint.fields.size();
  for (std::size_t at = 0; at < cells.size(); at += width) {
    cells[at + note] = Cell::of("Called back, wants an offer.");
    Cell& list = cells[at + tags];
    std::string& text = *texts_.emplace_back(std::make_unique<std::string>());
    text = R"([{"id":7,"name":"called back","tag_level":"account","color":"gray1",)"
           R"("background_color":"gray1","company_id":null,"status":"enabled",)"
           R"("created_at":"2026-01-05T10:00:00.000Z"})";
    const bool empty = list.kind != Kind::json || list.text() == "[]";
    text.append(empty ? "]" : "," + std::string{list.text().substr(1)});
    list = Cell::of(text, Kind::json);
  }
  Part& part = edited_.emplace_back(all_[n]);
  part.rows.cells = cells.data();
}

}  // namespace callrail::bench
