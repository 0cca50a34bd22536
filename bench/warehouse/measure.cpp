#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <limits>
#include <utility>

namespace callrail::bench {

namespace {

double seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Of a process, as Linux counts it; it counts until the process waits, as a server does between
/// two questions.
double seconds_of(std::int64_t process) {
  if (process == 0) return 0;
  std::ifstream file{fmt::format("/proc/{}/schedstat", process)};
  std::uint64_t nanoseconds = 0;
  file >> nanoseconds;
  return static_cast<double>(nanoseconds) * 1e-9;
}

class Watch {
 public:
  explicit Watch(const Side& side) : side_{side}, begin_{now()} {}
  Cost passed() const {
    const Cost end = now();
    return {end.processor - begin_.processor, end.wall - begin_.wall};
  }

 private:
  Cost now() const {
    return {seconds(CLOCK_THREAD_CPUTIME_ID) + seconds_of(side_.server()),
            seconds(CLOCK_MONOTONIC)};
  }
  const Side& side_;
  Cost begin_;
};

Cost best(const Cost& a, const Cost& b) {
  return {std::min(a.processor, b.processor), std::min(a.wall, b.wall)};
}

/// Loads are the first works.
constexpr std::size_t loads = 3;
constexpr std::size_t unchanged = 1;

/// A question takes some milliseconds, where a neighbour shows.
constexpr int times_asked = 5;

const std::vector<Calls::Part>& parts_of(const Calls& calls, std::size_t load) {
  return load <= unchanged ? calls.all() : calls.edited();
}

/// Also says what the tables hold then.
Result<std::pair<Cost, std::uint64_t>> load(const Calls& calls, std::size_t which, Side& side,
                                            const Place& place) {
  if (auto begun = side.begin(); !begun) return std::unexpected(std::move(begun).error());
  const Watch watch{side};
  for (const Calls::Part& part : parts_of(calls, which))
    if (auto loaded = side.load(part); !loaded) return std::unexpected(std::move(loaded).error());
  const Cost cost = watch.passed();
  if (auto ended = side.end(); !ended) return std::unexpected(std::move(ended).error());
  auto contents = place.contents();
  if (!contents) return std::unexpected(std::move(contents).error());
  return std::pair{cost, *contents};
}

Result<std::pair<Cost, std::uint64_t>> ask(const Question& question, Side& side, bool is_ours) {
  const Watch watch{side};
  const auto read = side.ask(is_ours ? question.view : question.by_hand);
  const Cost cost = watch.passed();
  if (!read) return std::unexpected(read.error());
  if (read->rows == 0) return fail(Code::bad_answer, question.name + ": no rows answer it");
  return std::pair{cost, read->rows << 40U ^ read->bytes};
}

/// One of the two.
struct Runner {
  std::unique_ptr<Side> side;
  Place* place;
  bool is_ours;
};

class Rounds {
 public:
  Rounds(const Calls& calls, Runner ours, Runner by_hand) : calls_{calls} {
    runners_[0] = std::move(ours), runners_[1] = std::move(by_hand);
    const Dialect dialect = runners_[0].place->dialect();
    asked_ = questions(dialect, calls);
    std::vector<std::string> names{"new", "unchanged", "updated"};
    for (const Question& question : asked_) names.push_back(question.name);
    constexpr double none = std::numeric_limits<double>::max();
    for (const std::string& name : names)
      all.push_back({.name = (dialect == Dialect::sqlite ? "sqlite/" : "postgresql/") + name,
                     .rows = calls.rows(),
                     .bytes = calls.bytes(),
                     .ours = {none, none},
                     .by_hand = {none, none}});
  }

  Status round() {
    for (Runner& runner : runners_)
      if (auto empty = runner.place->empty(); !empty) return empty;
    for (std::size_t work = 0; work < loads; ++work) {
      const auto does = [&](Runner& one) { return load(calls_, work, *one.side, *one.place); };
      if (auto done = both(work, does); !done) return done;
    }
    // Loading the same once more changes nothing, and an edit changes something.
    if (all[unchanged].answer != all[0].answer || all[unchanged + 1].answer == all[0].answer)
      return fail(Code::bad_answer, all[0].name + ": what is loaded makes no difference");
    for (Runner& runner : runners_) {
      if (auto named = runner.place->name_companies(); !named) return named;
      if (auto begun = runner.side->begin(); !begun) return begun;
    }
    for (std::size_t n = 0; n < asked_.size(); ++n) {
      const auto does = [&](Runner& one) { return ask(asked_[n], *one.side, one.is_ours); };
      for (int time = 0; time < times_asked; ++time)
        if (auto done = both(loads + n, does); !done) return done;
    }
    for (Runner& runner : runners_)
      if (auto ended = runner.side->end(); !ended) return ended;
    return {};
  }

