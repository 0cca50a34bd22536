#include "page_work.hpp"

#include "allocations.hpp"

#include <fmt/format.h>

namespace callrail::counts {
namespace {

constexpr Text list = "calls";

/// `few` fields, or all of those that come in the pages.
Selection selection(const Endpoint& endpoint, Width width, std::size_t few) {
  const Selection everything = Selection::everything(endpoint);
  std::vector<std::size_t> sent;
  for (const std::size_t i : everything.order())
    if (width == Width::full || endpoint.fields[i].sent == Sent::always) sent.push_back(i);
  Selection out;
  const std::size_t count = few == 0 ? sent.size() : few;
  for (std::size_t n = 0; n < count; ++n) out.add(sent[n * sent.size() / count]);
  return out;
}

}  // namespace

const std::vector<Task>& tasks() {
  static const std::vector<Task> all{
      {"calls.full.rows", Width::full, 0, std::nullopt},
      {"calls.full.csv", Width::full, 0, FileFormat::csv},
      {"calls.full.jsonl", Width::full, 0, FileFormat::jsonl},
      {"calls.twelve.csv", Width::full, 12, FileFormat::csv},
      {"calls.default.csv", Width::by_default, 0, FileFormat::csv},
  };
  return all;
}

PageWork::PageWork(const Api& api, const Task& task)
    : api_{api},
      task_{task},
      pages_{make_pages(api, list, task.width, pages)},
      wanted_{selection(*pages_.endpoint, task.width, task.fields)},
      table_{table_of(*pages_.endpoint, wanted_, Nested::json)} {
  for (const std::string& text : pages_.texts) bodies_.emplace_back(text);
  if (task.format) format_ = make_text_format({.format = *task.format});
  if (format_) format_->begin(table_, out_);
}

bool PageWork::go() {
  std::uint64_t rows = 0, written = 0;
  for (Body& body : bodies_) {
    Drift drift;
    auto page = decoder_.decode(*pages_.endpoint, api_.paging, std::move(body), wanted_, {}, drift);
    if (!page) {
      trouble = page.error().what;
      return false;
    }
    rows += page->size();
    out_.clear();
    if (format_) format_->rows(table_, page->rows(), out_);
    written += out_.size();
    body = std::move(*page).give_up_body();
  }
  if (rows != pages_.rows) trouble = fmt::format("{} rows instead of {}", rows, pages_.rows);
  // By length: a hash would take more instructions than the work.
  if (written_ && *written_ != written)
    trouble = fmt::format("{} bytes, and {} before", written, *written_);
  written_ = written;
  return trouble.empty();
}

std::vector<Count> PageWork::counts() {
  if (!go()) return {};
  const std::uint64_t before = allocations();
  if (!go()) return {};
  const auto per_row = [&](std::uint64_t n) {
    return static_cast<double>(n) / static_cast<double>(pages_.rows);
  };
  const std::string name{task_.name};
  std::vector<Count> out;
  out.push_back({name + ".allocations_per_row", per_row(allocations() - before), pages_.hash, {}});
  if (format_)
    out.push_back({name + ".bytes_written_per_row", per_row(*written_), pages_.hash, size()});
  return out;
}

}  // namespace callrail::counts
