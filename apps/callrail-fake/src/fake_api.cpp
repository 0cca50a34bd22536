#include <callrail/fake/fake_api.hpp>
#include <callrail/fake/random.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

constexpr Text admin_prefix = "/__fake/";

/// "Token token=\"{api_key}\"" with the key in it.
std::string with_key(Text pattern, Text key) {
  std::string out{pattern};
  const auto open = out.find('{'), close = out.find('}');
  if (open != std::string::npos && close != std::string::npos)
    out.replace(open, close - open + 1, key);
  return out;
}

Text name_of(const Fault& fault) {
  const auto found = std::ranges::find(all_troubles(), fault.trouble, &TroubleName::trouble);
  return found == all_troubles().end() ? Text{} : found->name;
}

}  // namespace

FakeApi::FakeApi(const Api& api, FakeOptions options)
    : api_{api},
      options_{std::move(options)},
      world_{api, options_.world, options_.quirks},
      listing_{world_},
      answers_{world_, listing_},
      audio_{world_},
      limits_{options_.limits ? std::span<const RateLimit>{*options_.limits} : api.limits} {}

bool FakeApi::authorized(const Ask& ask) const {
  const Text sent = ask.header(api_.auth_header);
  const std::string quoted = with_key(api_.auth_value, options_.key);
  std::string plain = quoted;
  std::erase(plain, '"');
  return !sent.empty() && (sent == quoted || sent == plain);
}

std::optional<Reply> FakeApi::over_limit(const Ask& ask) {
  const Limits::Verdict verdict = limits_.take(ask.at);
  if (verdict.allowed) return std::nullopt;
  {
    const std::lock_guard lock{mutex_};
    ++counts_.over_limit;
  }
  Reply reply = answers_.error(429, error_text(429));
  const auto wait = std::chrono::ceil<std::chrono::seconds>(verdict.wait);
  if (std::string value = retry_after_value(options_.retry_after, wait, ask.at); !value.empty())
    reply.headers.emplace_back("Retry-After", std::move(value));
  return reply;
}

FakeApi::Turn FakeApi::count(Text endpoint) {
  const std::lock_guard lock{mutex_};
  auto turn = turns_.find(endpoint);
  if (turn == turns_.end()) turn = turns_.emplace(endpoint, 0).first;
  return {++turn->second, ++turns_of_all_};
}

void FakeApi::mutate_rows(const Route& route, const Ask& ask, Turn turn) {
  const Text name = route.plan->facts->name;
  for (std::size_t i = 0; i < options_.mutations.size(); ++i) {
    const Mutation& mutation = options_.mutations[i];
    if (!mutation.trigger.fires(name, turn.nth, turn.nth_of_all)) continue;
    std::uint32_t account = 0;
    const Model& model = world_.model();
    if (model.root >= 0 && !route.parameters.empty()) {
      const auto& root = model.endpoints[static_cast<std::size_t>(model.root)];
      const auto reading = world_.reading();
      for (const auto& [parameter, value] : route.parameters)
        if (const auto row = world_.find(root, 0, value)) account = row->account;
    }
    // What cannot be done to this list (an insert among the accounts) is simply not done.
    (void)mutate(world_, listing_, *route.plan, account, mutation, turn.nth * 64 + i, ask.at);
  }
}

Answer FakeApi::play(Text name, Turn turn, const Ask& ask, Entry& entry,
                     const std::function<Answer(const Fault*)>& make) const {
  const Fault* fault = nullptr;
  for (const Fault& f : options_.faults)
    if (fault == nullptr && f.trigger.fires(name, turn.nth, turn.nth_of_all)) fault = &f;
  Answer answer;
  if (fault != nullptr && fault->trouble == Trouble::status) {
    answer.reply = answers_.error(fault->status, error_text(fault->status));
  } else {
    const auto reading = world_.reading();
    answer = make(fault);
  }
  if (fault != nullptr) {
    entry.fault = fault->trouble == Trouble::status ? std::to_string(fault->status)
                                                    : std::string{name_of(*fault)};
    spoil(answer, *fault, ask);
  }
  return answer;
}

Answer FakeApi::play(const Route& route, const Ask& ask, Entry& entry) {
  const Text name = route.plan->facts->name;
  const Turn turn = count(name);
  mutate_rows(route, ask, turn);
  return play(name, turn, ask, entry,
              [&](const Fault* fault) { return answers_.answer(route, ask, fault); });
}

