#include "run.hpp"

#include <callrail/extract.hpp>

#include <algorithm>
#include <deque>
#include <map>

namespace callrail {

namespace {

/// Pages in memory beyond one for each job: a window has to be whole before it is written.
constexpr std::size_t most_held = 5;

/// Drives the runs: keeps `jobs` requests in flight, in the order of the endpoints, and gives every
/// answer to the run that waits for it. One thread does it all; the rows of a page are decoded and
/// written while the next pages are on their way.
class Extraction {
 public:
  Extraction(const Api& api, const ExtractOptions& options, Client& client, Sink& sink,
             const Clock& clock, Events& events, const std::function<bool()>& stop,
             Checkpoint* checkpoint)
      : api_{api},
        options_{options},
        client_{client},
        checkpoint_{checkpoint},
        clock_{clock},
        events_{events},
        stop_{stop} {
    lay_out(sink);
  }

  Summary go() {
    const auto begin = clock_.now();
    while (!summary_.ended && advance()) {
    }
    if (summary_.ended) client_.cancel_all();
    bool kept = false, unfinished = summary_.ended.has_value();
    for (Item& item : items_) {
      close(item);
      kept = kept || item.run.is_kept();
      unfinished = unfinished || item.run.is_parked();
      if (item.run.has_sink()) summary_.endpoints.push_back(std::move(item.run.summary));
    }
    summary_.resumable = (kept && unfinished) || unknown_state_;
    summary_.traffic = client_.stats;
    summary_.took = since(begin);
    return std::move(summary_);
  }

 private:
  struct Item {
    Run run;
    std::vector<Text> parents;
    std::size_t position = 0;  ///< in the order they were wanted
    std::size_t number = 0;    ///< among those with a sink, from 1
    std::optional<Clock::Steady> begun = {};
    bool closed = false;
    std::size_t warned = 0;
  };
  struct Flight {
    Item* item = nullptr;
    Run::Ask ask;
    std::size_t fields_version = 0;
    bool again = false;  ///< the page came before and was of no use
  };

  void lay_out(Sink& sink) {
    for (const Wanted& wanted : options_.endpoints) add(wanted, wanted.written ? &sink : nullptr);
    for (Item& item : items_)
      for (const Text parent : item.parents)
        if (Item* const rows = find(parent)) rows->run.collect_keys();
    const std::size_t wanted = items_.size();
    for (std::size_t i = 0; i < wanted; ++i) restore(items_[i]);
    // Rows that others wait for come first, and those nobody asked for are read without a sink. A
    // run that an earlier process laid out waits for nobody.
    for (std::size_t i = 0; i < items_.size(); ++i)
      for (const Text parent : items_[i].run.planned() ? std::vector<Text>{} : items_[i].parents)
        if (find(parent) == nullptr)
          if (const Endpoint* const endpoint = api_.find(parent)) {
            add(Wanted{endpoint, {}, false, false}, nullptr);
            items_.back().run.collect_keys();
            restore(items_.back());
          }
    // Parents have fewer parents than their children; else the order is the user's.
    std::ranges::sort(order_, {}, [](const Item* item) {
      return std::pair{item->parents.size(), item->position};
    });
    for (Item* const item : order_)
      if (item->run.has_sink()) item->number = ++shown_;
  }

  void add(const Wanted& wanted, Sink* sink) {
    items_.push_back({Run{api_, options_, wanted, sink, checkpoint_, decoder_, clock_},
                      parents_needed(api_, *wanted.endpoint, options_), items_.size()});
    order_.push_back(&items_.back());
  }

  void restore(Item& item) {
    if (auto status = item.run.restore(parents_); !status) {
      unknown_state_ = true;
      if (!summary_.ended) summary_.ended = std::move(status).error();
    }
    // Those of an earlier process have been said.
    if (item.run.summary.resumed) item.warned = item.run.summary.warnings.size();
  }

