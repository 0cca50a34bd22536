#include <callrail/api.hpp>
#include <callrail/fake/dates.hpp>
#include <callrail/fake/options.hpp>
#include <callrail/fake/server.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace callrail;
using namespace callrail::fake;

constexpr int failed = 1, wrong_options = 2;

Instant system_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

int complain(const Error& error, int code) {
  fmt::print(stderr, "callrail-fake: {}\n", error.what);
  return code;
}

std::string with_commas(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), 1, ',');
  return out;
}

int print_rows(const Options& options) {
  FakeApi api{api::description(), options.fake};
  const Model& model = api.world().model();
  std::optional<std::uint32_t> account;
  if (!options.account.empty() && model.root >= 0) {
    const auto row =
        api.world().find(model.endpoints[static_cast<std::size_t>(model.root)], 0, options.account);
    if (!row)
      return complain(
          {Code::not_found, fmt::format("dump: there is no account {}", options.account)},
          wrong_options);
    account = row->account;
  }
  // Days are those of the key's owner, as in a request without a zone.
  const World& world = api.world();
  Days days;
  if (const auto from = read_moment(options.from)) days.from = from->first(world.owner_zone());
  if (const auto to = read_moment(options.to))
    days.to = to->whole_day ? world.owner_zone().earliest(to->local + std::chrono::days{1}) -
                                  std::chrono::milliseconds{1}
                            : to->first(world.owner_zone());
  std::string block;
  const auto write = [&] {
    std::fwrite(block.data(), 1, block.size(), stdout);
    block.clear();
  };
  dump(
      world, api.listing(), *model.find(options.endpoint), account,
      [&](Text line) {
        block += line;
        block += '\n';
        if (block.size() > 1 << 16) write();
      },
      days);
  write();
  if (std::fflush(stdout) != 0)
    return complain({Code::sink_failed, "dump: standard output could not be written"}, failed);
  return 0;
}

int serve(const Options& options) {
  // Before any thread starts, so that only sigwait below gets them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  FakeApi api{api::description(), options.fake};
  std::ofstream log;
  if (!options.log_file.empty()) {
    log.open(options.log_file, std::ios::trunc | std::ios::binary);
    if (!log)
      return complain(
          {Code::sink_failed, fmt::format("--log: {} cannot be written", options.log_file)},
          failed);
    // A test reads the log while the fake runs, hence the flush.
    api.on_answer = [&log](const Entry& entry) { log << to_json(entry) << '\n' << std::flush; };
  }
  const auto began = std::chrono::steady_clock::now();
  const Instant start = options.now.value_or(system_now());
  FakeServer server{api, [began, start] {
                      return start + std::chrono::floor<std::chrono::milliseconds>(
                                         std::chrono::steady_clock::now() - began);
                    }};
  if (auto listening = server.listen(options.port); !listening)
    return complain(listening.error(), failed);
  if (!options.port_file.empty()) {
    // Renamed when written, for whoever waits for the file to appear.
    const std::string unfinished = options.port_file + ".new";
    std::ofstream file{unfinished, std::ios::trunc};
    file << server.port() << '\n';
    file.close();
    if (!file || std::rename(unfinished.c_str(), options.port_file.c_str()) != 0)
      return complain(
          {Code::sink_failed, fmt::format("--port-file: {} cannot be written", options.port_file)},
          failed);
  }
  std::string line = fmt::format("callrail-fake: {}, key {}", server.url(), options.fake.key);
  const World& world = api.world();
  for (const EndpointPlan& plan : world.model().endpoints) {
    if (!plan.stands_alone()) continue;
    std::uint64_t rows = 0;
    for (std::uint32_t a = 0; a < (world.model().is_root(plan) ? 1 : world.accounts()); ++a)
      rows += world.first_rows(plan, a);
    line += fmt::format(", {} {}", with_commas(rows), plan.facts->name);
  }
  fmt::print("{}\n", line);
  std::fflush(stdout);

  int signal = 0;
  sigwait(&ends, &signal);
  server.stop();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const char* key = std::getenv("CALLRAIL_FAKE_KEY");
  const auto options = read_options({arguments + 1, static_cast<std::size_t>(count - 1)},
                                    api::description(), key == nullptr ? "" : key, system_now());
  if (!options) return complain(options.error(), wrong_options);
  switch (options->verb) {
    case Options::Verb::help: fmt::print("{}", help_text(api::description())); return 0;
    case Options::Verb::list_faults: fmt::print("{}", list_of_faults()); return 0;
    case Options::Verb::list_quirks: fmt::print("{}", list_of_quirks()); return 0;
    case Options::Verb::dump: return print_rows(*options);
    case Options::Verb::serve: return serve(*options);
  }
  return failed;
}
