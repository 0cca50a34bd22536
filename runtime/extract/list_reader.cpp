#include "list_reader.hpp"

#include <callrail/url.hpp>

#include <algorithm>

namespace callrail {

ListReader::ListReader(const PagingFacts& facts, Paging style, std::string address, int page_size)
    : facts_{facts}, style_{style}, address_{std::move(address)}, page_size_{page_size} {
  if (style_ == Paging::relative) next_url_ = first_relative();
}

void ListReader::set_address(std::string address) {
  address_ = std::move(address);
  if (style_ == Paging::relative && next_page_ == 1) next_url_ = first_relative();
}

namespace {

char joint(const std::string& url) { return url.find('?') == std::string::npos ? '?' : '&'; }

}  // namespace

std::string ListReader::first_relative() const {
  return address_ + joint(address_) + std::string{facts_.relative} + "=true&" +
         std::string{facts_.size} + '=' + std::to_string(page_size_);
}

std::string ListReader::url_of(int page) const {
  if (style_ == Paging::relative) {
    if (page == 1) return first_relative();
    const auto at = urls_.find(page);
    return at != urls_.end() ? at->second : next_url_;
  }
  return address_ + joint(address_) + std::string{facts_.page} + '=' +
         std::to_string(facts_.first_page + page - 1) + '&' + std::string{facts_.size} + '=' +
         std::to_string(page_size_);
}

std::optional<ListReader::Ask> ListReader::next() const {
  if (done_) return std::nullopt;
  if (style_ == Paging::relative) {
    if (next_url_.empty()) return std::nullopt;
    return Ask{next_page_, next_url_};
  }
  // Without a number of pages each one has to tell whether there is another.
  const int known = pages_ ? *pages_ : next_taken_;
  if (next_page_ > 1 && next_page_ > known) return std::nullopt;
  return Ask{next_page_, url_of(next_page_)};
}

void ListReader::asked(const Ask& ask) {
  if (style_ == Paging::relative) {
    urls_[ask.page] = ask.url;
    next_url_.clear();
  }
  next_page_ = std::max(next_page_, ask.page + 1);
}

Status ListReader::follow(const Page& page) {
  const Envelope& envelope = page.envelope;
  const auto rows = static_cast<std::int64_t>(page.size());
  if (envelope.more == false) return done_ = true, Status{};
  if (!envelope.next) {
    if (envelope.more == true && rows != 0)
      return fail(Code::bad_answer, "the API says there are more pages, but not where");
    if (!envelope.more && (envelope.pages.value_or(0) > 1 || envelope.total.value_or(0) > rows))
      return fail(Code::bad_answer,
                  "asked for relative pages, the API counted pages instead; use offset paging");
    return done_ = true, Status{};
  }
  if (!same_origin(*envelope.next, address_))
    return fail(Code::bad_answer,
                "the address of the next page leads to another host, which must not see the key");
  if (!followed_.insert(*envelope.next).second)
    return fail(Code::bad_answer, "the pages go round in a circle");
  next_url_ = *envelope.next;
  return {};
}

Status ListReader::arrived(int page, Page&& content, std::uint64_t ticket) {
  const Envelope& envelope = content.envelope;
  if (style_ == Paging::relative) {
    if (auto status = follow(content); !status) return status;
  } else {
    // A parameter that got lost on the way brings the first page again and again.
    const int number = facts_.first_page + page - 1;
    if (envelope.page && *envelope.page != number)
      return fail(Code::bad_answer, "asked for page " + std::to_string(number) + ", got page " +
                                        std::to_string(*envelope.page));
    // Pages may have come and gone since: the latest word counts. Zero pages is what some answers
    // say instead of nothing.
    if (envelope.pages && *envelope.pages > 0)
      pages_ = static_cast<int>(std::min<std::int64_t>(*envelope.pages, 1'000'000'000));
    else if (page == 1)
      pages_.reset();
  }
  // A total of nothing beside rows is no total.
  if (envelope.total && (*envelope.total > 0 || content.size() == 0)) total_ = envelope.total;
  arrived_.insert_or_assign(page, Delivered{page, std::move(content), ticket});
  return {};
}

std::optional<ListReader::Delivered> ListReader::take() {
  const auto at = arrived_.find(next_taken_);
  if (at == arrived_.end()) return std::nullopt;
  Delivered delivered = std::move(at->second);
  arrived_.erase(at);
  ++next_taken_;
  if (style_ == Paging::offset) done_ = was_last(delivered.page, delivered.content.size());
  return delivered;
}

bool ListReader::was_last(int page, std::size_t rows) {
  if (page == 1) full_page_ = rows, rows_taken_ = 0;
  rows_taken_ += static_cast<std::int64_t>(rows);
  if (rows == 0) return page > 1 || !pages_ || *pages_ <= 1;
  if (!pages_) return false;
  if (page < *pages_) return false;
  // Behind a page that is full there may be another, whatever the totals say: they have been wrong
  // by a few rows. It costs a request where a list ends with a full page, one in 250.
  const auto full = page == 1 ? static_cast<std::size_t>(page_size_) : full_page_;
  if (rows < full && !(total_ && rows_taken_ < *total_ && rows >= full_page_)) return true;
  pages_ = page + 1;
  return false;
}

bool ListReader::ends_early(const Delivered& delivered) const {
  return delivered.content.size() == 0 && delivered.page > 1 && style_ == Paging::offset &&
         ((pages_ && delivered.page < *pages_) || (total_ && rows_taken_ < *total_));
}

bool ListReader::give_back(int page) {
  if (style_ == Paging::relative) {
    if (next_page_ != page + 1) return false;
    followed_.erase(next_url_);
    next_url_.clear();
  }
  next_taken_ = page;
  done_ = false;
  return true;
}

}  // namespace callrail
