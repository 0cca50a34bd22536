#pragma once

#include "fake_transport.hpp"
#include "records.hpp"
#include "scene.hpp"

#include <callrail/api.hpp>
#include <callrail/stored_table.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

/// One small extraction from the fake: five pages of one list of one account, to a folder or a
/// pipe, with an older file in its place.
namespace callrail::trust {

inline const std::string old_file = "what an earlier run left here\n";

struct Setting {
  FileFormat format = FileFormat::csv;
  bool stream = false;
  Paging paging = Paging::offset;
  std::optional<Dialect> database = {};  ///< instead of files: TableRun
};

class SmallRun {
 public:
  static constexpr Text list = "calls";  ///< the one list that offers both ways of paging
  static constexpr int rows = 23, page_size = 5;

  explicit SmallRun(const Setting& setting, std::vector<std::string> faults = {},
                    std::vector<std::string> changes = {},
                    const std::function<void(fake::FakeOptions&)>& adapt = {})
      : api_{api::description()} {
    const Endpoint& endpoint = *api_.find(list);
    job.endpoints.push_back({&endpoint, {}, true});
    for (const Text field : {endpoint.key, endpoint.dates.cursor, Text{"note"}, Text{"source"}})
      job.endpoints.back().fields.add(endpoint.find(field));
    job.page_size = page_size;
    job.paging = setting.paging;
    job.format = setting.format;
    job.stream = setting.stream;
    job.jobs = 1;

    fake::FakeOptions options;
    options.world.until = clock.today();
    options.world.nasty = false;
    for (const Endpoint* e : api_.endpoints) options.world.rows[std::string{e->name}] = 1;
    options.world.rows[std::string{list}] = rows;
    options.limits.emplace();
    for (const std::string& fault : faults) {
      auto read = fake::read_fault(fault, api_);
      EXPECT_TRUE(read) << fault;
      if (read) options.faults.push_back(*std::move(read));
    }
    for (const std::string& change : changes) {
      auto read = fake::read_mutation(change, api_);
      EXPECT_TRUE(read) << change;
      if (read) options.mutations.push_back(*std::move(read));
    }
    if (adapt) adapt(options);
    api = std::make_unique<fake::FakeApi>(api_, std::move(options));
    api->on_answer = [this, nth = std::uint64_t{0}](const fake::Entry& entry) mutable {
      on_the_way(entry.endpoint == list ? ++nth : 0);
    };
    if (!job.stream) files.put(path(), old_file);
  }

  sim::Job job;
  VirtualClock clock;
  test::MemoryFiles files;
  test::MemoryCheckpoint checkpoint{files};
  std::unique_ptr<fake::FakeApi> api;
  std::vector<std::string> asked;  ///< addresses of the last run
  bool died = false;
  std::function<bool()> stop = [] { return false; };
  /// When the server has answered the n-th request to the list, or another one (0), and nobody has
  /// seen the answer yet.
  std::function<void(std::uint64_t nth)> on_the_way = [](std::uint64_t) {};

  /// Runs once; a run that died says nothing.
  sim::Report go() {
    test::FakeTransport transport{clock, *api, {.key = api->options().key}};
    sim::Report report;
    died = false;
    try {
      report = sim::run(api_, job, clock, transport, files, checkpoint, stop);
    } catch (const test::Crash&) {
    }
    died = files.dead();
    if (job.stream) ++streams_;
    asked.clear();
    for (const auto& sent : transport.sent) asked.push_back(sent.url);
    return report;
  }

  std::string path(Text of = list) const { return sim::path_of(job, of); }
  /// What the destination shows; for a stream what the last run sent.
  std::string output(Text of = list) const {
    return job.stream ? files.piped(streams_ - 1) : files.content(path(of)).value_or("");
  }
  /// The records of one list's file; nothing if it is not whole.
  std::optional<std::vector<std::string>> records(Text of = list) const {
    for (const Wanted& wanted : job.endpoints) {
      if (wanted.endpoint->name != of) continue;
      const Table table = table_of(*wanted.endpoint, wanted.fields, Nested::json);
      const std::string whole = output(of);
      const auto split = sim::split_records(table, job.format, whole);
      if (split) return std::vector<std::string>{split->begin(), split->end()};
    }
    return std::nullopt;
  }

 protected:
  const Api& api_;

 private:
  std::size_t streams_ = 0;
};

/// All that a run says.
inline std::string words_of(const sim::Report& report) {
  std::string words = report.ended ? report.ended->what : "";
  for (const sim::Told& told : report.told) words += told.words;
  return words;
}

}  // namespace callrail::trust
