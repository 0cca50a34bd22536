#include "window_reader.hpp"

#include <algorithm>

namespace callrail {

namespace {

constexpr int most_passes = 3;
constexpr int most_bridges = 8;
constexpr std::size_t most_at_once = 8;
constexpr std::uint64_t most_parts = 1000;

std::string counted(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); }

}  // namespace

WindowReader::WindowReader(const Reading& facts)
    : facts_{facts},
      chain_{facts.key, facts.cursor},
      shelf_{facts.scratch},
      size_{facts.page_size} {
  if (facts_.only_count)
    ask({});
  else
    append({1, size_});
}

std::optional<WindowReader::Ask> WindowReader::next() const {
  if (state_ != State::reading) return std::nullopt;
  for (std::size_t i = 0; i < reads_.size(); ++i)
    if (!reads_[i].asked) return ask_of(i);
  return std::nullopt;
}

void WindowReader::asked(std::size_t read) { begun_ = reads_[read].asked = true; }

WindowReader::Ask WindowReader::ask_of(std::size_t read) const {
  const PagingFacts& names = *facts_.paging;
  const Read& wanted = reads_[read];
  Ask ask{read, {}, "count"};
  const auto add = [&](Text name, std::int64_t value) {
    if (!ask.query.empty()) ask.query += '&';
    ask.query.append(name) += '=' + std::to_string(value);
  };
  if (wanted.link == none) {
    add(names.page, names.first_page);
    add(names.size, 1);
    return ask;
  }
  if (facts_.style == Paging::whole) {
    ask.what = "page";
    return ask;
  }
  ask.what = "page " + std::to_string(wanted.span.number);
  if (relative()) {
    ask.query.append(names.relative) += "=true";
    if (wanted.span.number > 1) add(names.relative_offset, wanted.span.number - 1);
  } else {
    add(names.page, names.first_page + wanted.span.number - 1);
  }
  add(names.size, wanted.span.size);
  return ask;
}

std::size_t WindowReader::pages_held() const {
  std::size_t pages = 0;
  for (const Chain::Link& link : chain_.links) pages += link.page ? 1 : 0;
  for (const Read& read : reads_) pages += read.asked && !read.here ? 1 : 0;
  return pages;
}

bool WindowReader::has_pages() const {
  return std::ranges::any_of(chain_.links,
                             [](const Chain::Link& link) { return link.page.has_value(); });
}

bool WindowReader::waiting() const {
  return std::ranges::any_of(reads_, [](const Read& read) { return !read.here; });
}

void WindowReader::append(Span span) {
  Chain::Link link{.span = span};
  if (!chain_.links.empty()) {
    const Chain::Link& before = chain_.links.back();
    link.linked = span.begin() < (before.page ? before.end() : before.span.end());
    unlinked_ = unlinked_ || !link.linked;
  }
  chain_.links.push_back(std::move(link));
  ask({.span = span, .link = chain_.links.size() - 1});
}

void WindowReader::read_again(std::size_t link) {
  ask({.span = chain_.links[link].span, .link = link});
}

void WindowReader::note_total(std::optional<std::int64_t> total, std::size_t rows) {
  // A total of nothing beside rows is no total.
  if (!total || *total < 0 || (*total == 0 && rows != 0)) return;
  const auto now = static_cast<std::uint64_t>(*total);
  moved_ = moved_ || (total_ && *total_ != now);
  total_ = now;
}

Status WindowReader::arrived(std::size_t number, Page&& page, bool insist) {
  Read& read = reads_[number];
  if (read.here || state_ != State::reading) return {};
  const Envelope& envelope = page.envelope;
  if (read.link != none && facts_.style == Paging::offset) {
    // A parameter that got lost on the way brings the first page again and again.
    const int wanted = facts_.paging->first_page + read.span.number - 1;
    if (envelope.page && *envelope.page != wanted)
      return fail(Code::bad_answer, "asked for page " + std::to_string(wanted) + ", got page " +
                                        std::to_string(*envelope.page));
  }
  if (read.link != none && !insist && page.size() == 0 && envelope.total &&
      *envelope.total > static_cast<std::int64_t>(read.span.begin()))
    return fail(Code::bad_answer, "the page is empty, although the API announced more rows");
  if (read.link != none && relative() && !envelope.more && !envelope.next &&
      (envelope.pages.value_or(0) > 1 ||
       envelope.total.value_or(0) > static_cast<std::int64_t>(page.size())))
    return fail(Code::bad_answer,
                "asked for relative pages, the API counted pages instead; use offset paging");
  read.here = true;
  note_total(envelope.total, page.size());
  counted_ = read.link == none;
  if (read.link != none) {
    Chain::Link& link = chain_.links[read.link];
    link.more = envelope.more;
    only_page_ = envelope.pages == 1;
    pages_ = envelope.pages.value_or(1);
    link.page = std::move(page);
    link.aside = false;
    link.read = ++clock_;
    // What was planned behind it was planned in vain.
    if (link.page->size() == 0 && read.link > 0) forget_unasked();
  }
  if (waiting())
    chain_.count_ahead();
  else
    go_on();
  return {};
}

