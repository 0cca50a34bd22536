#include "address.hpp"
#include "intake.hpp"

#include <callrail/error_message.hpp>
#include <callrail/fetch_media.hpp>
#include <callrail/retry.hpp>

#include <climits>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace callrail {

namespace {

constexpr int most_hops = 6;      // an address and five redirects
constexpr int most_askings = 2;   // for the address of one item
constexpr int most_in_a_row = 3;  // failures that asking on will not end
constexpr std::size_t most_told = 10;
constexpr std::chrono::milliseconds first_wait{1000};

struct Outcome {
  enum Kind : std::uint8_t {
    kept,
    missing,    ///< the API does not have it
    refused,    ///< 403: the key may not
    expired,    ///< the address is good no more
    unfit,      ///< what is there is no recording, or must not be asked for
    passing,    ///< nobody answers just now
    no_budget,  ///< `why` names it
    ended,      ///< and nothing else can be fetched either
    go_on,      ///< at another address
  };
  Kind kind = unfit;
  std::string why = {};  ///< or the address to go on at
  Code code = Code::bad_answer;
};

class Fetch {
 public:
  Fetch(const Api& api, const MediaOptions& options, MediaStore& store, Client& client,
        MediaTransport& transport, const Clock& clock, const std::function<bool()>& stop,
        const std::function<void(const MediaSummary&)>& progress)
      : api_{api},
        options_{options},
        store_{store},
        client_{client},
        transport_{transport},
        clock_{clock},
        stop_{stop},
        progress_{progress},
        requests_before_{client.stats.requests} {}

  MediaSummary go() {
    const auto begin = clock_.now();
    summary_.where = store_.where();
    if (auto base = parse_url(options_.base_url)) base_ = *std::move(base);
    count();
    while (!summary_.ended && summary_.used_up.empty() && step()) {
    }
    count();
    summary_.took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin);
    return std::move(summary_);
  }

 private:
  /// One item; false: there is no other.
  bool step() {
    if (stop_()) return end({Outcome::ended, "stopped on request", Code::cancelled});
    auto next = store_.next();
    if (!next) return end({Outcome::ended, next.error().what, next.error().code});
    if (!*next) return false;
    const MediaItem& item = **next;
    const Media* media = nullptr;
    if (const Endpoint* endpoint = api_.find(item.endpoint))
      for (const Media& each : endpoint->media)
        if (each.field == item.field) media = &each;
    if (media == nullptr) return true;
    int& refusals = refusals_[item.scope];
    const bool may = refusals < most_in_a_row;
    const Outcome outcome = may ? fetch(item, *media) : not_asked();
    refusals = outcome.kind == Outcome::refused   ? refusals + 1
               : outcome.kind == Outcome::passing ? refusals
                                                  : 0;
    passing_ = outcome.kind == Outcome::passing ? passing_ + 1 : 0;
    note(item, outcome, may);
    if (passing_ == most_in_a_row && !summary_.ended)
      end({Outcome::ended, outcome.why, Code::try_later});
    summary_.requests = asked();
    progress_(summary_);
    return true;
  }

  static Outcome not_asked() {
    return {Outcome::refused, "not asked for: the key may not fetch those before it",
            Code::forbidden};
  }

  bool end(const Outcome& outcome) {
    summary_.ended = Error{outcome.code, outcome.why};
    return false;
  }

  void note(const MediaItem& item, const Outcome& outcome, bool asked) {
    Status noted;
    if (outcome.kind != Outcome::no_budget && outcome.kind != Outcome::ended && summary_.left != 0)
      --summary_.left;
    switch (outcome.kind) {
      case Outcome::kept: ++summary_.fetched; break;
      case Outcome::missing: noted = store_.missing(item, outcome.why); break;
      case Outcome::no_budget: summary_.used_up = outcome.why; break;
      case Outcome::ended: end(outcome); break;
      default:
        ++summary_.failed;
        if (summary_.failures.size() < most_told)
          summary_.failures.push_back(what(item) + ": " + outcome.why);
        if (asked) noted = store_.failed(item, outcome.why);
    }
    if (!noted) summary_.ended = std::move(noted).error();
  }

  /// At the beginning and at the end: it takes as long as there are items.
  void count() {
    const auto counts = store_.count();
    if (!counts) {
      if (!summary_.ended) summary_.ended = counts.error();
      return;
    }
    summary_.missing = counts->missing;
    summary_.here = counts->here - std::min(counts->here, summary_.fetched);
    summary_.left = counts->wanted - std::min(counts->wanted, summary_.failed);
  }

  static std::string what(const MediaItem& item) {
    return item.endpoint + " " + item.field + " of " + item.key;
  }

