#include "run.hpp"

#include "field_refusal.hpp"

#include <callrail/table.hpp>

#include <algorithm>

namespace callrail {

Run::Run(const Api& api, const ExtractOptions& options, Wanted wanted, Sink* sink)
    : api_{api},
      options_{options},
      wanted_{std::move(wanted)},
      decoded_{wanted_.fields},
      sink_{sink} {
  const Endpoint& e = endpoint();
  summary.name = std::string{e.name};
  key_field_ = e.find(e.key);
  // Read even if it is no column: rows are told apart by it.
  if (key_field_ != Endpoint::npos) decoded_.add(key_field_);
  if (sink_ != nullptr) table_ = table_of(e, wanted_.fields, options.nested);
}

Status Run::plan(const ParentKeys& parents, const Clock& clock) {
  planned_ = true;
  Window window;
  if (endpoint().dates) {
    auto resolved = resolve_window(options_.range, api_.keeps_months, clock);
    if (!resolved) return std::unexpected(std::move(resolved).error());
    window = *std::move(resolved);
    if (!window.warning.empty()) summary.warnings.push_back(window.warning);
    summary.window = window.text();
  }
  if (window.empty) return {};
  std::uint64_t size = static_cast<std::uint64_t>(options_.page_size);
  if (options_.limit && !keys_wanted_) size = std::min(size, *options_.limit);
  const auto& styles = endpoint().paging;
  Paging style = styles.empty() ? Paging::offset : styles.front();
  if (options_.paging && std::ranges::find(styles, *options_.paging) != styles.end())
    style = *options_.paging;
  for (Scope& scope : scopes_of(endpoint(), options_, parents)) {
    List list{std::move(scope), window};
    ListReader reader{api_.paging, style,
                      list_address(options_, endpoint(), list, fields_to_name()),
                      static_cast<int>(size)};
    slots_.push_back({std::move(list), std::move(reader)});
  }
  summary.counted = !slots_.empty();
  return {};
}

std::vector<std::string> Run::fields_to_name() const {
  std::vector<std::string> names;
  if (endpoint().select.empty()) return names;
  for (const std::size_t i : wanted_.fields.order()) {
    const Field& field = endpoint().fields[i];
    // A credential that comes only on request is not fetched into files unless somebody says so.
    const bool ask = wanted_.named ? field.sent != Sent::of_request
                                   : field.sent == Sent::on_request && !field.secret;
    if (ask && std::ranges::find(healed_, field.name) == healed_.end())
      names.emplace_back(field.name);
  }
  return names;
}

Selection Run::selection_asked() const {
  Selection asked;
  for (const auto& name : fields_to_name()) {
    const std::size_t i = endpoint().find(name);
    if (endpoint().fields[i].sent == Sent::on_request && !endpoint().fields[i].may_be_absent)
      asked.add(i);
  }
  return asked;
}

std::uint64_t Run::rows_left() const {
  if (!options_.limit) return UINT64_MAX;
  return *options_.limit - std::min(*options_.limit, summary.rows);
}

std::optional<Run::Ask> Run::next(std::size_t ahead) const {
  if (finished_) return std::nullopt;
  // With a limit a page asked for too early may be a page asked for in vain.
  const bool careful = options_.limit.has_value() && !keys_wanted_;
  const std::size_t last = careful ? current_ + 1 : current_ + 1 + ahead;
  for (std::size_t i = current_; i < std::min(last, slots_.size()); ++i) {
    const Slot& slot = slots_[i];
    if (slot.over) continue;
    const auto ask = slot.reader.next();
    if (!ask) continue;
    if (careful && ask->page > 1 && slot.reader.unfinished() != 0) continue;
    return again(i, ask->page);
  }
  return std::nullopt;
}

Run::Ask Run::again(std::size_t list, int page) const {
  const Slot& slot = slots_[list];
  Ask ask{list, page, slot.reader.url_of(page), summary.name + " page " + std::to_string(page)};
  if (slots_.size() > 1) ask.what += " of " + slot.list.label();
  return ask;
}

void Run::asked(const Ask& ask) { slots_[ask.list].reader.asked({ask.page, ask.url}); }

std::size_t Run::waiting() const {
  std::size_t pages = 0;
  for (std::size_t i = current_; i < slots_.size(); ++i) pages += slots_[i].reader.waiting();
  return pages;
}

Status Run::arrived(std::size_t list, int page, Body&& body, std::uint64_t ticket) {
  Slot& slot = slots_[list];
  if (slot.over) return {};
  Drift drift;
  auto content =
      decoder_.decode(endpoint(), api_.paging, std::move(body), decoded_, selection_asked(), drift);
  if (!content) return std::unexpected(std::move(content).error());
  fill_in(*content, slot.list.scope);
  auto status = slot.reader.arrived(page, *std::move(content), ticket);
  if (status)
    summary.drift.add(drift);
  else
    body = std::move(*content).give_up_body();
  return status;
}

void Run::fill_in(Page& page, const Scope& scope) const {
  for (std::size_t f = 0; f < endpoint().fields.size(); ++f) {
    const Field& field = endpoint().fields[f];
    if (field.sent != Sent::of_request || !decoded_.has(f)) continue;
    const auto value = std::ranges::find(scope, field.parameter, &Scope::value_type::first);
    if (value == scope.end()) continue;
    for (std::size_t row = 0; row < page.size(); ++row)
      if (!page.cell(row, f).has_value()) page.cell(row, f) = Cell::of(value->second);
  }
}

std::string Run::of_list(std::size_t list) const {
  const std::string label = slots_[list].list.label();
  return label.empty() ? label : label + ": ";
}

Status Run::refused(std::size_t list, int page, const std::string& reason) {
  if (page > 1) return fail(Code::forbidden, reason);
  // What the key may not read for the first company, it may not read for the others of the account.
  // Only the first one's word counts, so that the rows do not depend on which answer came first.
  const Scope& scope = slots_[list].list.scope;
  const auto same_account = [&](const Slot& slot) {
    return scope.empty() || slot.list.scope.front() == scope.front();
  };
  const bool first =
      std::ranges::find_if(slots_, same_account) == slots_.begin() + static_cast<long>(list);
  for (std::size_t i = list; i < slots_.size(); ++i)
    if (!slots_[i].over && (i == list || (first && same_account(slots_[i])))) {
      slots_[i].over = true;
      ++refused_lists_;
    }
  leave_out({Code::forbidden, of_list(list) + reason});
  return {};
}

void Run::leave_out(const Error& error) {
  summary.outcome = Outcome::skipped;
  summary.code = error.code;
  if (summary.reason.empty()) summary.reason = error.what;
}

bool Run::read_something() const {
  return summary.outcome != Outcome::failed && refused_lists_ < slots_.size();
}

Status Run::not_found(std::size_t list, int page, const std::string& reason) {
  if (page > 1) return fail(Code::not_found, reason);
  slots_[list].over = true;
  if (keys_wanted_ && !keys_missing_)
    keys_missing_ = Error{Code::not_found, of_list(list) + reason};
  summary.warnings.push_back(of_list(list) + reason + "; taken as an empty list");
  return {};
}

bool Run::heal(const std::string& message) {
  const auto refused = refused_fields(message, fields_to_name());
  if (refused.empty()) return false;
  std::string names;
  for (const auto& name : refused) {
    healed_.push_back(name);
    names += (names.empty() ? "" : ", ") + name;
  }
  summary.warnings.push_back("the API refused to send " + names + " (" + message +
                             "); asking again without, the column stays empty");
  for (Slot& slot : slots_)
    slot.reader.set_address(list_address(options_, endpoint(), slot.list, fields_to_name()));
  return true;
}

void Run::fail_with(const Error& error) {
  summary.outcome = Outcome::failed;
  summary.code = error.code;
  summary.reason = error.what;
  // What was written is gone with the unfinished file; only a stream keeps what it got.
  if (writer_ == nullptr || writer_->all_or_nothing())
    summary.rows = summary.bytes = summary.repeated = 0;
  writer_.reset();
  finished_ = true;
}

Result<std::optional<Run::Doubt>> Run::deliver(ParentKeys& parents) {
  while (!finished_) {
    if (current_ >= slots_.size() || (rows_left() == 0 && !keys_wanted_)) {
      if (auto status = finish(); !status) return std::unexpected(std::move(status).error());
      break;
    }
    Slot& slot = slots_[current_];
    if (slot.over || slot.reader.done()) {
      end_list();
      continue;
    }
    auto page = slot.reader.take();
    if (!page) break;
    auto doubtful = write(slot, *std::move(page), parents);
    if (!doubtful || *doubtful) return doubtful;
  }
  return std::optional<Doubt>{};
}

void Run::count_list(const Slot& slot) {
  if (slot.over) return;
  const auto total = slot.reader.total();
  summary.counted = summary.counted && total.has_value();
  summary.announced += static_cast<std::uint64_t>(std::max<std::int64_t>(total.value_or(0), 0));
}

void Run::end_list() {
  count_list(slots_[current_]);
  page_keys_.clear();
  ++current_;
  if (current_ >= slots_.size() || !same_rows_possible(current_ - 1, current_)) keys_.clear();
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
  return parent_values(slots_[list].list.scope) == parent_values(slots_[other].list.scope);
}

Result<std::optional<Run::Doubt>> Run::write(Slot& slot, ListReader::Delivered page,
                                             ParentKeys& parents) {
  if (auto doubtful = doubt(slot, page)) {
    if (!slot.reader.give_back(page.page)) return fail(Code::bad_answer, doubtful->error.what);
    return std::optional{*std::move(doubtful)};
  }
  remember(page.content);
  summary.repeated += drop_repeated(page.content);
  if (keys_wanted_) keep_keys(page.content.rows(), slot.list.scope, parents);
  const Rows rows = page.content.rows().first(rows_left());
  if (sink_ != nullptr && rows.count != 0) {
    if (auto status = open(); !status) return std::unexpected(std::move(status).error());
    if (auto status = writer_->write(rows); !status)
      return std::unexpected(std::move(status).error());
    summary.bytes = writer_->bytes();
  }
  summary.rows += rows.count;
  return std::optional<Doubt>{};
}

std::optional<Run::Doubt> Run::doubt(Slot& slot, const ListReader::Delivered& page) const {
  if (accepted_ == std::pair{current_, page.page}) return std::nullopt;
  const auto doubtful = [&](const char* what, bool fatal) {
    return Doubt{current_, page.page, page.ticket, {Code::bad_answer, what}, fatal};
  };
  if (slot.reader.ends_early(page))
    return doubtful("the page is empty, although the API announced more rows", false);
  if (page.page > 1 && page.content.size() != 0 &&
      repeats_only(page.content, slot.reader.counted()))
    return doubtful("the page repeats the one before: the API does not turn pages", true);
  return std::nullopt;
}

bool Run::repeats_only(const Page& page, bool counted) const {
  if (key_field_ == Endpoint::npos) return false;
  const Rows rows = page.rows();
  for (std::size_t i = 0; i < rows.count; ++i) {
    const Cell& key = rows.at(i, key_field_);
    // Rows without a key tell nothing; where nobody counts pages they must not go on for ever.
    if (!key.has_value() ? counted : !page_keys_.contains(key.text())) return false;
  }
  return true;
}

void Run::remember(const Page& page) {
  page_keys_.clear();
  if (key_field_ == Endpoint::npos) return;
  const Rows rows = page.rows();
  for (std::size_t i = 0; i < rows.count; ++i)
    if (const Cell& key = rows.at(i, key_field_); key.has_value()) page_keys_.insert(key.text());
}

std::size_t Run::drop_repeated(Page& page) {
  if (key_field_ == Endpoint::npos) return 0;
  const std::size_t before = page.size();
  page.erase_if([&](std::size_t row) {
    const Cell& key = page.cell(row, key_field_);
    return key.has_value() && !keys_.insert(key.text());
  });
  return before - page.size();
}

void Run::keep_keys(const Rows& rows, const Scope& scope, ParentKeys& parents) {
  const std::string name{endpoint().name};
  for (std::size_t i = 0; i < rows.count; ++i) {
    const Cell& key = rows.at(i, key_field_);
    if (key.has_value())
      parents.by_endpoint[name].push_back({scope, std::string{key.text()}});
    else if (!keys_missing_)
      keys_missing_ =
          Error{Code::bad_answer, "a row came without its " + std::string{endpoint().key}};
  }
}

Status Run::open() {
  if (writer_ != nullptr) return {};
  auto writer = sink_->open(table_);
  if (!writer) return std::unexpected(std::move(writer).error());
  writer_ = *std::move(writer);
  return {};
}

Status Run::finish() {
  finished_ = true;
  // A limit ends a run within a list, and before others.
  for (std::size_t i = current_; i < slots_.size(); ++i) count_list(slots_[i]);
  if (!options_.limit && summary.counted && summary.announced != summary.rows) {
    summary.count_differs = true;
    summary.warnings.push_back("the API announced " + std::to_string(summary.announced) +
                               " rows and sent " + std::to_string(summary.rows) +
                               ": the list changed while it was read; run again");
  }
  if (sink_ == nullptr || (refused_lists_ != 0 && !read_something())) return {};
  // Also without rows: a file with its header says "none", a missing file says nothing.
  if (auto status = open(); !status) return status;
  if (auto status = writer_->finish(); !status) return status;
  summary.bytes = writer_->bytes();
  summary.file = writer_->where();
  return {};
}

std::optional<std::uint64_t> Run::expected() const {
  std::uint64_t sum = summary.announced;
  for (std::size_t i = current_; i < slots_.size(); ++i) {
    if (slots_[i].over) continue;
    if (!slots_[i].reader.total()) return std::nullopt;
    sum += static_cast<std::uint64_t>(std::max<std::int64_t>(*slots_[i].reader.total(), 0));
  }
  return options_.limit ? std::min(sum, *options_.limit) : sum;
}

}  // namespace callrail