std::size_t WindowReader::memory() const {
  std::size_t bytes = 0;
  for (const Chain::Link& link : chain_.links)
    if (link.page && !link.aside) bytes += link.page->memory();
  return bytes;
}

void WindowReader::put_aside(std::size_t most) {
  std::size_t bytes = memory();
  // The last one last: the next page is compared with its end.
  for (std::size_t i = 0; i < chain_.links.size() && bytes > most; ++i) {
    Chain::Link& link = chain_.links[i];
    if (!link.page || link.aside) continue;
    // Keys lie in the body, if there is one, and to look at them brings it back.
    if (i >= chain_.counted() && link.page->has_body()) continue;
    link.aside = true;
    bytes -= link.page->memory();
    link.page->large_pieces([&](std::string_view piece) { shelf_.put_aside(piece); });
  }
}

void WindowReader::forget_unasked() {
  held_.reset();
  while (!reads_.back().asked && reads_.back().link + 1 == chain_.links.size()) {
    reads_.pop_back();
    chain_.links.pop_back();
  }
}

/// All that was asked for is here: what now?
void WindowReader::go_on() {
  if (facts_.only_count) return settle(std::nullopt);
  if (held_) {
    append(*std::exchange(held_, std::nullopt));
    return;
  }
  chain_.count();
  if (facts_.style == Paging::whole) return judge_whole();
  if (!planned_) {
    plan_pages();
    if (state_ != State::reading || waiting()) return;
  }
  if (mend()) return;
  if (chain_.rows() >= facts_.enough) return settle(std::nullopt, "ended by the limit");
  if (!ended()) return extend();
  compare();
}

/// The first page tells how many there are.
void WindowReader::plan_pages() {
  const Chain::Link& first = chain_.links.front();
  const std::size_t rows = first.page->size();
  if (relative() && chain_.links.front().more == true && !counted_) return ask({});
  planned_ = true;
  // A server that gives smaller pages than it was asked for goes on doing so.
  if (rows != 0 && rows < static_cast<std::size_t>(size_) && total_.value_or(rows + 1) > rows)
    size_ = static_cast<int>(rows);
  if (!total_) return;
  const std::uint64_t wanted = std::min(*total_, facts_.enough);
  // Parts differ in size: with room for that, most of them take a page less than `most`.
  if (facts_.most && wanted > *facts_.most + *facts_.most / 2)
    return cut((*total_ * 16 + *facts_.most * 13 - 1) / (*facts_.most * 13));
  if (rows != 0 && rows < wanted) extend();
}

/// Asks for the pages behind the last one: several at once where the API said how many there are,
/// but not for hundreds, because it may be wrong.
void WindowReader::extend() {
  const std::uint64_t wanted = std::min(total_.value_or(0), facts_.enough);
  std::uint64_t covered = chain_.links.back().end();
  std::vector<Span> spans;
  do {
    spans.push_back(span_after(covered, size_));
    covered = spans.back().end();
  } while (covered < wanted && spans.size() < most_at_once);
  const bool reaches_end = covered >= wanted;
  if (reaches_end && spans.size() > 1) {
    held_ = spans.back();
    spans.pop_back();
  }
  for (const Span& span : spans) append(span);
}

/// Whether something has to be read first because pages do not fit together.
bool WindowReader::mend() {
  for (std::size_t i = 1; i < chain_.links.size(); ++i) {
    Chain::Link& link = chain_.links[i];
    if (link.is_full() && !link.bridge && chain_.new_rows(i) == 0) {
      // Rows that came in may have pushed known ones here, or the page parameter got lost. Then
      // the first page is still the same one, too.
      if (link.again++ == 0) return read_again(i), true;
      if (chain_.begins_alike(i, 0) && link.again == 2) return read_again(0), true;
      if (chain_.begins_alike(i, 0)) {
        failure_.what = "page " + std::to_string(link.span.number) +
                        " repeats the first one: the API does not turn pages";
        state_ = State::failed;
        return true;
      }
    }
    // Several pages beyond the end are one too many.
    if (link.page->size() == 0 && i + 1 < chain_.links.size() &&
        chain_.links[i + 1].page->size() == 0)
      return drop(i + 1);
    if (link.linked && !chain_.touches_previous(i)) return bridge(i);
  }
  return false;
}

bool WindowReader::drop(std::size_t link) {
  chain_.links.erase(chain_.links.begin() + static_cast<std::ptrdiff_t>(link));
  reads_.clear();
  chain_.count();
  return mend();
}