  Outcome fetch(const MediaItem& item, const Media& media) {
    Outcome outcome;
    for (int asking = 0; asking < most_askings; ++asking) {
      outcome = follow(item, media);
      if (outcome.kind != Outcome::expired) return outcome;
    }
    // What was deleted is gone from the storage before it is from the API.
    if (outcome.code == Code::not_found) outcome.kind = Outcome::missing;
    return outcome;
  }

  /// From the request for the address to the bytes.
  Outcome follow(const MediaItem& item, const Media& media) {
    std::string address = media_request(options_.base_url, media, item);
    bool outside = false;
    for (int hop = 0; hop <= most_hops; ++hop) {
      const auto url = check_media_address(address, base_, options_.key);
      if (!url) return {Outcome::unfit, url.error().what};
      const bool at_the_api = same_origin(*url, base_);
      if (at_the_api && outside)
        return {Outcome::unfit, url->host +
                                    " points back to the API; refused, because the key would "
                                    "be sent there for somebody else"};
      Outcome outcome = at_the_api ? ask_the_api(item, media, address, *url, hop == 0)
                                   : download(item, media, address, *url);
      if (outcome.kind != Outcome::go_on) return outcome;
      outside = outside || !at_the_api;
      address = std::move(outcome.why);
    }
    return {Outcome::unfit, "the address points on and on"};
  }

  Outcome ask_the_api(const MediaItem& item, const Media& media, const std::string& address,
                      const Url& url, bool first) {
    const Outcome used_up{Outcome::no_budget, fmt::format("{} requests", options_.most_requests)};
    if (asked() >= options_.most_requests) return used_up;
    const std::uint64_t left = options_.most_requests - asked();
    const std::uint64_t ticket =
        client_.get({.url = address,
                     .what = what(item),
                     .leads_on = true,
                     .most_tries = static_cast<int>(std::min<std::uint64_t>(left, INT_MAX))});
    std::optional<Answer> answer;
    do answer = client_.next(stop_);
    while (answer && answer->ticket != ticket);
    if (!answer) {
      client_.cancel_all();
      return {Outcome::ended, "stopped on request", Code::cancelled};
    }
    if (!answer->result) {
      Outcome outcome = refusal(answer->result.error(), first);
      // There was no room to ask again.
      const bool cut_short = outcome.kind == Outcome::passing && asked() >= options_.most_requests;
      return cut_short ? used_up : outcome;
    }
    const Response& response = *answer->result;
    if (is_redirect(response.status))
      return {Outcome::go_on, where_it_leads(url, response.location)};
    if (std::string to = text_member(response.body.text(), media.address); !to.empty())
      return {Outcome::go_on, std::move(to)};
    // Some addresses of the API are the bytes themselves.
    Intake intake{media.type, room(), [&] { return store_.open(item, media); }};
    const MediaHead head{response.status, response.content_type, {}, response.body.size()};
    return kept(intake, intake.take(head, response.body.text()) && intake.keep());
  }

  std::uint64_t asked() const { return client_.stats.requests - requests_before_; }

  Outcome refusal(const Error& error, bool first) const {
    switch (error.code) {
      case Code::bad_key: return {Outcome::ended, error.what, error.code};
      case Code::not_found: return {Outcome::missing, error.what, error.code};
      case Code::forbidden:
        return {first ? Outcome::refused : Outcome::expired, error.what, error.code};
      case Code::try_later:
        return {client_.stats.quota_used_up ? Outcome::ended : Outcome::passing, error.what,
                error.code};
      default: return {Outcome::unfit, error.what, error.code};
    }
  }

  Outcome download(const MediaItem& item, const Media& media, const std::string& address,
                   const Url& url) {
    Outcome outcome;
    Download part;
    for (int tries = 1; tries <= options_.tries; ++tries) {
      const auto head = more_of(part, address, item, media);
      Intake& intake = *part.intake;
      if (stop_()) return {Outcome::ended, "stopped on request", Code::cancelled};
      if (head && is_redirect(head->status) && !head->location.empty())
        return {Outcome::go_on, where_it_leads(url, head->location)};
      if (part.whole) return kept(intake, intake.keep());
      if (!head && (intake.error() || intake.over_budget() || !intake.refusal().empty()))
        return kept(intake, false);
      outcome = head ? of_status(head->status, url) : of_network(head.error(), url);
      if (part.misfit) outcome = {Outcome::passing, url.host + " sent another part than asked for"};
      if (outcome.kind != Outcome::passing) return outcome;
      if (tries < options_.tries)
        transport_.wait(clock_.now() + first_wait * (1 << (tries - 1)), stop_);
    }
    return outcome;
  }