  std::vector<Compared> all;

 private:
  template <class Does>
  Status both(std::size_t work, Does does) {
    std::uint64_t answers[2] = {};
    for (std::size_t i = 0; i < 2; ++i) {
      const auto done = does(runners_[i]);
      if (!done) return std::unexpected(done.error());
      Cost& cost = runners_[i].is_ours ? all[work].ours : all[work].by_hand;
      cost = best(cost, done->first);
      answers[i] = done->second;
    }
    if (answers[0] != answers[1])
      return fail(Code::bad_answer, all[work].name + ": both do not come to the same");
    all[work].answer = answers[0];
    return {};
  }

  const Calls& calls_;
  Runner runners_[2];
  std::vector<Question> asked_;
};

}  // namespace

std::vector<Question> questions(Dialect dialect, const Calls& calls) {
  const StoredTable& table = *calls.task().endpoint->table;
  std::string columns = "c._account_id";
  for (const StoredColumn& column : table.columns)
    columns += ", " + (column.name == "company_name" ? "coalesce(c.company_name, o.name)"
                                                     : "c." + sql_name(column.name));
  constexpr Text joins =
      "FROM calls c LEFT JOIN companies o ON o._account_id = c._account_id AND o.id = c.company_id "
      "LEFT JOIN trackers t ON t._account_id = c._account_id AND t.id = c.tracker_id WHERE "
      "c._removed_at IS NULL";
  // The newest part comes first, so this leaves a quarter of the rows or so.
  const std::string since = calls.all()[calls.all().size() / 4].from;
  const std::string from = dialect == Dialect::sqlite ? sql_text(since + ".000Z")
                                                      : sql_text(since + "Z") + "::timestamptz";
  return {{"v_call", "SELECT * FROM v_call",
           fmt::format("SELECT {}, t.name, c._first_seen_at, c._updated_at {}", columns, joins)},
          {"v_call_by_company",
           fmt::format("SELECT company_name, count(*), sum(duration) FROM v_call WHERE _account_id "
                       "= {} AND start_time >= {} GROUP BY company_name ORDER BY 1",
                       sql_text(account), from),
           fmt::format("SELECT coalesce(c.company_name, o.name), count(*), sum(c.duration) FROM "
                       "calls c LEFT JOIN companies o ON o._account_id = c._account_id AND o.id = "
                       "c.company_id WHERE c._removed_at IS NULL AND c._account_id = {} AND "
                       "c.start_time >= {} GROUP BY coalesce(c.company_name, o.name) ORDER BY 1",
                       sql_text(account), from)}};
}

Result<std::vector<Compared>> compare(const Calls& calls, Place& our_place, Place& hand_place,
                                      int rounds) {
  Rounds all{calls,
             {ours(calls, our_place), &our_place, true},
             {by_hand(calls, hand_place), &hand_place, false}};
  for (int round = 0; round < rounds; ++round)
    if (auto done = all.round(); !done) return std::unexpected(std::move(done).error());
  return std::move(all.all);
}

Result<Cost> once(const Calls& calls, Place& place, bool is_ours, const std::vector<Compared>& all,
                  std::size_t work) {
  const auto side = is_ours ? ours(calls, place) : by_hand(calls, place);
  if (auto empty = place.empty(); !empty) return std::unexpected(std::move(empty).error());
  Result<std::pair<Cost, std::uint64_t>> done;
  for (std::size_t n = 0; n <= std::min(work, loads - 1); ++n) {
    if (n == unchanged && work > unchanged) continue;
    done = load(calls, n, *side, place);
    if (!done) return std::unexpected(std::move(done).error());
  }
  if (work >= loads) {
    if (auto named = place.name_companies(); !named)
      return std::unexpected(std::move(named).error());
    if (auto begun = side->begin(); !begun) return std::unexpected(std::move(begun).error());
    done = ask(questions(place.dialect(), calls)[work - loads], *side, is_ours);
    if (!done) return std::unexpected(std::move(done).error());
    if (auto ended = side->end(); !ended) return std::unexpected(std::move(ended).error());
  }
  if (done->second != all[work].answer)
    return fail(Code::bad_answer, all[work].name + ": not what was there when both were compared");
  return done->first;
}

}  // namespace callrail::bench