/// Closes the gap before a link; true if that takes a request, or cannot be done.
bool WindowReader::bridge(std::size_t at) {
  const Chain::Link& before = chain_.links[at - 1];
  const Chain::Link& behind = chain_.links[at];
  moved_ = true;
  // The list ended with the page before, and that is the later word.
  if (!before.is_full() && before.read > behind.read) return drop(at);
  if (bridges_ == most_bridges) return give_up("the pages would not fit together"), true;
  const auto half = static_cast<std::uint64_t>(size_ / 2);
  const std::uint64_t more = std::max<std::uint64_t>(2, half / 8) << std::min(bridges_, 8);
  const std::uint64_t covered = before.page->size() == 0 ? before.span.begin() : before.end();
  ++bridges_;
  const Span span = span_after(covered, size_, std::min(more, half));
  if (span.begin() >= covered) return read_again(at - 1), true;
  Chain::Link link{.span = span, .bridge = true};
  chain_.links.insert(chain_.links.begin() + static_cast<std::ptrdiff_t>(at), std::move(link));
  reads_.clear();
  ask({.span = span, .link = at});
  return true;
}

/// Whether the last page is the end of the list. Behind a full page there may be another, whatever
/// the totals say: they have been wrong by a few rows.
bool WindowReader::ended() const {
  const Chain::Link& last = chain_.links.back();
  if (last.page->size() == 0) return true;
  const bool nothing_new = chain_.links.size() > 1 && chain_.new_rows(chain_.links.size() - 1) == 0;
  if (nothing_new && (last.again > 0 || !last.is_full())) return true;
  if (relative() && last.more) return !*last.more;
  if (!total_ && only_page_ && chain_.links.size() == 1 && !last.is_full()) return true;
  // Where nobody counts, only a page that brings nothing new is the end.
  return total_ && !last.is_full() && last.page->size() < static_cast<std::size_t>(size_);
}

/// Rows that came to the front behind our back are on the first page, read last of all.
bool WindowReader::look_at_front() {
  if (!facts_.newest_first || chain_.links.size() < 2) return false;
  const auto newest = std::ranges::max_element(chain_.links, {}, &Chain::Link::read);
  if (front_ && newest == chain_.links.begin()) return false;
  if (front_) return read_again(0), true;
  front_ = true;
  chain_.links.front().linked = chain_.links.front().bridge = true;
  chain_.links.insert(chain_.links.begin(), Chain::Link{.span = {1, size_}, .bridge = true});
  reads_.clear();
  ask({.span = {1, size_}, .link = 0});
  return true;
}

void WindowReader::compare() {
  if (look_at_front()) return;
  if (relative() && !counted_ && !next_of_pass()) return ask({});
  if (waiting()) return;
  if (!total_) return settle(Proof::unproven, "the API gives no number of rows");
  const bool agree = chain_.rows() == *total_;
  if (agree && (!facts_.sorted || chain_.is_ordered())) {
    if (unlinked_) return settle(Proof::unproven, "pages this small cannot overlap");
    if (moved_ || passes_ > 0)
      return settle(Proof::proven_with_churn, "the list changed while it was read");
    return settle(Proof::proven);
  }
  if (next_of_pass()) return;
  if (passes_ > 0) {
    const bool held_still = chain_.print() == print_before_ && total_ == total_before_;
    if (held_still && agree)
      return settle(Proof::proven_with_churn, "the rows came in another order than asked for");
    if (held_still)
      return settle(Proof::contradicted, "the API announces " + counted(*total_) + " and sends " +
                                             std::to_string(chain_.rows()) + ", twice the same");
    if (facts_.most && chain_.links.size() > 1) return cut(2);
    if (passes_ == most_passes) return give_up("the list would not hold still");
  }
  begin_pass();
}

/// Where all rows come at once, nothing moved meanwhile; but the answer may say that it is a part.
void WindowReader::judge_whole() {
  const std::uint64_t rows = chain_.rows();
  if (rows >= facts_.enough) return settle(std::nullopt, "ended by the limit");
  std::string why;
  if (total_ && *total_ > rows)
    why = "announces " + counted(*total_);
  else if (pages_ > 1)
    why = "counts " + std::to_string(pages_) + " pages";
  else if (chain_.links.front().more == true)
    why = "says that there are more";
  if (why.empty()) return settle(Proof::proven);
  settle(Proof::contradicted,
         "the API " + why + " and sends " + counted(rows) + " where all are to come at once");
}

/// Reads the next page of a running pass again; false if none is left.
bool WindowReader::next_of_pass() {
  if (pass_link_ == none) return false;
  if (pass_link_ >= chain_.links.size()) {
    pass_link_ = none;
    return false;
  }
  read_again(pass_link_++);
  return true;
}

void WindowReader::begin_pass() {
  ++passes_;
  print_before_ = chain_.print();
  total_before_ = total_;
  pass_link_ = 0;
  next_of_pass();
}

void WindowReader::give_up(std::string why) {
  if (facts_.most && chain_.links.size() > 1) return cut(2);
  settle(Proof::unproven, std::move(why));
}

void WindowReader::settle(std::optional<Proof> proof, std::string why) {
  rows_ = chain_.rows();
  proof_ = proof;
  why_ = std::move(why);
  state_ = State::settled;
}

void WindowReader::cut(std::uint64_t parts) {
  parts_ = std::clamp<std::uint64_t>(parts, 2, most_parts);
  chain_.clear();
  state_ = State::too_large;
}

}  // namespace callrail
