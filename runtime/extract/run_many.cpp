/// Which lists there are. Where they are very many they are laid out some hundred at a time, and
/// those that were read are summed up: what is held does not grow with them.
#include "key_set.hpp"
#include "run.hpp"

#include <algorithm>
#include <utility>

namespace callrail {

namespace {

/// Lists an endpoint may have to be laid out all at once, each told by itself.
constexpr std::uint64_t most_at_once = 256;
/// Lists laid out together where there are more, and windows that are always there to be asked for:
/// more than there can be requests in flight.
constexpr std::size_t some_lists = 256, least_ahead = 96;
constexpr std::size_t most_named = 10;
/// Lists that are kept though they are read: refusals are counted from the start of an account.
constexpr std::size_t still_compared = 3;

std::uint64_t print_after(std::uint64_t print, const Scope& scope) {
  std::string text = std::to_string(print);
  for (const auto& [parameter, value] : scope) text.append(1, '\x1f').append(value);
  return KeySet::print_of(text).first >> 1;  // databases know signed numbers only
}

void name_one(std::vector<WindowProof>& named, const WindowProof& found) {
  if (named.size() < most_named) named.push_back(found);
}

}  // namespace

Result<Window> Run::range() const {
  if (!endpoint().dates) return Window{};
  auto resolved =
      resolve_window(options_.range, api_.keeps_months, options_.began.value_or(clock_.today()));
  // What the API kept when the run began, it may keep no longer.
  if (resolved) clamp_window(*resolved, api_.keeps_months, clock_.today());
  return resolved;
}

Status Run::plan(const ParentKeys& parents) {
  if (waits_for_keys_) return go_on_laying_out(parents);
  planned_ = true;
  auto window = range();
  if (!window) return std::unexpected(std::move(window).error());
  if (!window->warning.empty()) summary.warnings.push_back(window->warning);
  if (endpoint().dates) summary.window = saved_.window = window->text();
  summary.counted = false;
  if (window->empty) return {};
  range_ = *std::move(window);
  Scopes scopes{endpoint(), options_, parents};
  const std::uint64_t lists = scopes.count();
  if (lists > most_at_once) saved_.many.emplace().lists = lists;
  to_come_ = std::move(scopes);
  lay_out_more();
  if (endpoint().dates && options_.read_from && !saved_.windows.empty()) {
    Window widest = range_;
    widest.from = std::ranges::min(saved_.windows, {}, &SavedWindow::from).from;
    summary.window = saved_.window = widest.text();
  }
  summary.counted = !slots_.empty();
  summary.lists = number_of_lists();
  return {};
}

/// An earlier process laid out the first lists. They are the same now unless the rows they belong
/// to were read again, and changed.
Status Run::go_on_laying_out(const ParentKeys& parents) {
  waits_for_keys_ = false;
  auto window = range();
  if (!window) return std::unexpected(std::move(window).error());
  Scopes scopes{endpoint(), options_, parents};
  std::uint64_t print = 0;
  for (std::uint64_t n = 0; n < saved_.many->laid_out; ++n) {
    const auto scope = scopes.next();
    if (!scope) break;
    print = print_after(print, *scope);
  }
  if (print != saved_.many->print) {
    if (auto status = begin_anew(); !status) return status;
    summary.warnings.push_back(
        "the lists are not those of an earlier run any more: reading them "
        "from the beginning");
    return plan(parents);
  }
  range_ = *std::move(window);
  if (!range_.empty) to_come_ = std::move(scopes);
  saved_.many->lists = Scopes{endpoint(), options_, parents}.count();
  summary.lists = number_of_lists();
  return {};
}

std::uint64_t Run::number_of_lists() const {
  return saved_.many ? saved_.many->lists : saved_.lists.size();
}

/// Sees to it that there is something to ask for while there are lists to come.
void Run::lay_out_more() {
  const bool many = saved_.many.has_value();
  if (!to_come_ || (many && slots_.size() - current_ > least_ahead)) return;
  // Those before the one being read are still compared with it.
  if (many && current_ < slots_.size())
    sum_up(std::max(saved_.windows[current_].list, still_compared) - still_compared);
  for (std::size_t n = 0; !many || n < some_lists; ++n) {
    auto scope = to_come_->next();
    if (!scope) {
      to_come_.reset();
      break;
    }
    lay_out(*std::move(scope));
  }
  lists_changed_ = true;
}

/// The days of a list.
Window Run::window_of(const Scope& scope) const {
  if (!endpoint().dates || !options_.read_from) return range_;
  const auto from = options_.read_from(endpoint(), scope);
  return from ? begin_at(range_, *from) : range_;
}

void Run::lay_out(Scope scope) {
  const std::size_t list = saved_.lists.size(), first = saved_.windows.size();
  const std::string word = [&] {
    const auto step = std::ranges::find(scope, endpoint().dates.step, &Scope::value_type::first);
    return step == scope.end() ? std::string{} : step->second;
  }();
  const Window days = window_of(scope);
  for (const Window& window : endpoint().dates.most_points == 0
                                  ? std::vector{days}
                                  : cut_by_points(days, endpoint().dates.most_points, word))
    saved_.windows.push_back(
        {.list = list, .from = window.from, .to = window.to, .zone = window.zone});
  saved_.lists.push_back({.scope = std::move(scope), .over = false, .total = {}, .rows = 0});
  for (std::size_t i = first; i < saved_.windows.size(); ++i) slots_.push_back(make_slot(i));
  if (!saved_.many) return;
  ++saved_.many->laid_out;
  const Scope& laid_out = saved_.lists.back().scope;
  saved_.many->print = print_after(saved_.many->print, laid_out);
  for (const auto& [of, reason] : saved_.many->refused)
    if (!laid_out.empty() && laid_out.front() == of) {
      for (std::size_t i = first; i < slots_.size(); ++i) give_no_rows(i, reason);
      saved_.lists[list].over = true;
      ++saved_.left_out;
    }
}

/// Adds the first so many lists to the sum, and forgets them.
void Run::sum_up(std::size_t lists) {
  if (lists == 0) return;
  SavedEndpoint::Many& many = *saved_.many;
  ListSum& sum = many.sum;
  std::size_t windows = 0, doubted = lists;
  for (; windows < saved_.windows.size() && saved_.windows[windows].list < lists; ++windows) {
    const SavedWindow& window = saved_.windows[windows];
    const SavedEndpoint::List& list = saved_.lists[window.list];
    const WindowProof& found = window.found;
    if (!list.total && !list.over) {
      sum.announced += found.announced.value_or(0);
      sum.counted = sum.counted && found.announced;
    }
    if (!window.settled || !found.proof) {
      ++sum.unread;
      continue;
    }
    ++sum.windows[static_cast<std::size_t>(*found.proof)];
    if (is_complete(*found.proof)) continue;
    name_one(list.over ? many.missing : many.doubtful, found);
    if (!list.over && std::exchange(doubted, window.list) != window.list) ++sum.doubtful;
  }
  for (std::size_t i = 0; i < lists; ++i) {
    sum.rows += saved_.lists[i].rows;
    sum.announced += saved_.lists[i].total.value_or(0);
    sum.unknown += saved_.lists[i].unknown ? 1 : 0;
  }
  sum.lists += lists;
  const auto behind = static_cast<std::ptrdiff_t>(windows);
  saved_.windows.erase(saved_.windows.begin(), saved_.windows.begin() + behind);
  slots_.erase(slots_.begin(), slots_.begin() + behind);
  saved_.lists.erase(saved_.lists.begin(),
                     saved_.lists.begin() + static_cast<std::ptrdiff_t>(lists));
  for (SavedWindow& window : saved_.windows) window.list -= lists;
  current_ -= std::min(current_, windows);
  frontier_ -= std::min(frontier_, windows);
  uncommitted_.clear();  // all of them are written with the lists
  lists_changed_ = true;
}

/// Thousands of lists may lack for one reason: that is one warning.
void Run::tell_sum() {
  const std::string of_all = " of " + std::to_string(number_of_lists()) + " lists ";
  const std::uint64_t unknown = saved_.many
                                    ? saved_.many->sum.unknown
                                    : static_cast<std::uint64_t>(std::ranges::count(
                                          saved_.lists, true, &SavedEndpoint::List::unknown));
  // Few of them were told one by one.
  if (unknown != 0 && number_of_lists() > most_told)
    summary.warnings.push_back(std::to_string(unknown) + of_all +
                               "are not known to the API; taken as empty lists");
  if (!saved_.many) return;
  const SavedEndpoint::Many& many = *saved_.many;
  if (many.doubtful.empty()) return;
  const WindowProof& first = many.doubtful.front();
  summary.warnings.push_back(std::to_string(many.sum.doubtful) + of_all +
                             "are not proven complete, such as " + first.scope + ": " +
                             std::string{to_text(*first.proof)} + ": " + first.why + "; run again");
}

}  // namespace callrail
