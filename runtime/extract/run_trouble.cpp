/// Lists that cannot be read, or that the key may not read, beside others that can.
#include "run.hpp"

#include <utility>

namespace callrail {

namespace {

/// So many that could not be read, one after the other, are no lists in trouble: the API is, or the
/// way they are asked for.
constexpr std::size_t most_in_a_row = 10;

/// Of an account that were refused, from its start, and none was read: so will be the others.
constexpr std::size_t refusals_of_account = 3;

}  // namespace

bool Run::refused(const Ask& ask, const Error& error, bool by_api) {
  const std::size_t index = index_of(ask.slot);
  Slot& slot = slots_[index];
  if (slot.reader->has_pages() || saved_.lists[saved_.windows[index].list].total) return false;
  if (error.code == Code::not_found && endpoint().not_found_is_empty && by_api) {
    slot.reader->found_nothing();
  } else if (error.code == Code::not_found) {
    take_for_empty(index, error.what);
  } else {
    slot.trouble = Trouble{.error = error, .what = ask.what, .refused = true, .answered = true};
    slot.reader.reset();
  }
  return true;
}

bool Run::missed(const Ask& ask, const Error& error, int status) {
  const std::size_t index = index_of(ask.slot);
  if (!can_do_without(index, error, status)) return false;
  slots_[index].trouble =
      Trouble{.error = error, .what = ask.what, .refused = false, .answered = status != 0};
  slots_[index].reader.reset();
  return true;
}

bool Run::can_do_without(std::size_t index, const Error& error, int status) const {
  // Some of its windows may be written; and a limit is the key's, not the list's.
  if (number_of_lists() <= 1 || saved_.lists[saved_.windows[index].list].total || status == 429)
    return false;
  switch (error.code) {
    // Rows of many days were dear: the same command goes on with them when the API is up again.
    case Code::try_later: return !endpoint().dates || endpoint().dates.whole;
    case Code::bad_request:
    case Code::bad_answer:
    case Code::forbidden:
    case Code::not_found: return true;
    case Code::bad_key:
    case Code::sink_failed:
    case Code::cancelled:
    case Code::held: break;
  }
  return false;
}

/// Windows in trouble that nothing is decided of.
std::size_t Run::troubled() const {
  std::size_t i = current_;
  while (i < slots_.size() && slots_[i].trouble) ++i;
  return i - current_;
}

/// What becomes of the window in trouble whose turn it is.
Run::Decision Run::decide() const {
  for (std::size_t i = current_; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    // Whatever else is said of a list tells that the API is up.
    if (slot.trouble ? slot.trouble->refused : slot.reader == nullptr) return Decision::leave_out;
    if (slot.trouble && i + 1 - current_ == most_in_a_row) return Decision::end;
    if (slot.trouble) continue;
    return slot.reader->state() == WindowReader::State::settled ? Decision::leave_out
                                                                : Decision::wait;
  }
  return decide_at_the_end();
}

/// No list behind it could be read.
Run::Decision Run::decide_at_the_end() const {
  const std::uint64_t before =
      saved_.windows[current_].list + (saved_.many ? saved_.many->sum.lists : 0);
  if (before <= saved_.left_out) return Decision::end;
  // The API may have gone down before them: whether it is their own fault shows another time.
  for (std::size_t i = current_; i < slots_.size(); ++i) {
    const Trouble& trouble = *slots_[i].trouble;
    if (trouble.error.code == Code::try_later &&
        !(trouble.answered && saved_.lists[saved_.windows[i].list].failed_once))
      return Decision::end;
  }
  return Decision::leave_out;
}

/// False if that is not known yet, or the run is over.
bool Run::leave_out_or_end() {
  const Trouble trouble = *slots_[current_].trouble;
  switch (trouble.refused ? Decision::leave_out : decide()) {
    case Decision::wait: return false;
    case Decision::leave_out: leave_out_list(current_); return true;
    case Decision::end: break;
  }
  for (std::size_t i = current_; i < current_ + troubled(); ++i)
    saved_.lists[saved_.windows[i].list].failed_once = true;
  lists_changed_ = true;
  fail_with(Error{trouble.error}.in(trouble.what));
  return false;
}

void Run::leave_out_list(std::size_t index) {
  const Trouble trouble = *std::exchange(slots_[index].trouble, std::nullopt);
  const std::size_t list = saved_.windows[index].list;
  const std::string& reason = trouble.error.what;
  leave_out({trouble.error.code, of_list(index) + reason});
  give_no_rows(index, reason);
  const bool first = index == 0 || saved_.windows[index - 1].list != list;
  if (first) ++saved_.left_out;
  if (!trouble.refused || !first) return;
  for (std::size_t i = index + 1; i < slots_.size() && saved_.windows[i].list == list; ++i)
    give_no_rows(i, reason);
  saved_.lists[list].over = saved_.lists[list].refused = true;
  lists_changed_ = true;
  if (refused_from_the_start(list)) leave_out_account(index, reason);
}

bool Run::of_account(std::size_t list, std::size_t other) const {
  const Scope& scope = saved_.lists[list].scope;
  return !scope.empty() && scope.front() == saved_.lists[other].scope.front();
}

/// Whether an account has had as many refusals as it takes, and nothing else before them.
bool Run::refused_from_the_start(std::size_t list) const {
  if (list + 1 < refusals_of_account) return false;
  const std::size_t first = list + 1 - refusals_of_account;
  for (std::size_t i = first; i <= list; ++i)
    if (!saved_.lists[i].refused || !of_account(list, i)) return false;
  return first == 0 || !of_account(list, first - 1);
}

void Run::leave_out_account(std::size_t index, const std::string& reason) {
  const std::size_t list = saved_.windows[index].list;
  for (std::size_t i = index + 1; i < slots_.size(); ++i) {
    const std::size_t other = saved_.windows[i].list;
    if (other != list && !of_account(list, other)) break;
    give_no_rows(i, reason);
    saved_.lists[other].over = true;
    if (other != saved_.windows[i - 1].list) ++saved_.left_out;
  }
  if (saved_.many) saved_.many->refused.push_back({saved_.lists[list].scope.front(), reason});
  lists_changed_ = true;  // or a later process would ask again, and count again
}

void Run::leave_out(const Error& error) {
  summary.outcome = Outcome::skipped;
  if (!summary.reason.empty()) return;
  summary.reason = error.what;
  summary.code = error.code;
}

bool Run::read_something() const {
  return summary.outcome != Outcome::failed && saved_.left_out < number_of_lists();
}

}  // namespace callrail
