/// From settled windows to rows in the sink.
#include "run.hpp"

#include <algorithm>
#include <utility>

namespace callrail {

namespace {

/// Whether any list was: one that is not known to the API is only taken for empty.
bool any_was_read(const TableProof& found) {
  const auto unproven = static_cast<std::size_t>(Proof::unproven);
  if (const auto& sum = found.sum)
    for (std::size_t i = 0; i < sum->windows.size(); ++i)
      if (i != unproven && sum->windows[i] != 0) return true;
  return std::ranges::any_of(found.windows, [](const WindowProof& window) {
    return window.proof != Proof::unproven || window.rows != 0;
  });
}

}  // namespace

void Run::fill_in(Page& page, const Scope& scope, std::uint64_t before) {
  for (std::size_t f = 0; f < endpoint().fields.size(); ++f) {
    const Field& field = endpoint().fields[f];
    if (field.sent == Sent::ordinal && decoded_.has(f)) {
      while (counted_.size() < before + page.size())
        counted_.push_back(std::to_string(counted_.size() + 1));
      for (std::size_t row = 0; row < page.size(); ++row)
        page.cell(row, f) = Cell::of(counted_[before + row], Kind::number);
    }
    if (field.sent != Sent::of_request || !decoded_.has(f)) continue;
    const auto value = std::ranges::find(scope, field.parameter, &Scope::value_type::first);
    if (value == scope.end()) continue;
    for (std::size_t row = 0; row < page.size(); ++row)
      if (!page.cell(row, f).has_value()) page.cell(row, f) = Cell::of(value->second);
  }
}

Status Run::settle(Slot& slot, ParentKeys& parents) {
  const std::size_t index = current_;
  SavedWindow& window = saved_.windows[index];
  if (slot.reader != nullptr) {
    WindowReader& reader = *slot.reader;
    if (window.only_count) {
      if (auto status = settle_count(index); !status) return status;
    } else {
      window.found = proof_of(index);
      window.found.rows = reader.rows();
      window.found.announced = reader.total();
      window.found.proof = reader.proof();
      window.found.why = reader.why();
      if (auto status = write(reader, window, parents); !status) return status;
    }
    slot.reader.reset();
  }
  if (auto status = tell_writer(window); !status) return status;
  if (!window.settled) judge(window);
  window.settled = true;
  uncommitted_.push_back(index);
  ++current_;
  frontier_ = std::max(frontier_, current_);
  const bool list_ends =
      current_ >= saved_.windows.size() || saved_.windows[current_].list != window.list;
  const std::size_t list = window.list;
  if (list_ends && !count_list_again(index)) end_list(list);
  if (options_.limit && !keys_wanted_ && current_ < slots_.size() &&
      slots_[current_].reader != nullptr)
    slots_[current_].reader->set_enough(rows_left());
  return {};
}

/// Also of windows without rows: what is not listed any more shows in them. A count of the whole
/// list is no window.
Status Run::tell_writer(const SavedWindow& window) {
  const bool cut_short = std::exchange(cut_short_, false);
  if (sink_ == nullptr || window.only_count || window.settled) return {};
  if (writer_ == nullptr && !sink_->follows_windows()) return {};
  if (auto status = open(); !status) return status;
  WindowProof found = window.found;
  if (cut_short) found.proof.reset();
  writer_->settled(saved_.lists[window.list].scope, found, !endpoint().dates);
  return {};
}

/// What a window says about the whole, once.
void Run::judge(const SavedWindow& window) {
  const WindowProof& found = window.found;
  if (!found.proof || is_complete(*found.proof)) return;
  std::string text = found.scope;
  if (!found.from.empty()) text += (text.empty() ? "" : " ") + found.from + ".." + found.to;
  if (!text.empty()) text += ": ";
  if (!saved_.lists[window.list].over && !saved_.many)
    summary.warnings.push_back(text + std::string{to_text(*found.proof)} + ": " + found.why +
                               "; run again");
}

Status Run::write(WindowReader& reader, const SavedWindow& window, ParentKeys& parents) {
  const Scope& scope = saved_.lists[window.list].scope;
  const bool keeps_all = keeps_all_keys(window.list);
  here_.clear();
  // Nothing may be remembered of rows that cannot be written.
  torn_ = true;
  if (sink_ != nullptr && reader.rows() != 0)
    if (auto status = open(); !status) return status;
  while (auto taken = reader.take(summary.repeated)) {
    Page& page = *taken;
    if (key_field_ != Endpoint::npos) {
      const std::size_t before = page.size();
      page.erase_if([&](std::size_t row) {
        const Cell& key = page.cell(row, key_cell_);
        if (!key.has_value()) return false;
        const auto print = KeySet::print_of(key.text());
        if (keeps_all) {
          const bool fresh = keys_.insert(print);
          if (fresh && checkpoint_ != nullptr) KeySet::append(print, fresh_keys_);
          return !fresh;
        }
        here_.insert(print);
        return keys_.contains(print);
      });
      // The instant between two windows belongs to both, which is no repetition of the API's.
      if (keeps_all) summary.repeated += before - page.size();
    }
    if (keys_wanted_) keep_keys(page.rows(), scope, parents);
    const Rows rows = page.rows().first(rows_left());
    cut_short_ = cut_short_ || rows.count < page.rows().count;
    list_rows_ += page.rows().count;
    rows_read_ += page.rows().count;
    if (sink_ != nullptr && rows.count != 0) {
      if (auto status = writer_->write(rows); !status) return status;
      queue_media(rows, scope);
      summary.bytes = writer_->bytes();
    }
    summary.rows += rows.count;
    uncommitted_rows_ += rows.count;
  }
  if (!keeps_all) {
    std::swap(keys_, here_);
    keys_anew_ = true;
  }
  torn_ = false;
  return {};
}

/// Where nothing else tells that no row lies between the windows of a list, one more count does.
bool Run::count_list_again(std::size_t index) {
  SavedEndpoint::List& list = saved_.lists[saved_.windows[index].list];
  list.rows = list_rows_;
  if (!list.total || list.over || options_.limit || saved_.windows[index].only_count) return false;
  if (list_rows_ == *list.total || same_rows_possible_anywhere()) return false;
  SavedWindow count = saved_.windows[index];
  const auto first = std::ranges::find(saved_.windows, count.list, &SavedWindow::list);
  Window whole{.from = first->from, .to = count.to, .zone = count.zone, .warning = {}};
  clamp_window(whole, api_.keeps_months, clock_.today());
  // Its first days are older by now than what the API answers for: nobody can count them again.
  if (whole.from != first->from) return false;
  count.from = first->from;
  count.only_count = true;
  count.settled = false;
  count.found = {};
  saved_.windows.insert(saved_.windows.begin() + static_cast<std::ptrdiff_t>(current_), count);
  slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(current_), make_slot(current_));
  ++frontier_;
  lists_changed_ = true;
  return true;
}

