/// What survives the process: restoring, committing, giving up.
#include "run.hpp"

#include <algorithm>

namespace callrail {

namespace {

/// Rows that may be read twice after a crash, and how often the disk is waited for.
constexpr std::uint64_t most_uncommitted_rows = 1000;
constexpr std::size_t most_uncommitted_windows = 32;
constexpr std::chrono::seconds longest_uncommitted{2};

/// Whether the same command has a chance to go on later.
bool is_passing(Code code) {
  return code == Code::try_later || code == Code::cancelled || code == Code::sink_failed ||
         code == Code::bad_key || code == Code::held;
}

}  // namespace

Status Run::restore(ParentKeys& parents) {
  auto status = checkpoint_ == nullptr ? Status{} : take_up(parents);
  restored_ = status.has_value();
  return status;
}

Status Run::take_up(ParentKeys& parents) {
  auto saved = checkpoint_->load(endpoint().name);
  if (!saved) return std::unexpected(std::move(saved).error());
  if (!*saved) return {};
  if ((*saved)->stage == SavedEndpoint::Stage::reading && sink_ != nullptr &&
      (*saved)->position.bytes != 0) {
    auto writer = sink_->open(table_, (*saved)->position);
    if (!writer) return std::unexpected(std::move(writer).error());
    writer_ = *std::move(writer);
    if (writer_->bytes() != (*saved)->position.bytes) {
      summary.warnings.push_back("what an earlier run left of " + writer_->where() +
                                 " is not there any more: reading it from the beginning");
      return checkpoint_->forget(endpoint().name);
    }
  }
  adopt(**std::move(saved), parents);
  if (saved_.stage == SavedEndpoint::Stage::reading) return {};
  const TableProof found = show_proof();
  summary.file = saved_.where;
  finished_ = true;
  const bool was_published = saved_.stage == SavedEndpoint::Stage::published;
  if (was_published && (sink_ == nullptr || saved_.where.empty())) return {};
  // Also what was there once may have been taken away since.
  auto published = sink_->publish_finished(table_, saved_.position, found);
  if (!published) return std::unexpected(std::move(published).error());
  if (*published) return was_published ? Status{} : save(SavedEndpoint::Stage::published);
  parents.by_endpoint.erase(summary.name);
  return begin_anew();
}

/// Forgets what an earlier process left, and what it wrote.
Status Run::begin_anew() {
  const std::string name = summary.name;
  summary = {};
  summary.name = name;
  if (writer_ != nullptr) writer_->discard();
  writer_.reset();
  saved_ = {};
  slots_.clear();
  current_ = frontier_ = kept_keys_ = 0;
  list_rows_ = 0;
  planned_ = finished_ = waits_for_keys_ = false;
  lists_changed_ = keys_anew_ = true;
  keys_missing_.reset();
  keys_.clear();
  return checkpoint_->forget(endpoint().name);
}

void Run::adopt(SavedEndpoint saved, ParentKeys& parents) {
  saved_ = std::move(saved);
  planned_ = true;
  summary.resumed = true;
  summary.lists = number_of_lists();
  waits_for_keys_ = saved_.many && saved_.stage == SavedEndpoint::Stage::reading &&
                    saved_.many->laid_out < saved_.many->lists;
  summary.window = saved_.window;
  summary.rows = saved_.position.rows;
  summary.bytes = saved_.position.bytes;
  summary.repeated = saved_.repeated;
  summary.requests = saved_.requests;
  summary.retries = saved_.retries;
  summary.took = std::chrono::milliseconds{saved_.took_milliseconds};
  summary.warnings = saved_.warnings;
  summary.drift = saved_.drift;
  summary.outcome = static_cast<Outcome>(saved_.outcome);
  summary.reason = saved_.reason;
  if (saved_.code) summary.code = static_cast<Code>(*saved_.code);
  if (!saved_.keys_missing.empty()) keys_missing_ = Error{Code::bad_answer, saved_.keys_missing};
  keys_.add_bytes(saved_.seen);
  keys_anew_ = false;
  kept_keys_ = saved_.keys.size();
  lists_changed_ = false;
  if (!saved_.keys.empty()) parents.by_endpoint[summary.name] = &saved_.keys;
  slots_.clear();
  for (std::size_t i = 0; i < saved_.windows.size(); ++i) {
    SavedWindow& window = saved_.windows[i];
    if (window.settled) {
      slots_.push_back({++last_slot_, nullptr});
      current_ = frontier_ = i + 1;
      continue;
    }
    if (saved_.lists[window.list].over || window.found.proof ||
        saved_.stage != SavedEndpoint::Stage::reading) {
      slots_.push_back({++last_slot_, nullptr});
      continue;
    }
    if (endpoint().dates) {
      // The API keeps less than when this was laid out.
      Window now{.from = window.from, .to = window.to, .zone = window.zone, .warning = {}};
      clamp_window(now, api_.keeps_months, clock_.today());
      if (now.empty) {
        slots_.push_back({++last_slot_, nullptr});
        window.found = proof_of(i);
        window.found.proof = Proof::unproven;
        window.found.why = "the API no longer keeps these days";
        continue;
      }
      window.from = now.from;
    }
    slots_.push_back(make_slot(i));
  }
  if (current_ > 0 && current_ < saved_.windows.size() &&
      saved_.windows[current_ - 1].list == saved_.windows[current_].list)
    list_rows_ = saved_.lists[saved_.windows[current_].list].rows;
}

Status Run::open() {
  if (writer_ != nullptr) return {};
  auto writer = sink_->open(table_);
  if (!writer) return std::unexpected(std::move(writer).error());
  writer_ = *std::move(writer);
  return {};
}

Status Run::commit_if_due() {
  if (checkpoint_ == nullptr || finished_) return {};
  const bool due = uncommitted_rows_ >= most_uncommitted_rows ||
                   uncommitted_.size() >= most_uncommitted_windows ||
                   clock_.now() - committed_at_ >= longest_uncommitted;
  return due ? commit() : Status{};
}

/// First the rows, then the word that they are there.
Status Run::commit() {
  if (checkpoint_ == nullptr || (uncommitted_.empty() && !lists_changed_)) return {};
  if (writer_ != nullptr) {
    auto position = writer_->commit();
    if (!position) return std::unexpected(std::move(position).error());
    saved_.position = *std::move(position);
  }
  return save(SavedEndpoint::Stage::reading);
}

void Run::note_facts() {
  saved_.position.rows = summary.rows;
  if (current_ < saved_.windows.size())
    saved_.lists[saved_.windows[current_].list].rows = list_rows_;
  saved_.seen = keys_anew_ ? keys_.bytes() : fresh_keys_;
  saved_.repeated = summary.repeated;
  saved_.requests = summary.requests;
  saved_.retries = summary.retries;
  saved_.took_milliseconds = summary.took.count();
  saved_.warnings = summary.warnings;
  saved_.drift = summary.drift;
  saved_.outcome = static_cast<int>(summary.outcome);
  saved_.reason = summary.reason;
  saved_.keys_missing = keys_missing_ ? keys_missing_->what : std::string{};
  saved_.code.reset();
  if (summary.code) saved_.code = static_cast<int>(*summary.code);
}

Status Run::save(SavedEndpoint::Stage stage) {
  saved_.stage = stage;
  if (!media_.empty())
    if (auto kept = options_.media->commit(); !kept) return kept;
  if (checkpoint_ == nullptr) return {};
  note_facts();
  CheckpointChange change{.facts = &saved_,
                          .lists = lists_changed_,
                          .windows = uncommitted_,
                          .new_keys = saved_.keys.size() - kept_keys_,
                          .seen_anew = keys_anew_};
  if (auto status = checkpoint_->save(endpoint().name, change); !status) return status;
  kept_keys_ = saved_.keys.size();
  uncommitted_.clear();
  uncommitted_rows_ = 0;
  fresh_keys_.clear();
  lists_changed_ = keys_anew_ = false;
  committed_at_ = clock_.now();
  return {};
}

void Run::fail_with(const Error& error) {
  // Settled windows are worth keeping; without rows of its own the run costs little to repeat.
  parked_ = checkpoint_ != nullptr && is_passing(error.code) && planned_;
  // If even that fails, the commit before it still holds; so it does for a table that has its end.
  if (parked_ && !whole_ && !torn_) (void)commit();
  summary.outcome = Outcome::failed;
  summary.code = error.code;
  summary.reason = error.what;
  if (!parked_) {
    if (writer_ != nullptr) writer_->discard();
    // Nothing is lost if this fails too: what it leaves behind does not fit together, and a later
    // run notices.
    if (checkpoint_ != nullptr && restored_) (void)checkpoint_->forget(endpoint().name);
  }
  // What was written is gone with the unfinished file; only a stream keeps what it got.
  if (writer_ == nullptr || writer_->all_or_nothing())
    summary.rows = summary.bytes = summary.repeated = 0;
  writer_.reset();
  finished_ = true;
}

}  // namespace callrail
