#include "simulate.hpp"

#include "fake_transport.hpp"
#include "records.hpp"
#include "witness.hpp"

#include <callrail/fake/dates.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace callrail::sim {
namespace {

using test::Churn;
using test::FakeTransport;
using test::MemoryFiles;
using test::Witness;

constexpr int most_attempts = 40;
constexpr std::size_t most_findings = 5;

/// The instants somebody asked for, both included, by the rules of the API's reference.
struct Span {
  std::optional<fake::Instant> from, to;
  bool holds(fake::Instant at) const { return (!from || *from <= at) && (!to || at <= *to); }
};

Span span_of(const DateRange& range, const fake::World& world) {
  const fake::Zone& zone =
      range.zone == "user" ? world.owner_zone() : *world.zones().find(range.zone);
  Span span;
  if (const auto from = fake::read_moment(range.from)) span.from = from->first(zone);
  if (const auto to = fake::read_moment(range.to))
    span.to = to->whole_day
                  ? zone.earliest(to->local + std::chrono::days{1}) - std::chrono::milliseconds{1}
                  : zone.latest(to->local);
  return span;
}

/// Whether a run asks for a field: a credential only if somebody named it.
bool sends(const Job& job, const fake::EndpointPlan& plan, std::size_t field) {
  for (const Wanted& wanted : job.endpoints)
    if (wanted.endpoint == plan.facts) {
      const Field& facts = plan.facts->fields[field];
      return wanted.fields.has(field) &&
             (wanted.named || !(facts.sent == Sent::on_request && (facts.secret || facts.gone)));
    }
  return false;
}

class Simulation {
 public:
  Simulation(const Api& api, const Plan& plan)
      : api_{api},
        plan_{plan},
        fake_{api, plan.world},
        plans_{plans()},
        witness_{fake_.world(), fake_.listing(), plans_,
                 [this](const fake::EndpointPlan& of, std::size_t field) {
                   // The key is read even where it is no column.
                   return sends(plan_.job, of, field);
                 }},
        churn_{fake_,
               witness_,
               plans_,
               {fake::join(plan.seed, 1), plan.churn_every, plan.changes},
               clock_.today()} {
    verdict_.seed = plan.seed;
    fake_.on_answer = [this](const fake::Entry& entry) {
      if (!entry.fault.empty()) ++verdict_.faults;
    };
  }

  Verdict go(const Tamper& tamper) {
    const auto report = run_to_the_end();
    verdict_.changes = churn_.trace.size();
    if (report) judge(*report, tamper);
    verdict_.trace = plan_.text() + trace_;
    for (const std::string& change : churn_.trace) verdict_.trace += "  " + change + '\n';
    return std::move(verdict_);
  }

 private:
  std::vector<const fake::EndpointPlan*> plans() const {
    std::vector<const fake::EndpointPlan*> out;
    for (const Wanted& wanted : plan_.job.endpoints)
      out.push_back(fake_.world().model().find(wanted.endpoint->name));
    return out;
  }

  std::optional<Report> run_to_the_end() {
    int reruns = plan_.reruns;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      ++verdict_.attempts;
      const Plan::Death* death = static_cast<std::size_t>(attempt) < plan_.deaths.size()
                                     ? &plan_.deaths[static_cast<std::size_t>(attempt)]
                                     : nullptr;
      const auto report = run_once(death, static_cast<std::uint64_t>(attempt));
      if (!report || report->cancelled()) continue;
      if (report->complete() || reruns-- <= 0) return report;
    }
    wrong(Wrong::endless, fmt::format("not done after {} attempts", most_attempts));
    return std::nullopt;
  }

  /// Nothing if the process died.
  std::optional<Report> run_once(const Plan::Death* death, std::uint64_t attempt) {
    using How = Plan::Death::How;
    FakeTransport transport{clock_,
                            fake_,
                            {fake::join(plan_.seed, 100 + attempt), plan_.up, plan_.down,
                             std::chrono::seconds{30}, fake_.options().key}};
    transport.before = [this](fake::Instant now) { churn_.until(now); };
    std::size_t looks = 0;
    const auto stop = [&] {
      return death != nullptr && death->how == How::stop && ++looks >= death->at;
    };
    if (death != nullptr && death->how != How::stop) files_.crash_at(death->at, death->after);
    std::optional<Report> report;
    try {
      report = run(api_, plan_.job, clock_, transport, files_, checkpoint_, stop);
    } catch (const test::Crash&) {
    }
    verdict_.requests += transport.sent.size();
    if (files_.dead()) report.reset();
    trace_ += fmt::format("  attempt {}: {} requests, {}\n", attempt + 1, transport.sent.size(),
                          !report              ? "died"
                          : report->ended      ? report->ended->what
                          : report->complete() ? "complete"
                                               : "admits to lack something");
    if (report)
      for (const Told& told : report->told)
        trace_ += fmt::format("    {}: {} rows, {}{}\n", told.endpoint, told.rows,
                              told.complete ? "complete"
                              : told.failed ? "failed"
                                            : "partly",
                              told.words.empty() ? "" : ": " + told.words);
    if (!report || report->cancelled()) ++verdict_.deaths;
    if (!report && death->how == How::power_cut)
      files_.cut_power(fake::join(plan_.seed, 200 + attempt));
    else
      files_.restart();
    return report;
  }