  struct Download {
    std::optional<Intake> intake = {};
    std::string version = {};  ///< of what is here; empty: it cannot be gone on with
    std::uint64_t size = 0;    ///< of the whole
    bool whole = false;        ///< all of it is here
    bool misfit = false;       ///< what came is not the rest of what is here
  };

  /// Goes on where a try before was cut, if the host can, or begins anew.
  std::expected<MediaHead, NetworkError> more_of(Download& part, const std::string& address,
                                                 const MediaItem& item, const Media& media) {
    const bool goes_on = !part.version.empty() && !std::exchange(part.misfit, false);
    bool begun = false;
    const auto begin = [&] {
      part.intake.emplace(media.type, room(), [&] { return store_.open(item, media); });
      part.version.clear();
      begun = true;
    };
    if (!goes_on) begin();
    MediaAsk ask{address, media.type};
    if (goes_on) ask.first = part.intake->bytes(), ask.version = part.version;
    const auto is_rest = [&](const MediaHead& head) {
      return goes_on && head.status == 206 && head.first == ask.first && head.whole == part.size &&
             (head.version.empty() || head.version == ask.version);
    };
    auto head = transport_.get(
        ask,
        [&](const MediaHead& h, std::string_view bytes) {
          part.misfit = h.status != 200 && !is_rest(h);
          if (part.misfit) return false;
          if (h.status == 200) {
            if (!begun) begin();
            part.size = h.announced.value_or(0);
            part.version = h.announced ? h.version : std::string{};
          }
          return part.intake->take(h, bytes);
        },
        stop_);
    if (!head) return head;
    if (head->status == 200 && !begun) begin();
    part.whole = head->status == 200 || (is_rest(*head) && part.intake->bytes() == part.size);
    part.misfit = goes_on && !part.whole && (head->status == 206 || head->status == 416);
    return head;
  }

  static Outcome of_network(const NetworkError& error, const Url& url) {
    return {error.final ? Outcome::unfit : Outcome::passing,
            url.host + ": " + one_line(error.what)};
  }

  static Outcome of_status(int status, const Url& url) {
    std::string text = fmt::format("{} answered with {}", url.host, status);
    if (const auto phrase = reason_phrase(status); !phrase.empty()) text.append(" ").append(phrase);
    if (status == 404 || status == 410) return {Outcome::expired, text, Code::not_found};
    if (status == 401 || status == 403) return {Outcome::expired, text, Code::forbidden};
    const bool passing = status == 408 || status == 429 || status >= 500;
    return {passing ? Outcome::passing : Outcome::unfit, text};
  }

  Intake::Room room() const {
    return {options_.most_file_bytes,
            options_.most_bytes - std::min(options_.most_bytes, summary_.bytes)};
  }

  Outcome kept(const Intake& intake, bool all) {
    if (all) {
      summary_.bytes += intake.bytes();
      return {Outcome::kept};
    }
    if (const auto& error = intake.error()) return {Outcome::ended, error->what, error->code};
    // With nothing fetched the budget will not do for it tomorrow either; for others it may.
    if (intake.over_budget() && summary_.bytes == 0)
      return {Outcome::unfit,
              fmt::format("it alone has more than the budget of {} bytes", options_.most_bytes)};
    if (intake.over_budget())
      return {Outcome::no_budget, fmt::format("{} bytes", options_.most_bytes)};
    return {Outcome::unfit, intake.refusal()};
  }

  const Api& api_;
  const MediaOptions& options_;
  MediaStore& store_;
  Client& client_;
  MediaTransport& transport_;
  const Clock& clock_;
  const std::function<bool()>& stop_;
  const std::function<void(const MediaSummary&)>& progress_;
  const std::uint64_t requests_before_;
  Url base_;
  std::map<Scope, int> refusals_;  ///< one after the other, by the list the rows are of
  int passing_ = 0;                ///< one after the other
  MediaSummary summary_;
};

}  // namespace

std::string media_request(const std::string& base_url, const Media& media, const MediaItem& item) {
  std::string url = base_url + std::string{media.path};
  const auto fill = [&](std::string_view parameter, std::string_view value) {
    const std::string hole = "{" + std::string{parameter} + "}";
    if (const auto at = url.find(hole); at != url.npos)
      url.replace(at, hole.size(), encode_segment(value));
  };
  for (const auto& [parameter, value] : item.scope) fill(parameter, value);
  fill(media.parameter, item.key);
  return url;
}

MediaSummary fetch_media(const Api& api, const MediaOptions& options, MediaStore& store,
                         Client& client, MediaTransport& transport, const Clock& clock,
                         const std::function<bool()>& stop,
                         const std::function<void(const MediaSummary&)>& progress) {
  return Fetch{api, options, store, client, transport, clock, stop, progress}.go();
}

}  // namespace callrail