Status Run::settle_count(std::size_t index) {
  SavedWindow& window = saved_.windows[index];
  SavedEndpoint::List& list = saved_.lists[window.list];
  const auto now = slots_[index].reader->total();
  window.found = proof_of(index);
  window.found.rows = list.rows;
  window.found.announced = now;
  window.found.proof = Proof::proven_with_churn;
  window.found.why = "the list changed while its windows were read";
  // Rows that come and go explain a number between the two counts, and no other.
  const std::uint64_t before = list.total.value_or(0), after = now.value_or(0);
  if (!now || list.rows < std::min(before, after) || list.rows > std::max(before, after)) {
    window.found.proof = Proof::unproven;
    window.found.why = now ? "the list has " + std::to_string(after) + " rows, its windows " +
                                 std::to_string(list.rows)
                           : "the API gives no number of rows";
  }
  list.total = now;
  return {};
}

void Run::end_list(std::size_t list) {
  list_rows_ = 0;
  if (list + 1 >= saved_.lists.size() || !same_rows_possible(list, list + 1)) {
    keys_.clear();
    fresh_keys_.clear();
    keys_anew_ = true;
  }
}

/// Lists narrowed by a filter may hold one row twice; lists of different parents are different
/// rows.
bool Run::same_rows_possible(std::size_t list, std::size_t other) const {
  const auto parent_values = [&](const Scope& scope) {
    Scope values;
    for (const auto& value : scope)
      if (std::ranges::any_of(endpoint().parents,
                              [&](const Parent& p) { return p.parameter == value.first; }))
        values.push_back(value);
    return values;
  };
  return parent_values(saved_.lists[list].scope) == parent_values(saved_.lists[other].scope);
}

bool Run::same_rows_possible_anywhere() const {
  for (std::size_t list = 0; list + 1 < saved_.lists.size(); ++list)
    if (same_rows_possible(list, list + 1)) return true;
  return false;
}

/// Two windows of a list share a row only at the instant between them, unless rows move.
bool Run::keeps_all_keys(std::size_t list) const {
  if (endpoint().dates.moves) return true;
  return (list > 0 && same_rows_possible(list - 1, list)) ||
         (list + 1 < saved_.lists.size() && same_rows_possible(list, list + 1));
}

void Run::queue_media(const Rows& rows, const Scope& scope) {
  for (const auto& [media, cell] : media_)
    for (std::size_t i = 0; i < rows.count; ++i)
      if (const Cell& key = rows.at(i, key_cell_); key.has_value() && rows.at(i, cell).has_value())
        options_.media->add(endpoint(), *media, scope, key.text());
}

