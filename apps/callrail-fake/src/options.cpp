#include <callrail/fake/dates.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/options.hpp>

#include <fmt/format.h>

namespace callrail::fake {
namespace {

struct Option {
  Text name;
  Text value;  ///< what it takes; empty: nothing
  Text what;
  Status (*take)(Options&, Text, const Api&);
};

std::unexpected<Error> wrong(std::string what) { return fail(Code::bad_request, std::move(what)); }

Result<std::uint64_t> read_number(Text text, std::uint64_t most) {
  const auto value = whole_number(text);
  if (!value || *value > most)
    return wrong(fmt::format("{} is no number from 0 to {}", text, most));
  return *value;
}

template <class T>
Status store(Result<T> from, auto put) {
  if (!from) return std::unexpected(std::move(from).error());
  put(std::move(*from));
  return {};
}

std::string unknown_endpoint(Text name, const Api& api) {
  std::vector<Text> names;
  for (const Endpoint* e : api.endpoints) names.push_back(e->name);
  return fmt::format("no endpoint is called {}{}", name, did_you_mean(closest(name, names)));
}

Status take_rows(Options& out, Text list, const Api& api) {
  while (!list.empty()) {
    const Text one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    const auto equals = one.find('=');
    const Text name = one.substr(0, equals);
    if (api.find(name) == nullptr) return wrong(unknown_endpoint(name, api));
    if (equals == Text::npos) return wrong(fmt::format("{} is not ENDPOINT=N", one));
    const auto count = read_number(one.substr(equals + 1), 50'000'000);
    if (!count) return std::unexpected(count.error());
    out.fake.world.rows[std::string{name}] = *count;
  }
  return {};
}

Status take_tomorrow(Options& out, Text name, const Api& api) {
  if (api.find(name) == nullptr) return wrong(unknown_endpoint(name, api));
  out.fake.world.tomorrow.emplace(name);
  return {};
}

Status take_zone(Options& out, Text name, const Api&) {
  if (Zones{}.find(name) == nullptr) return wrong(fmt::format("{} is no IANA time zone", name));
  out.fake.world.zone = name;
  return {};
}

Status take_now(Options& out, Text text, const Api&) {
  const auto moment = read_moment(text);
  if (!moment) return wrong(fmt::format("{} is no instant; write 2026-02-10T14:00:00Z", text));
  // Without an offset: UTC, like everything else about this program that is not the API.
  const auto offset = moment->offset.value_or(std::chrono::minutes{0});
  out.now = Instant{moment->local.time_since_epoch()} - offset;
  return {};
}

constexpr Option options[] = {
    {"--port", "N", "listen there on 127.0.0.1; 0: any free one (8080)",
     [](Options& o, Text v, const Api&) {
       return store(read_number(v, 65535), [&](std::uint64_t n) { o.port = static_cast<int>(n); });
     }},
    {"--port-file", "FILE", "write the port there once listening",
     [](Options& o, Text v, const Api&) { return o.port_file = v, Status{}; }},
    {"--log", "FILE", "one JSON object per request",
     [](Options& o, Text v, const Api&) { return o.log_file = v, Status{}; }},
    {"--key", "KEY", "the API key it wants (fake-key; or CALLRAIL_FAKE_KEY)",
     [](Options& o, Text v, const Api&) { return o.fake.key = v, Status{}; }},
    {"--seed", "N", "other data for another number (1)",
     [](Options& o, Text v, const Api&) {
       return store(read_number(v, ~std::uint64_t{0}),
                    [&](std::uint64_t n) { o.fake.world.seed = n; });
     }},
    {"--rows", "ENDPOINT=N,…",
     "rows of each account, or the most below a row of another list;\n"
     "--ENDPOINT N does the same for one",
     take_rows},
    {"--from", "DAY", "of dump: rows, or the rows above, from that day or instant on",
     [](Options& o, Text v, const Api&) { return o.from = v, Status{}; }},
    {"--to", "DAY", "of dump: rows up to that day or instant",
     [](Options& o, Text v, const Api&) { return o.to = v, Status{}; }},
    {"--zone", "ZONE", "of the key's owner: what bare dates mean (America/New_York)", take_zone},
    {"--now", "INSTANT", "what time it is for the fake when it starts; it goes on from there",
     take_now},
    {"--plain", "", "no odd text or numbers in the rows",
     [](Options& o, Text, const Api&) { return o.fake.world.nasty = false, Status{}; }},
    {"--limits", "10/s,120/m,…|none", "requests allowed (what the API documents)",
     [](Options& o, Text v, const Api&) {
       return store(read_limits(v),
                    [&](std::vector<RateLimit> l) { o.fake.limits = std::move(l); });
     }},
    {"--retry-after", "FORM", "of a 429: seconds, date, nonsense, negative, huge or none (seconds)",
     [](Options& o, Text v, const Api&) {
       return store(read_retry_after(v), [&](RetryAfter r) { o.fake.retry_after = r; });
     }},
    {"--delay", "TIME", "wait so long before each answer: 200ms",
     [](Options& o, Text v, const Api&) {
       return store(read_duration(v), [&](std::chrono::milliseconds d) { o.fake.delay = d; });
     }},
    {"--fault", "ENDPOINT:N=KIND", "play a fault at the n-th request; again for more",
     [](Options& o, Text v, const Api& api) {
       return store(read_fault(v, api), [&](Fault f) { o.fake.faults.push_back(std::move(f)); });
     }},
    {"--mutate", "ENDPOINT:N=ACTION",
     "before the n-th request: insert, hide, delete[:newest|oldest|any[:COUNT]],\n"
     "edit:WHERE:FIELD=JSON; again for more",
     [](Options& o, Text v, const Api& api) {
       return store(read_mutation(v, api),
                    [&](Mutation m) { o.fake.mutations.push_back(std::move(m)); });
     }},
    {"--quirk", "NAME", "one of the habits nobody is sure of; again for more",
     [](Options& o, Text v, const Api&) { return o.fake.quirks.add(v); }},
    {"--tomorrow", "ENDPOINT",
     "send it as a later version of the API may: two new fields, one gone, a new word,\n"
     "an id of the other form, another type; /__fake/tomorrow names them",
     take_tomorrow},
    {"--list-faults", "", "say what they are, and end",
     [](Options& o, Text, const Api&) { return o.verb = Options::Verb::list_faults, Status{}; }},
    {"--list-quirks", "", "say what they are, and end",
     [](Options& o, Text, const Api&) { return o.verb = Options::Verb::list_quirks, Status{}; }},
    {"--help", "", "this",
     [](Options& o, Text, const Api&) { return o.verb = Options::Verb::help, Status{}; }},
};

std::string unknown_option(Text name, const Api& api) {
  std::vector<std::string> of_endpoints;
  for (const Endpoint* e : api.endpoints) of_endpoints.push_back("--" + std::string{e->name});
  std::vector<Text> names{of_endpoints.begin(), of_endpoints.end()};
  for (const Option& o : options) names.push_back(o.name);
  return fmt::format("unknown option {}{} (--help shows all)", name,
                     did_you_mean(closest(name, names)));
}

Status take_word(Options& out, Text word, const Api& api, int& words) {
  ++words;
  if (words == 1 && word == "dump") {
    out.verb = Options::Verb::dump;
    return {};
  }
  if (out.verb == Options::Verb::dump && words == 2) {
    if (api.find(word) == nullptr) return wrong(unknown_endpoint(word, api));
    out.endpoint = word;
    return {};
  }
  if (out.verb == Options::Verb::dump && words == 3) {
    out.account = word;
    return {};
  }
  return wrong(fmt::format("{} is neither an option nor dump ENDPOINT [ACCOUNT]", word));
}

}  // namespace

Result<Options> read_options(std::span<const char* const> arguments, const Api& api, Text key,
                             Instant system_now) {
  Options out;
  if (!key.empty()) out.fake.key = key;
  int words = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Text argument = arguments[i];
    if (!argument.starts_with("--")) {
      if (auto ok = take_word(out, argument, api, words); !ok) return std::unexpected(ok.error());
      continue;
    }
    const auto equals = argument.find('=');
    const Text name = argument.substr(0, equals);
    const Option* option = nullptr;
    for (const Option& o : options)
      if (o.name == name) option = &o;
    const bool of_endpoint = option == nullptr && api.find(name.substr(2)) != nullptr;
    if (option == nullptr && !of_endpoint) return wrong(unknown_option(name, api));
    std::string value;
    if (of_endpoint || !option->value.empty()) {
      if (equals == Text::npos && i + 1 == arguments.size())
        return wrong(fmt::format("{} needs {}", name, of_endpoint ? "N" : option->value));
      value = equals == Text::npos ? Text{arguments[++i]} : argument.substr(equals + 1);
    } else if (equals != Text::npos) {
      return wrong(fmt::format("{} takes no value", name));
    }
    Status taken = of_endpoint ? take_rows(out, fmt::format("{}={}", name.substr(2), value), api)
                               : option->take(out, value, api);
    if (!taken) return std::unexpected(std::move(taken).error().in(name));
  }
  if (out.verb == Options::Verb::dump && out.endpoint.empty())
    return wrong("dump needs the name of an endpoint");
  for (const std::string& day : {out.from, out.to})
    if (!day.empty() && !read_moment(day)) return wrong(fmt::format("{} is no day", day));
  out.fake.world.until = out.now.value_or(std::chrono::floor<std::chrono::days>(system_now));
  return out;
}