/// Sound is no list: its requests have names of their own, so that those for rows are counted as
/// without it.
std::optional<Answer> FakeApi::answer_sound(const Ask& ask, Entry& entry) {
  const bool file = ask.path.starts_with(Audio::prefix);
  std::optional<Sound> sound;
  {
    const auto reading = world_.reading();
    sound = file ? audio_.find_file(ask.path) : audio_.find(ask.path);
  }
  if (!sound)
    return file ? std::optional{Answer{answers_.error(404, error_text(404))}} : std::nullopt;
  entry.endpoint = sound->name() + (file ? std::string{Audio::file} : std::string{});
  return play(entry.endpoint, count(entry.endpoint), ask, entry, [&](const Fault*) {
    if (file) return Answer{audio_.read(*sound, ask)};
    auto reply = audio_.address(*sound, ask);
    return Answer{reply ? *std::move(reply) : answers_.error(404, error_text(404))};
  });
}

Answer FakeApi::answer(const Ask& ask, Entry& entry) {
  const auto route = find_route(world_.model(), ask.path);
  if (route) entry.endpoint = route->plan->facts->name;
  entry.authorized = authorized(ask);
  // Not of the API: who has the address needs no key.
  if (ask.path.starts_with(Audio::prefix)) return *answer_sound(ask, entry);
  if (!entry.authorized) return {answers_.error(401, error_text(401))};
  if (ask.method != "GET") return {answers_.error(405, error_text(405))};
  if (auto refused = over_limit(ask)) return {std::move(*refused)};
  if (!route) {
    auto sound = answer_sound(ask, entry);
    return sound ? *std::move(sound) : Answer{answers_.error(404, error_text(404))};
  }
  return play(*route, ask, entry);
}

void FakeApi::add_usual_headers(Reply& reply, const Ask& ask) const {
  std::uint64_t nth = 0;
  {
    const std::lock_guard lock{mutex_};
    nth = counts_.requests;
  }
  // The clock of the fake may be set; a client that reads dates needs to know what it says.
  reply.headers.emplace_back("Date", http_date(std::chrono::floor<std::chrono::seconds>(ask.at)));
  reply.headers.emplace_back("x-request-id",
                             fmt::format("{:016x}", join(options_.world.seed, nth)));
  // As long as it is made to wait: limits count before that.
  reply.headers.emplace_back(
      "x-runtime", fmt::format("{:.6f}", std::chrono::duration<double>(reply.delay).count()));
  if (options_.quirks.has(Quirk::no_rate_headers)) return;
  for (const Limits::Use& use : limits_.use(ask.at)) {
    const Text span = use.seconds == 3600 ? "hourly" : use.seconds == 86400 ? "daily" : "";
    if (span.empty()) continue;
    reply.headers.emplace_back(fmt::format("x-rate-limit-{}-allowed", span),
                               std::to_string(use.allowed));
    reply.headers.emplace_back(fmt::format("x-rate-limit-{}-used", span), std::to_string(use.used));
  }
}

Reply FakeApi::handle(const Ask& ask) {
  if (ask.path.starts_with(admin_prefix)) return admin(ask);
  Entry entry;
  entry.at = ask.at;
  entry.method = ask.method;
  entry.path = ask.path;
  entry.query = ask.query;
  entry.user_agent = ask.header("User-Agent");
  Answer answer = this->answer(ask, entry);
  entry.status = answer.reply.status;
  entry.rows = answer.rows;
  answer.reply.delay += options_.delay;
  {
    const std::lock_guard lock{mutex_};
    ++counts_.requests;
    counts_.rows += entry.rows;
    ++counts_.by_status[entry.status];
    if (!entry.endpoint.empty()) ++counts_.by_endpoint[entry.endpoint];
  }
  add_usual_headers(answer.reply, ask);
  const std::lock_guard lock{log_mutex_};
  on_answer(entry);
  return std::move(answer.reply);
}

Counts FakeApi::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

void FakeApi::reset() {
  world_.forget_changes();
  limits_.reset();
  const std::lock_guard lock{mutex_};
  counts_ = {};
  turns_.clear();
  turns_of_all_ = 0;
}

}  // namespace callrail::fake