void Run::keep_keys(const Rows& rows, const Scope& scope, ParentKeys& parents) {
  for (std::size_t i = 0; i < rows.count; ++i) {
    const Cell& key = rows.at(i, key_cell_);
    if (key.has_value()) {
      saved_.keys.add(scope, key.text());
    } else if (!keys_missing_) {
      keys_missing_ =
          Error{Code::bad_answer, "a row came without its " + std::string{endpoint().key}};
    }
  }
  if (!saved_.keys.empty()) parents.by_endpoint[summary.name] = &saved_.keys;
}

TableProof Run::table_proof() const {
  if (const auto& many = saved_.many) {  // all of it is summed up
    TableProof found{.proof = many->sum.proof(), .windows = many->doubtful, .sum = many->sum};
    found.sum->left_out = saved_.left_out;
    if (many->sum.lists != many->lists) found.proof.reset();
    found.windows.insert(found.windows.end(), many->missing.begin(), many->missing.end());
    return found;
  }
  TableProof found{.proof = Proof::proven, .windows = {}};
  for (const SavedWindow& window : saved_.windows) {
    // A limit may have come first; and keeps nobody from knowing how many there are.
    if (window.settled || window.found.announced) found.windows.push_back(window.found);
    if (!window.settled || !window.found.proof)
      found.proof.reset();
    else if (found.proof)
      found.proof = worse(*found.proof, *window.found.proof);
  }
  return found;
}

TableProof Run::show_proof() {
  TableProof found = table_proof();
  if (found.proof && is_complete(*found.proof) && summary.outcome == Outcome::skipped) {
    // Lists nobody could name: what was read of the others is whole.
    found.proof = Proof::unproven;
    found.windows.push_back({.scope = {}, .proof = Proof::unproven, .why = summary.reason});
  }
  // Read whole because others needed its keys.
  if (options_.limit && sink_ != nullptr && keys_wanted_ && rows_read_ > summary.rows)
    found.proof.reset();
  summary.proof = found.proof;
  summary.windows = found.windows;
  summary.sum = found.sum;
  summary.unknown_lists = found.sum ? found.sum->unknown
                                    : static_cast<std::uint64_t>(std::ranges::count(
                                          saved_.lists, true, &SavedEndpoint::List::unknown));
  count_announced();
  return found;
}

Status Run::finish() {
  for (std::size_t i = current_; i < slots_.size(); ++i)
    if (slots_[i].reader != nullptr && slots_[i].reader->total()) {
      WindowProof& found = saved_.windows[i].found = proof_of(i);
      found.announced = slots_[i].reader->total();
      found.why = "ended by the limit";
      uncommitted_.push_back(i);
    }
  if (saved_.many) sum_up(saved_.lists.size());
  if (saved_.left_out > 1)
    summary.reason += "; " + std::to_string(saved_.left_out) + " of " +
                      std::to_string(number_of_lists()) + " lists were left out";
  const TableProof found = show_proof();
  // An empty file in place of an earlier one says that there are no rows, which nobody said.
  if (sink_ == nullptr || (saved_.left_out != 0 && summary.rows == 0 && !any_was_read(found))) {
    tell_sum();
    return end_with(SavedEndpoint::Stage::published);
  }
  // Also without rows: a file with its header says "none", a missing file says nothing.
  if (auto status = open(); !status) return status;
  auto position = writer_->finish();
  if (!position) return std::unexpected(std::move(position).error());
  saved_.position = *std::move(position);
  whole_ = true;
  summary.bytes = saved_.position.bytes;
  summary.file = saved_.where = writer_->where();
  tell_sum();
  if (auto status = save(SavedEndpoint::Stage::finished); !status) return status;
  if (auto status = writer_->publish(found); !status) return status;
  return end_with(SavedEndpoint::Stage::published);
}

Status Run::end_with(SavedEndpoint::Stage stage) {
  auto status = save(stage);
  finished_ = status.has_value();
  return status;
}

/// What the API said there is: list by list, of the whole where it was counted, else window by
/// window.
void Run::count_announced() {
  if (const auto& many = saved_.many) {
    summary.announced = many->sum.announced;
    summary.counted = many->sum.counted && many->sum.lists == many->lists;
    return;
  }
  summary.announced = 0;
  summary.counted = !saved_.lists.empty();
  std::vector<bool> whole(saved_.lists.size()), seen(saved_.lists.size());
  for (std::size_t i = 0; i < saved_.lists.size(); ++i) {
    whole[i] = saved_.lists[i].total.has_value();
    seen[i] = whole[i] || saved_.lists[i].over;
    summary.announced += saved_.lists[i].total.value_or(0);
  }
  for (std::size_t i = 0; i < saved_.windows.size(); ++i) {
    const SavedWindow& window = saved_.windows[i];
    if (whole[window.list] || saved_.lists[window.list].over) continue;
    const auto total =
        slots_[i].reader != nullptr ? slots_[i].reader->total() : window.found.announced;
    summary.counted = summary.counted && total.has_value();
    summary.announced += total.value_or(0);
    seen[window.list] = true;
  }
  summary.counted = summary.counted && std::ranges::find(seen, false) == seen.end();
}

}  // namespace callrail