std::string help_text(const Api& api) {
  std::string out = fmt::format(
      "callrail-fake: {} on localhost, with made-up rows\n\n"
      "  callrail-fake [options]\n"
      "  callrail-fake dump ENDPOINT [ACCOUNT] [options]   every row it would hold, as JSON "
      "lines\n\n",
      api.name);
  for (const Option& option : options) {
    std::string head = fmt::format("{} {}", option.name, option.value);
    Text what = option.what;
    while (true) {
      const auto end = what.find('\n');
      out += fmt::format("  {:<28} {}\n", head, what.substr(0, end));
      if (end == Text::npos) break;
      what.remove_prefix(end + 1);
      head.clear();
    }
  }
  out +=
      "\nN of a fault or mutation: 3, 2-4, 5-, * or */10; ENDPOINT * counts all "
      "requests,\nENDPOINT.FIELD those for the address of a recording, ENDPOINT.FIELD.mp3 those "
      "for "
      "the file.\nEndpoints:";
  for (const Endpoint* e : api.endpoints) out += fmt::format(" {}", e->name);
  out +=
      "\nWhile it runs, without a key: /__fake/counts, rows?endpoint=, tomorrow, reset,\n"
      "insert?endpoint=&account=&at=, hide|delete?endpoint=&account=&key=, edit?…&field=&value=,\n"
      "misspell?… (the same of any field; the row stays where it was)\n";
  return out;
}

std::string list_of_faults() {
  std::string out;
  for (const TroubleName& t : all_troubles())
    out += fmt::format(
        "{:<24} {}\n",
        t.argument.empty() ? std::string{t.name} : fmt::format("{}[:{}]", t.name, t.argument),
        t.what);
  return out;
}

std::string list_of_quirks() {
  std::string out;
  for (const QuirkName& q : all_quirks())
    out += fmt::format(
        "{:<24} {}\n",
        q.argument.empty() ? std::string{q.name} : fmt::format("{}={}", q.name, q.argument),
        q.what);
  return out;
}

}  // namespace callrail::fake
