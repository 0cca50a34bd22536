#include "extraction.hpp"

#include "allocations.hpp"
#include "fake_transport.hpp"
#include "memory_files.hpp"

#include <callrail/extract.hpp>
#include <callrail/file_sink.hpp>

#include <fmt/format.h>

namespace callrail::counts {
namespace {

constexpr std::uint64_t rows_of_dated = 2000;  ///< of each of two accounts: eight pages

/// The fake, whose work is not ours to count.
class Server final : public Transport {
 public:
  Server(VirtualClock& clock, fake::FakeApi& api)
      : transport_{clock, api, {.key = api.options().key}} {}
  void start(std::uint64_t ticket, const Request& request) override {
    const Uncounted here;
    transport_.start(ticket, request);
  }
  std::optional<Finished> wait(Clock::Steady until) override {
    const Uncounted here;
    return transport_.wait(until);
  }
  void cancel_all() override { transport_.cancel_all(); }
  std::size_t requests() const { return transport_.sent.size(); }

 private:
  test::FakeTransport transport_;
};

/// A file system in memory that counts what is written to it, also what is written again.
class CountedFiles final : public test::MemoryFiles {
 public:
  std::uint64_t written() const {
    std::uint64_t sum = 0;
    for (const auto& call : calls)
      if (call.name == "write") sum += call.size;
    return sum;
  }
};

struct Run {
  std::uint64_t rows = 0, requests = 0, allocated = 0;
};

fake::FakeOptions fake_options(const Api& api, const VirtualClock& clock) {
  fake::FakeOptions options;
  options.world.until = clock.today();
  options.limits.emplace();
  for (const Endpoint* e : api.endpoints)
    if (e->dates) options.world.rows[std::string{e->name}] = rows_of_dated;
  return options;
}

Result<Run> run(const Api& api, std::vector<Wanted> wanted, Sink& sink) {
  VirtualClock clock;
  fake::FakeApi fake{api, fake_options(api, clock)};
  Server server{clock, fake};
  ExtractOptions options;
  options.base_url = "http://127.0.0.1:8080";
  options.endpoints = std::move(wanted);
  Limiter limiter{std::vector<RateLimit>{}};
  ClientOptions client_options;
  client_options.retry_statuses.assign(api.retry.statuses.begin(), api.retry.statuses.end());
  Client client{server, limiter, clock, client_options, 1};
  Events silent;
  const std::uint64_t before = allocations();
  const Summary summary = extract(api, options, client, sink, clock, silent, [] { return false; });
  Run out{0, server.requests(), allocations() - before};
  if (summary.ended) return std::unexpected(*summary.ended);
  for (const EndpointSummary& e : summary.endpoints) {
    if (e.outcome != Outcome::complete || !e.proof || !is_complete(*e.proof))
      return fail(Code::bad_answer, e.name + ": not complete: " + e.reason);
    out.rows += e.rows;
  }
  return out;
}

/// Of every row of a list.
std::pair<std::uint64_t, std::uint64_t> hash_and_bytes(const Api& api, const Endpoint& endpoint) {
  const VirtualClock clock;
  const fake::FakeApi fake{api, fake_options(api, clock)};
  Hash hash;
  std::uint64_t bytes = 0;
  fake::dump(fake.world(), fake.listing(), *fake.world().model().find(endpoint.name), std::nullopt,
             [&](Text line) { hash.add(line), bytes += line.size(); });
  return {hash.value(), bytes};
}

double per(std::uint64_t n, std::uint64_t rows) {
  return static_cast<double>(n) / static_cast<double>(rows);
}

/// A list by itself, so that a new endpoint changes the counts of no other.
Status count(const Api& api, const Endpoint& endpoint, std::vector<Count>& out) {
  const auto [hash, bytes] = hash_and_bytes(api, endpoint);
  const std::vector<Wanted> wanted{{&endpoint, Selection::everything(endpoint)}};
  const std::string name = fmt::format("extract/{}.", endpoint.name);

  NullSink nowhere{{.format = FileFormat::csv}};
  const auto read = run(api, wanted, nowhere);
  if (!read) return std::unexpected(read.error());
  out.push_back(
      {name + "requests_per_1000_rows", 1000 * per(read->requests, read->rows), hash, {}});
  if (!endpoint.dates) return {};  // a page or two: what a run allocates once would hide the rows
  out.push_back({name + "allocations_per_row", per(read->allocated, read->rows), hash, {}});

  CountedFiles files;
  FolderSink folder{"data", {.format = FileFormat::csv}, Provenance{}, files};
  const auto written = run(api, wanted, folder);
  if (!written) return std::unexpected(written.error());
  out.push_back({name + "bytes_written_per_row", per(files.written(), written->rows), hash,
                 per(bytes, written->rows)});
  return {};
}

}  // namespace

Result<std::vector<Count>> count_extraction(const Api& api) {
  std::vector<Count> out;
  for (const Endpoint* e : api.endpoints) {
    if (!e->opt_in.empty()) continue;  // what --all reads
    if (auto counted = count(api, *e, out); !counted)
      return std::unexpected(std::move(counted).error().in(std::string{e->name}));
  }
  return out;
}

}  // namespace callrail::counts
