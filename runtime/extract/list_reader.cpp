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

Status ListReader::follow(const Envelope& envelope, bool empty) {
  if (envelope.more == false || (!envelope.more && !envelope.next)) {
    done_ = true;
    return {};
  }
  if (!envelope.next) {
    if (!empty) return fail(Code::bad_answer, "the API says there are more pages, but not where");
    done_ = true;
    return {};
  }
  if (!same_origin(*envelope.next, address_))
    return fail(Code::bad_answer,
                "the address of the next page leads to another host, which must not see the key");
  if (!followed_.insert(*envelope.next).second)
    return fail(Code::bad_answer, "the pages go round in a circle");
  next_url_ = *envelope.next;
  return {};
}

Status ListReader::arrived(int page, Page content, std::uint64_t ticket) {
  if (style_ == Paging::relative) {
    urls_.erase(page);
    if (auto status = follow(content.envelope, content.size() == 0); !status) return status;
  } else {
    // Pages may have come and gone since: the latest word counts. Zero pages is what some answers
    // say instead of nothing.
    const auto& pages = content.envelope.pages;
    if (pages && *pages > 0)
      pages_ = static_cast<int>(std::min<std::int64_t>(*pages, 1'000'000'000));
    else if (page == 1)
      pages_.reset();
  }
  if (content.envelope.total) total_ = content.envelope.total;
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
  if (!pages_) return rows == 0;
  if (page < *pages_) return false;
  // A full last page, and a total that says rows are left: the number of pages was wrong.
  const bool more = rows != 0 && rows >= full_page_ && total_ && rows_taken_ < *total_;
  if (more) pages_ = page + 1;
  return !more;
}

void ListReader::give_back(int page) {
  next_taken_ = page;
  done_ = false;
}

}  // namespace callrail