  Item* find(Text endpoint) {
    const auto at = std::ranges::find_if(
        items_, [&](const Item& item) { return item.run.endpoint().name == endpoint; });
    return at == items_.end() ? nullptr : &*at;
  }

  /// One step: plan what can be planned, ask what can be asked, take one answer.
  bool advance() {
    for (Item* const item : order_) plan(*item);
    ask();
    auto answer = client_.next(stop_);
    if (!answer) {
      if (stop_()) summary_.ended = Error{Code::cancelled, "stopped on request"};
      return false;
    }
    const auto flight = flights_.find(answer->ticket);
    if (flight == flights_.end()) return true;
    take(*answer, flight->second);
    return true;
  }

  void plan(Item& item) {
    if (item.run.finished()) return;
    if (item.run.planned()) {
      // What is left of an earlier process may need no request at all.
      if (!item.begun && item.run.summary.resumed) deliver(item);
      return;
    }
    for (const Text parent : item.parents) {
      Item* const rows = find(parent);
      if (rows == nullptr || !rows->run.finished()) return;
      if (auto error = missing_of(*rows, parent)) {
        if (!rows->run.read_something() || !parents_.by_endpoint.contains(parent))
          return end(item, *error);
        item.run.leave_out(*error);
      }
    }
    if (auto status = item.run.plan(parents_); !status) return end(item, status.error());
    deliver(item);
  }

  /// Why not all of a parent's rows are known, if so.
  std::optional<Error> missing_of(const Item& rows, Text parent) const {
    const EndpointSummary& theirs = rows.run.summary;
    const std::string name{parent};
    if (theirs.outcome != Outcome::complete)
      return Error{theirs.code.value_or(Code::bad_answer),
                   name + " could not be listed: " + theirs.reason};
    if (const auto& missing = rows.run.keys_missing())
      return Error{missing->code, name + " could not be listed: " + missing->what};
    // Without a parent of its own a list always has rows: a key sees one account at least.
    if (rows.parents.empty() && !parents_.by_endpoint.contains(parent))
      return Error{Code::not_found, "the key sees no " + name + ", so there is nothing to ask for"};
    return std::nullopt;
  }

  void ask() {
    const auto jobs = static_cast<std::size_t>(client_.jobs());
    std::size_t held = 0;
    for (Item* const item : order_) held += item->run.pages_held();
    bool first = true;
    for (Item* const item : order_) {
      if (!item->run.planned() || item->run.finished()) continue;
      // Pages read ahead wait in memory, so only what is due may go on while many of them do.
      for (; client_.outstanding() < jobs; ++held) {
        const bool room = held < most_held + jobs;
        if (!first && !room) break;
        const auto next = item->run.next(room ? jobs : 0);
        if (!next) break;
        item->run.asked(*next);
        request(*item, *next);
      }
      first = false;
    }
  }

  void request(Item& item, const Run::Ask& ask) {
    if (!item.begun) {
      item.begun = clock_.now();
      if (item.run.has_sink()) events_.started(item.run.summary, item.number, shown_);
    }
    flights_[client_.get({ask.url, ask.what})] = {&item, ask, item.run.fields_version(), false};
  }

  void take(Answer& answer, Flight flight) {
    Item& item = *flight.item;
    flights_.erase(answer.ticket);
    count(item, answer, flight.again);
    if (item.run.finished()) return;
    if (!item.run.waits_for(flight.ask)) return deliver(item);
    if (!answer.result) return refused(item, flight, answer, std::move(answer.result).error());
    Body& body = answer.result->body;
    auto status = item.run.arrived(flight.ask, std::move(body),
                                   !client_.may_ask_again(answer.ticket), events_);
    if (status) return deliver(item);
    events_.bad_page(flight.ask.what, body.text(), status.error());
    // Another answer would not be another API.
    if (item.run.contract_broken()) return end(item, std::move(status).error().in(flight.ask.what));
    flight.again = true;
    if (client_.again(answer.ticket, status.error().what))
      flights_[answer.ticket] = flight;
    else
      missed(item, flight, answer, std::move(status).error());
  }