  void judge(const Report& report, const Tamper& tamper) {
    if (plan_.deaths.empty() && plan_.reruns == 0 && fake_.counts().over_limit != 0)
      wrong(Wrong::limit, fmt::format("{} requests were too many", fake_.counts().over_limit));
    for (const Told& told : report.told) {
      ++(told.complete ? verdict_.claimed : verdict_.admitted);
      judge(told, tamper);
    }
    if (!plan_.job.stream && report.complete() && (runs_resume || verdict_.deaths == 0))
      for (const auto& [name, bytes] : files_.files(folder))
        if (is_leftover(name)) wrong(Wrong::leftover, folder + '/' + name);
    if (plan_.static_world() && report.complete()) compare_with_quiet_run(report);
  }

  std::optional<std::string> file_of(const Told& told) const {
    if (!plan_.job.stream) return files_.content(path_of(plan_.job, told.endpoint));
    return files_.piped(verdict_.attempts - 1);
  }

  void judge(const Told& told, const Tamper& tamper) {
    const auto wanted = std::ranges::find_if(
        plan_.job.endpoints, [&](const Wanted& w) { return w.endpoint->name == told.endpoint; });
    auto file = file_of(told);
    // A stream that failed ends anywhere; what it says is that nobody should use it.
    if (told.failed && plan_.job.stream) return;
    if (!file) {
      if (told.complete) wrong(Wrong::loss, told.endpoint + ": complete, and there is no file");
      return;
    }
    if (tamper) tamper(plan_.job, told.endpoint, *file);
    const Table table = table_of(*wanted->endpoint, wanted->fields, Nested::json);
    const auto records = split_records(table, plan_.job.format, *file);
    if (!records) return wrong(Wrong::torn, told.endpoint + ": the file is not whole");
    verdict_.rows += records->size();
    compare(told, *wanted, table, *records);
  }

  void compare(const Told& told, const Wanted& wanted, const Table& table,
               const std::vector<Text>& records) {
    const fake::EndpointPlan& plan = *fake_.world().model().find(told.endpoint);
    const Witness::Rows& rows = witness_.rows(plan);
    std::vector<const std::string*> objects;
    std::vector<const Witness::Rows::value_type*> owners;
    for (const auto& row : rows)
      for (const std::string& version : row.second.versions) {
        objects.push_back(&version);
        owners.push_back(&row);
      }
    const auto spelled =
        spell_rows(api_, *wanted.endpoint, wanted.fields, table, plan_.job.format, objects);
    std::unordered_map<Text, const Witness::Rows::value_type*> known;
    for (std::size_t i = 0; i < spelled.size(); ++i) known.emplace(spelled[i], owners[i]);

    const Span span = wanted.endpoint->dates ? span_of(plan_.job.range, fake_.world()) : Span{};
    std::set<const Witness::Rows::value_type*> found;
    for (const Text record : records) {
      const auto row = known.find(record);
      if (row == known.end())
        wrong(Wrong::stranger,
              fmt::format("{}: no row of the list is {:.200}", told.endpoint, record));
      else if (!span.holds(row->second->second.at))
        wrong(Wrong::stranger, told.endpoint + ": outside the range: " + row->second->first);
      else if (!found.insert(row->second).second)
        wrong(Wrong::twice, told.endpoint + ": twice: " + row->second->first);
    }
    if (!told.complete) return;
    for (const auto& row : rows)
      if (row.second.throughout && span.holds(row.second.at) && !found.contains(&row))
        wrong(Wrong::loss, fmt::format("{}: complete, and without {} of account {}", told.endpoint,
                                       row.first, row.second.account));
  }

  /// The same job without any trouble, one request at a time.
  void compare_with_quiet_run(const Report& report) {
    fake::FakeOptions quiet = plan_.world;
    quiet.faults.clear();
    quiet.limits.emplace();
    fake::FakeApi api{api_, std::move(quiet)};
    Job job = plan_.job;
    job.jobs = 1;
    job.limits.clear();
    VirtualClock clock;
    FakeTransport transport{clock, api, {.key = api.options().key}};
    MemoryFiles files;
    const Report still = run(api_, job, clock, transport, files, [] { return false; });
    for (const Told& told : report.told) {
      const auto ours = file_of(told);
      const auto theirs =
          job.stream ? std::optional{files.piped()} : files.content(path_of(job, told.endpoint));
      if (!still.complete() || ours != theirs)
        wrong(Wrong::bytes, told.endpoint + ": other bytes than those of a quiet run");
    }
  }

  void wrong(Wrong what, std::string text) {
    if (verdict_.findings.size() < most_findings)
      verdict_.findings.push_back({what, std::move(text)});
  }

  const Api& api_;
  const Plan& plan_;
  VirtualClock clock_;
  fake::FakeApi fake_;
  std::vector<const fake::EndpointPlan*> plans_;
  Witness witness_;
  Churn churn_;
  MemoryFiles files_;
  test::MemoryCheckpoint checkpoint_{files_};
  Verdict verdict_;
  std::string trace_;
};

}  // namespace

Text name_of(Wrong wrong) {
  switch (wrong) {
    case Wrong::loss: return "undetected loss";
    case Wrong::twice: return "row twice";
    case Wrong::stranger: return "stranger";
    case Wrong::torn: return "torn file";
    case Wrong::bytes: return "other bytes";
    case Wrong::leftover: return "leftover";
    case Wrong::limit: return "over the limit";
    case Wrong::endless: return "endless";
  }
  return "";
}

Verdict simulate(const Api& api, const Plan& plan, const Tamper& tamper) {
  return Simulation{api, plan}.go(tamper);
}

}  // namespace callrail::sim
