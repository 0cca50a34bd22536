#include "run.hpp"

#include "field_refusal.hpp"

#include <callrail/table.hpp>

#include <algorithm>
#include <bit>

namespace callrail {

namespace {

/// Of pages that wait for their window to be whole; those beyond it wait in a file, which costs
/// 0.3 ms for 1 MB. A window is up to 24 pages, each of 0.2 MB, or 1.7 MB with every field.
constexpr std::size_t most_memory = 1u << 20;

/// Not sent by the API.
bool is_filled_in(const Field& field) {
  return field.sent == Sent::of_request || field.sent == Sent::ordinal;
}

}  // namespace

Run::Run(const Api& api, const ExtractOptions& options, Wanted wanted, Sink* sink,
         Checkpoint* checkpoint, PageDecoder& decoder, const Clock& clock)
    : api_{api},
      options_{options},
      wanted_{std::move(wanted)},
      decoded_{wanted_.fields},
      sink_{sink},
      checkpoint_{checkpoint},
      clock_{clock},
      decoder_{decoder} {
  const Endpoint& e = endpoint();
  summary.name = std::string{e.name};
  key_field_ = e.find(e.key);
  // Read even if they are no columns: rows are told apart by the key, and their order is checked.
  if (key_field_ != Endpoint::npos) decoded_.add(key_field_);
  for (const Text name : e.keys)
    if (const std::size_t i = e.find(name); i != Endpoint::npos) decoded_.add(i);
  if (e.dates) cursor_field_ = e.find(e.dates.cursor);
  if (cursor_field_ != Endpoint::npos) decoded_.add(cursor_field_);
  if (sink_ != nullptr) table_ = table_of(e, wanted_.fields, options.nested, options.keep_unknown);
  key_cell_ = key_field_;
  cursor_cell_ = cursor_field_;
  spell_lines();
  find_media();
  const auto& styles = e.paging;
  style_ = styles.empty() ? Paging::offset : styles.front();
  if (options_.paging && std::ranges::find(styles, *options_.paging) != styles.end())
    style_ = *options_.paging;
}

/// Where the destination wants lines and nothing else, pages hold these, the key and the cursor.
void Run::spell_lines() {
  if (sink_ == nullptr || key_field_ == Endpoint::npos) return;
  for (const std::size_t f : wanted_.fields.order())
    if (is_filled_in(endpoint().fields[f])) return;
  lines_ = sink_->lines(table_);
  if (!lines_) return;
  decoded_ = {};
  decoded_.add(key_field_);
  key_cell_ = 0;
  if (cursor_field_ == Endpoint::npos) return;
  decoded_.add(cursor_field_);
  cursor_cell_ = decoded_.order().size() - 1;
}

/// Where there is something to fetch is read whether it is a column or not.
void Run::find_media() {
  if (options_.media == nullptr || sink_ == nullptr || key_field_ == Endpoint::npos) return;
  for (const Media& media : endpoint().media) {
    std::size_t cell = endpoint().find(media.field);
    decoded_.add(cell);
    if (lines_)
      cell = static_cast<std::size_t>(std::ranges::find(decoded_.order(), cell) -
                                      decoded_.order().begin());
    media_.emplace_back(&media, cell);
  }
}

List Run::list_of(std::size_t index) const {
  const SavedWindow& saved = saved_.windows[index];
  Window window{.from = saved.from, .to = saved.to, .zone = saved.zone, .warning = {}};
  return {saved_.lists[saved.list].scope, std::move(window)};
}

Run::Slot Run::make_slot(std::size_t index) {
  const List list = list_of(index);
  const SavedWindow& saved = saved_.windows[index];
  const int most = endpoint().page_size(options_.page_size);
  std::uint64_t size = static_cast<std::uint64_t>(most);
  Reading reading{.paging = &api_.paging,
                  .style = style_,
                  .key = key_cell_,
                  .cursor = cursor_cell_,
                  .sorted = endpoint().order && endpoint().order.field == endpoint().dates.cursor,
                  .newest_first = !endpoint().order && !endpoint().order_default.empty(),
                  .most = {},
                  .scratch = options_.scratch,
                  .only_count = saved.only_count};
  if (options_.limit && !keys_wanted_) {
    size = std::min(size, *options_.limit);
    reading.enough = rows_left();
  }
  reading.page_size = static_cast<int>(size);
  const bool one_piece = style_ == Paging::whole || endpoint().dates.whole;
  if (saved.may_be_cut && endpoint().dates && !one_piece && cut_window(list.window, 2).size() > 1)
    reading.most =
        static_cast<std::uint64_t>(pages_of_window(most)) * static_cast<std::uint64_t>(most);
  return {++last_slot_, std::make_unique<WindowReader>(reading)};
}

std::vector<std::string> Run::fields_to_name() const {
  std::vector<std::string> names;
  if (endpoint().select.empty()) return names;
  // A credential that comes only on request is not fetched into files unless somebody says so.
  const auto on_request = [](const Field& field) {
    return field.sent == Sent::on_request && !field.secret && !field.gone;
  };
  Selection fields = wanted_.fields;
  const bool limited = endpoint().select_limits &&
                       (wanted_.named || std::ranges::any_of(fields.order(), [&](auto i) {
                          return on_request(endpoint().fields[i]);
                        }));
  if (limited)
    for (const std::size_t i : {key_field_, cursor_field_})
      if (i != Endpoint::npos) fields.add(i);
  for (const std::size_t i : fields.order()) {
    const Field& field = endpoint().fields[i];
    const bool ask = wanted_.named || (limited && field.sent == Sent::always && !field.gone)
                         ? !is_filled_in(field)
                         : on_request(field);
    if (ask && std::ranges::find(saved_.healed, field.name) == saved_.healed.end())
      names.emplace_back(field.name);
  }
  return names;
}

/// The fields the request named that have to come, and whether no others do.
std::pair<Selection, bool> Run::selection_asked() const {
  Selection asked;
  const auto names = fields_to_name();
  const bool limited = endpoint().select_limits && !names.empty();
  for (const auto& name : names) {
    const std::size_t i = endpoint().find(name);
    const Field& field = endpoint().fields[i];
    const bool comes = field.sent == Sent::on_request || (limited && field.sent == Sent::always);
    if (comes && !field.may_be_absent) asked.add(i);
  }
  return {asked, limited};
}

std::uint64_t Run::rows_left() const {
  if (!options_.limit) return UINT64_MAX;
  return *options_.limit - std::min(*options_.limit, summary.rows);
}

std::size_t Run::index_of(std::uint64_t slot) const {
  for (std::size_t i = current_; i < frontier_; ++i)
    if (slots_[i].id == slot) return i;
  return Endpoint::npos;
}

std::optional<Run::Ask> Run::next(std::size_t ahead) const {
  if (finished_) return std::nullopt;
  // With a limit a window asked for too early may be one asked for in vain.
  // Rows that move to a later window must find it unread.
  const bool careful = (options_.limit.has_value() && !keys_wanted_) || endpoint().dates.moves;
  // What becomes of a list that could not be read depends on those behind it.
  const std::size_t last = current_ + troubled() + 1 + (careful ? 0 : ahead);
  for (std::size_t i = current_; i < slots_.size(); ++i) {
    // A window that waits for another one's word lets that one be asked.
    const bool waits = i > 0 && slots_[i - 1].reader != nullptr &&
                       slots_[i - 1].reader->state() == WindowReader::State::too_large;
    if ((i >= last || !dates_are_heeded(i)) && !waits) break;
    if (slots_[i].reader == nullptr) continue;
    const auto ask = slots_[i].reader->next();
    if (!ask) continue;
    return request_of(i, *ask);
  }
  return std::nullopt;
}

void Run::asked(const Ask& ask) {
  for (std::size_t i = current_; i < slots_.size(); ++i) {
    if (slots_[i].id != ask.slot) continue;
    slots_[i].reader->asked(ask.read);
    frontier_ = std::max(frontier_, i + 1);
    return;
  }
}

Run::Ask Run::again(std::uint64_t slot, std::size_t read) const {
  const std::size_t i = index_of(slot);
  if (i == Endpoint::npos || slots_[i].reader == nullptr) return {slot, read, {}, summary.name};
  return request_of(i, slots_[i].reader->ask_of(read));
}

Run::Ask Run::request_of(std::size_t index, const WindowReader::Ask& ask) const {
  const List list = list_of(index);
  std::string url = list_address(options_, endpoint(), list, fields_to_name());
  if (!ask.query.empty()) url += (url.find('?') == std::string::npos ? '?' : '&') + ask.query;
  return {slots_[index].id, ask.read, std::move(url),
          summary.name + ' ' + ask.what +
              (number_of_lists() > 1 ? " of " + list.label() : std::string{})};
}

std::size_t Run::pages_held() const {
  std::size_t pages = 0;
  for (std::size_t i = current_; i < frontier_; ++i)
    if (slots_[i].reader != nullptr) pages += slots_[i].reader->pages_held();
  return pages;
}

/// Whether somebody gets to see this page, which differs from the schema by `drift`. What no page
/// of these shows is not worth its time; the counts are those of all pages.
bool Run::is_sample(std::size_t list, const Drift& drift) {
  constexpr std::size_t lists = 3, differing = 20;
  constexpr std::uint64_t usually = 50;
  if (sink_ == nullptr) return false;
  ++pages_;
  bool is = std::has_single_bit(pages_) || pages_ % usually == 0;
  if (list >= sampled_lists_ && list < lists) sampled_lists_ = list + 1, is = true;
  if (!drift.empty() && sampled_drift_ < differing) ++sampled_drift_, is = true;
  return is;
}

namespace {

std::optional<std::string> broken_contract(const Drift& drift) {
  const auto told = [](const char* what, const Drift::Findings& found) {
    const auto& [path, finding] = *found.begin();
    std::string text = "contract: freeze: " + std::string{what} + ' ' + path;
    if (!finding.example.empty()) text += ", e.g. " + finding.example;
    if (found.size() > 1) text += ", and " + std::to_string(found.size() - 1) + " more";
    return text + "; extend the schema, or read on with --contract evolve";
  };
  if (!drift.unknown_fields.empty()) return told("unknown field", drift.unknown_fields);
  if (!drift.withheld.empty()) return told("unknown field", drift.withheld);
  if (!drift.changed_types.empty()) return told("another type of", drift.changed_types);
  return std::nullopt;
}

}  // namespace

Status Run::arrived(const Ask& ask, Body&& body, bool insist, Events& events) {
  const std::size_t i = index_of(ask.slot);
  Drift drift;
  const auto [asked, limited] = selection_asked();
  auto content =
      decoder_.decode({endpoint(), api_.paging, decoded_, asked, lines_ ? &*lines_ : nullptr,
                       options_.keep_unknown && sink_ != nullptr, limited},
                      std::move(body), drift);
  if (!content) return std::unexpected(std::move(content).error());
  if (auto broken = wanted_.frozen ? broken_contract(drift) : std::nullopt) {
    contract_broken_ = true;
    summary.drift.add(drift);
    if (!lines_) body = std::move(*content).give_up_body();  // it is kept aside
    return fail(Code::bad_answer, *std::move(broken));
  }
  if (is_sample(saved_.windows[i].list, drift))
    events.sample(endpoint(), lines_ ? body.text() : content->body(), drift);
  WindowReader& reader = *slots_[i].reader;
  if (!lines_)
    fill_in(*content, saved_.lists[saved_.windows[i].list].scope, reader.rows_before(ask.read));
  if (auto status = reader.arrived(ask.read, *std::move(content), insist); !status) {
    if (!lines_) body = std::move(*content).give_up_body();
    return status;
  }
  summary.drift.add(drift);
  if (reader.state() == WindowReader::State::failed) return std::unexpected(reader.failure());
  cut_what_is_too_large(saved_.windows[i].list);
  put_aside();
  return {};
}

/// What is due next goes last: it may be written at once.
void Run::put_aside() {
  std::size_t bytes = 0;
  for (std::size_t i = current_; i < frontier_; ++i)
    if (slots_[i].reader != nullptr) bytes += slots_[i].reader->memory();
  for (std::size_t i = frontier_; i-- > current_ && bytes > most_memory;) {
    if (slots_[i].reader == nullptr) continue;
    const std::size_t before = slots_[i].reader->memory();
    slots_[i].reader->put_aside(before - std::min(before, bytes - most_memory));
    bytes -= before - slots_[i].reader->memory();
  }
}

void Run::cut_what_is_too_large(std::size_t list) {
  for (std::size_t i = current_; i < frontier_; ++i) {
    if (saved_.windows[i].list != list || slots_[i].reader == nullptr ||
        slots_[i].reader->state() != WindowReader::State::too_large)
      continue;
    const auto ignored = dates_are_ignored(i);
    if (ignored == true) return uncut(list);
    if (ignored != false) continue;
    // Rows that move on must not find a window read before this one.
    for (std::size_t j = i + 1; endpoint().dates.moves && j < frontier_; ++j)
      if (slots_[j].reader != nullptr && slots_[j].reader->begun()) slots_[j] = make_slot(j);
    cut(i);
  }
}

/// Whether the neighbour holds as much as the whole list, as this window does: then cutting is of
/// no use, and would go on for ever. Nothing: the neighbour has not been asked yet.
std::optional<bool> Run::dates_are_ignored(std::size_t index) const {
  const std::size_t list = saved_.windows[index].list;
  const auto& whole = saved_.lists[list].total;
  if (!whole || slots_[index].reader->total().value_or(0) < *whole) return false;
  const auto is_ours = [&](std::size_t i) {
    return i < slots_.size() && saved_.windows[i].list == list;
  };
  const std::size_t next = is_ours(index + 1) ? index + 1 : index - 1;
  if (!is_ours(next)) return false;
  const auto total = slots_[next].reader != nullptr ? slots_[next].reader->total()
                                                    : saved_.windows[next].found.announced;
  return total ? std::optional{*total >= *whole} : std::nullopt;
}

/// Whether it is known that a window before this one holds less than the whole list: else this one
/// may be asked in vain.
bool Run::dates_are_heeded(std::size_t index) const {
  const std::size_t list = saved_.windows[index].list;
  const auto& whole = saved_.lists[list].total;
  if (!whole || index == 0 || saved_.windows[index - 1].list != list) return true;
  for (std::size_t i = index; i-- > 0 && saved_.windows[i].list == list;) {
    if (saved_.windows[i].settled) return true;
    if (slots_[i].reader == nullptr) continue;
    if (const auto total = slots_[i].reader->total(); total && *total < *whole) return true;
  }
  return false;
}

bool Run::waits_for(const Ask& ask) const {
  const std::size_t i = index_of(ask.slot);
  return i != Endpoint::npos && slots_[i].reader != nullptr;
}

/// Reads the rest of a list in one piece.
void Run::uncut(std::size_t list) {
  const auto first = std::ranges::find_if(saved_.windows, [&](const SavedWindow& window) {
    return window.list == list && !window.settled;
  });
  const auto at = first - saved_.windows.begin();
  auto end = at;
  while (end < std::ssize(saved_.windows) &&
         saved_.windows[static_cast<std::size_t>(end)].list == list)
    ++end;
  SavedWindow whole = *first;
  whole.may_be_cut = false;
  whole.to = saved_.windows[static_cast<std::size_t>(end - 1)].to;
  summary.warnings.push_back(of_list(static_cast<std::size_t>(at)) +
                             "the API gives the same rows whatever days it is asked for: reading "
                             "all of them at once; check the dates of the rows");
  saved_.windows.erase(saved_.windows.begin() + at, saved_.windows.begin() + end);
  slots_.erase(slots_.begin() + at, slots_.begin() + end);
  saved_.windows.insert(saved_.windows.begin() + at, whole);
  slots_.insert(slots_.begin() + at, make_slot(static_cast<std::size_t>(at)));
  const auto here = static_cast<std::size_t>(at), behind = static_cast<std::size_t>(end);
  frontier_ = frontier_ >= behind ? frontier_ - (behind - here) + 1 : std::min(frontier_, here + 1);
  lists_changed_ = true;
}

/// Puts several windows in the place of one.
void Run::cut(std::size_t index) {
  const SavedWindow whole = saved_.windows[index];
  auto& total = saved_.lists[whole.list].total;
  if (!total) total = slots_[index].reader->total();
  const auto windows = cut_window(list_of(index).window, slots_[index].reader->parts());
  std::vector<SavedWindow> parts;
  for (const Window& window : windows)
    parts.push_back(
        {.list = whole.list, .from = window.from, .to = window.to, .zone = window.zone});
  const auto at = static_cast<std::ptrdiff_t>(index);
  saved_.windows.erase(saved_.windows.begin() + at);
  saved_.windows.insert(saved_.windows.begin() + at, parts.begin(), parts.end());
  slots_.erase(slots_.begin() + at);
  for (std::size_t i = 0; i < parts.size(); ++i)
    slots_.insert(slots_.begin() + at + static_cast<std::ptrdiff_t>(i), make_slot(index + i));
  frontier_ += parts.size() - 1;
  lists_changed_ = true;
}

std::string Run::of_list(std::size_t index) const {
  const std::string label = list_of(index).label();
  return label.empty() ? label : label + ": ";
}

/// What is to be found out about a window.
WindowProof Run::proof_of(std::size_t index) const {
  const List list = list_of(index);
  return {.scope = list.label(),
          .from = list.window.from,
          .to = list.window.to,
          .zone = list.window.zone};
}

bool Run::has_one_window(std::size_t list) const {
  const auto first = std::ranges::lower_bound(saved_.windows, list, {}, &SavedWindow::list);
  return first == saved_.windows.end() || first + 1 == saved_.windows.end() ||
         (first + 1)->list != list;
}

/// A list, or one of the windows it had from the beginning, counts as read, without a row.
void Run::give_no_rows(std::size_t index, const std::string& why) {
  SavedWindow& window = saved_.windows[index];
  saved_.lists[window.list].over = has_one_window(window.list);
  window.found = proof_of(index);
  window.found.proof = Proof::unproven;
  window.found.why = why;
  slots_[index].reader.reset();
  slots_[index].trouble.reset();
}

void Run::take_for_empty(std::size_t index, const std::string& reason) {
  if (keys_wanted_ && !keys_missing_)
    keys_missing_ = Error{Code::not_found, of_list(index) + reason};
  const std::string why = reason + "; taken as an empty list";
  saved_.lists[saved_.windows[index].list].unknown = true;
  if (number_of_lists() <= most_told) summary.warnings.push_back(of_list(index) + why);
  give_no_rows(index, why);
}

bool Run::heal(const std::string& message) {
  const auto refused = refused_fields(message, fields_to_name());
  if (refused.empty()) return false;
  std::string names;
  for (const auto& name : refused) {
    saved_.healed.push_back(name);
    names += (names.empty() ? "" : ", ") + name;
  }
  summary.warnings.push_back("the API refused to send " + names + " (" + message +
                             "); asking again without, the column stays empty");
  return true;
}

Status Run::deliver(ParentKeys& parents) {
  while (!finished_) {
    lay_out_more();
    if (current_ >= slots_.size() || (rows_left() == 0 && !keys_wanted_)) return finish();
    Slot& slot = slots_[current_];
    if (slot.reader != nullptr && slot.reader->state() != WindowReader::State::settled) break;
    if (slot.trouble && !leave_out_or_end()) break;
    if (auto status = settle(slot, parents); !status) return status;
    if (auto status = commit_if_due(); !status) return status;
  }
  return {};
}

std::optional<std::uint64_t> Run::expected() const {
  if (saved_.many) return std::nullopt;
  std::uint64_t sum = 0;
  std::size_t list = Endpoint::npos;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const SavedWindow& window = saved_.windows[i];
    const auto& whole = saved_.lists[window.list].total;
    if (window.list == list && whole) continue;
    list = window.list;
    const auto total = whole ? whole
                       : slots_[i].reader == nullptr
                           ? std::optional{window.found.announced.value_or(0)}
                           : slots_[i].reader->total();
    if (!total) return std::nullopt;
    sum += *total;
  }
  return options_.limit ? std::min(sum, *options_.limit) : sum;
}

}  // namespace callrail
