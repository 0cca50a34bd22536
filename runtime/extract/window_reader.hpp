#pragma once

#include "chain.hpp"
#include "shelf.hpp"

#include <callrail/proof.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// How one window of a list is read.
struct Reading {
  const PagingFacts* paging = nullptr;
  Paging style = Paging::offset;
  int page_size = 250;
  std::size_t key = Endpoint::npos;
  std::size_t cursor = Endpoint::npos;  ///< the field that tells where a row stands in the list
  bool sorted = false;                  ///< the rows were asked to be sorted by it
  /// The API lists the newest rows first: what comes or moves while it is read goes to the front.
  bool newest_first = false;
  /// More rows than this are not read in one piece; nothing: the window cannot be cut.
  std::optional<std::uint64_t> most;
  std::uint64_t enough = std::numeric_limits<std::uint64_t>::max();  ///< rows wanted
  std::string scratch = {};                                          ///< the folder of the shelf
  bool only_count = false;  ///< ask how many rows there are, and for none of them
};

/// Reads one window of a list until its rows are proven to be all of them: asks for pages that
/// overlap, the last one when all others are here, so that its count is one after the reading; asks
/// again for what does not fit together.
///
/// Says what to ask, is told what came, and knows nothing of time or the network. Which requests it
/// makes depends on the answers alone, not on the order they come in.
class WindowReader {
 public:
  explicit WindowReader(const Reading&);

  struct Ask {
    std::size_t read = 0;
    std::string query;  ///< "page=3&per_page=248", to go behind the address of the list
    std::string what;   ///< "page 3", "count"
  };
  /// What may be asked for next, if anything may.
  std::optional<Ask> next() const;
  void asked(std::size_t read);
  /// The same request again.
  Ask ask_of(std::size_t read) const;
  /// The API has nothing there, and that is how it says so: no rows, and no doubt.
  void found_nothing() {
    total_ = 0;
    settle(Proof::proven);
  }
  void set_enough(std::uint64_t rows) { facts_.enough = rows; }

  /// Fails if the answer is not what was asked for. `insist`: there is no use in asking again; what
  /// can be lived with is then taken as it is.
  Status arrived(std::size_t read, Page&&, bool insist);

  /// Rows of the list before those the request is for.
  std::uint64_t rows_before(std::size_t read) const {
    return reads_[read].link == none ? 0 : reads_[read].span.begin();
  }

  enum class State {
    reading,
    settled,    ///< `proof` and `take` tell the result
    too_large,  ///< to be cut into `parts` windows
    failed,     ///< the API cannot be read like this: `failure`
  };
  State state() const { return state_; }
  std::uint64_t parts() const { return parts_; }
  const Error& failure() const { return failure_; }

  std::optional<Proof> proof() const { return proof_; }  ///< nothing: a limit ended the reading
  const std::string& why() const { return why_; }
  std::optional<std::uint64_t> total() const { return total_; }
  std::uint64_t rows() const { return rows_; }  ///< different ones, once settled
  /// The pages of a settled window, one after the other, each row once. A page is to go before the
  /// next one is taken, or stay with all behind it.
  std::optional<Page> take(std::uint64_t& repeated) { return chain_.take(repeated); }

  bool begun() const { return begun_; }
  bool has_pages() const;
  std::size_t pages_held() const;  ///< here or on their way
  /// What its pages take of the memory.
  std::size_t memory() const;
  /// Puts pages aside until the others take at most so much of the memory: those that were looked
  /// at, and those of which that takes their keys alone, because they are lines.
  void put_aside(std::size_t most);

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Read {
    Span span;
    std::size_t link = none;  ///< none: a count
    bool asked = false, here = false;
  };

  void ask(Read read) { reads_.push_back(read); }
  void append(Span);
  void read_again(std::size_t link);
  void note_total(std::optional<std::int64_t>, std::size_t rows);
  bool waiting() const;
  bool relative() const { return facts_.style == Paging::relative; }

  void go_on();
  void plan_pages();
  void extend();
  bool mend();
  bool look_at_front();
  bool bridge(std::size_t link);
  bool drop(std::size_t link);
  void forget_unasked();
  bool ended() const;
  void compare();
  void judge_whole();
  bool next_of_pass();
  void begin_pass();
  void give_up(std::string why);
  void settle(std::optional<Proof>, std::string why = {});
  void cut(std::uint64_t parts);

  Reading facts_;
  std::vector<Read> reads_;
  std::optional<Span> held_;  ///< the last page, asked for when the others are here
  Chain chain_;
  Shelf shelf_;
  std::uint64_t clock_ = 0;  ///< of arrivals
  int size_;                 ///< rows of a page, as the server gives them
  std::optional<std::uint64_t> total_;
  std::int64_t pages_ = 1;  ///< as the last answer counts them
  bool begun_ = false, planned_ = false;
  bool counted_ = false;    ///< relative: since the last page
  bool only_page_ = false;  ///< the last answer counts one page
  bool moved_ = false;      ///< totals differed, or pages had to be read again
  bool unlinked_ = false;   ///< pages that cannot overlap
  bool front_ = false;      ///< the first link is a second look at the first page
  int bridges_ = 0;
  int passes_ = 0;
  std::size_t pass_link_ = none;  ///< next to be read again
  std::uint64_t print_before_ = 0;
  std::optional<std::uint64_t> total_before_;

  State state_ = State::reading;
  std::uint64_t parts_ = 0, rows_ = 0;
  Error failure_{Code::bad_answer, {}};
  std::optional<Proof> proof_;
  std::string why_;
};

}  // namespace callrail