  void refused(Item& item, const Flight& flight, const Answer& answer, Error error) {
    switch (error.code) {
      case Code::bad_key: summary_.ended = std::move(error).in(flight.ask.what); return;
      case Code::forbidden:
      case Code::not_found:
        if (item.run.refused(flight.ask, error, answer.in_json)) return deliver(item);
        break;
      case Code::bad_request:
        // Pages asked for together are refused together; the first one heals the fields of all.
        if (flight.fields_version != item.run.fields_version() || item.run.heal(answer.message)) {
          show_warnings(item);
          return request(item, item.run.again(flight.ask.slot, flight.ask.read));
        }
        break;
      default: break;
    }
    missed(item, flight, answer, std::move(error));
  }

  /// One list that cannot be read is no reason to read no others.
  void missed(Item& item, const Flight& flight, const Answer& answer, Error error) {
    if (item.run.missed(flight.ask, error, answer.status)) return deliver(item);
    end(item, std::move(error).in(flight.ask.what));
  }

  static void count(Item& item, const Answer& answer, bool again) {
    item.run.summary.requests += static_cast<std::uint64_t>(answer.tries);
    item.run.summary.retries +=
        static_cast<std::uint64_t>(std::max(again ? answer.tries : answer.tries - 1, 0));
  }

  void deliver(Item& item) {
    if (auto status = item.run.deliver(parents_); !status) {
      // The destination is the same for all endpoints: what fails once fails for the rest too.
      if (status.error().code != Code::bad_answer) summary_.ended = status.error();
      return end(item, std::move(status).error());
    }
    if (item.begun && item.run.has_sink()) events_.progress(item.run.summary, item.run.expected());
    if (item.run.finished()) close(item);
    show_warnings(item);
  }

  void end(Item& item, const Error& error) {
    item.run.fail_with(error);
    close(item);
  }

  void show_warnings(Item& item) {
    if (!item.run.has_sink()) return;  // told at the end, with those of no endpoint
    const auto& warnings = item.run.summary.warnings;
    for (; item.warned < warnings.size(); ++item.warned)
      events_.warning(item.run.summary.name + ": " + warnings[item.warned]);
  }

  void close(Item& item) {
    if (item.closed) return;
    item.closed = true;
    auto& summary = item.run.summary;
    if (!item.run.finished())
      item.run.fail_with(summary_.ended
                             ? *summary_.ended
                             : Error{Code::bad_answer,
                                     "not read to the end, though nothing was left to ask "
                                     "for; this is a fault of this program: report it, "
                                     "with what --record keeps of such a run"});
    if (item.begun) summary.took = since(*item.begun);
    show_warnings(item);
    if (item.run.has_sink()) {
      events_.finished(summary, item.number, shown_);
    } else {
      for (const std::string& warning : summary.warnings)
        summary_.warnings.push_back(summary.name + ": " + warning);
    }
  }

  std::chrono::milliseconds since(Clock::Steady begin) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin);
  }

  const Api& api_;
  const ExtractOptions& options_;
  Client& client_;
  Checkpoint* checkpoint_;
  const Clock& clock_;
  Events& events_;
  const std::function<bool()>& stop_;
  PageDecoder decoder_;  ///< one for all: its memory is that of a large page
  std::deque<Item> items_;
  std::vector<Item*> order_;
  std::size_t shown_ = 0;
  bool unknown_state_ = false;  ///< of an earlier process: kept as it is
  ParentKeys parents_;
  std::map<std::uint64_t, Flight> flights_;
  Summary summary_;
};

}  // namespace

Summary extract(const Api& api, const ExtractOptions& options, Client& client, Sink& sink,
                const Clock& clock, Events& events, const std::function<bool()>& stop,
                Checkpoint* checkpoint) {
  return Extraction{api, options, client, sink, clock, events, stop, checkpoint}.go();
}

}  // namespace callrail
