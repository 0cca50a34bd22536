#include <callrail/fake/audio.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/random.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <fmt/format.h>

namespace callrail::fake {
namespace {

constexpr Text ending = ".json", expires_at = "expires", with_key = "access_key";
constexpr std::chrono::hours good_for{24};
// A frame of layer III at 128 kbit/s and 44.1 kHz, 26 milliseconds.
constexpr std::size_t frame_size = 417;
constexpr std::uint64_t most_frames = 40;

/// Files are on another host: this one by its other name, so that a key sent there is seen here.
std::string host(const Ask& ask) {
  const Text named = ask.header("Host");
  const auto port = named.rfind(':');
  return "http://localhost" + std::string{port == Text::npos ? Text{} : named.substr(port)};
}

std::string mp3(std::uint64_t seed) {
  Dice dice{seed};
  std::string out;
  for (std::uint64_t frames = 1 + dice.below(most_frames); frames > 0; --frames) {
    out += "\xff\xfb\x90\x64";
    for (std::size_t i = 4; i < frame_size; ++i) out += static_cast<char>(dice.below(255));
  }
  return out;
}

Reply refused(int status, Text why) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Content-Type", "text/plain");
  reply.body = why;
  return reply;
}

/// "bytes=100-" or "bytes=100-199" of so many bytes; nothing for another form.
std::optional<std::pair<std::uint64_t, std::uint64_t>> read_range(Text range, std::uint64_t size) {
  constexpr Text unit = "bytes=";
  if (!range.starts_with(unit)) return std::nullopt;
  range.remove_prefix(unit.size());
  const auto dash = range.find('-');
  if (dash == Text::npos) return std::nullopt;
  const auto first = whole_number(range.substr(0, dash));
  const bool open = dash + 1 == range.size();
  const auto last = open ? std::optional{size} : whole_number(range.substr(dash + 1));
  if (!first || !last || (*last < *first && !open)) return std::nullopt;
  return std::pair{*first, std::min(*last, size - 1)};
}

}  // namespace

bool leads_to_sound(const Field& field) {
  return field.pii == Pii::audio && field.format == Format::uri && field.type == Type::text;
}

std::string Sound::name() const {
  return std::string{row.plan->facts->name} + '.' +
         std::string{row.plan->facts->fields[field].name};
}

std::optional<Sound> Audio::find(Text path) const {
  const auto slash = path.rfind('/');
  if (slash == Text::npos) return std::nullopt;
  Text name = path.substr(slash + 1);
  if (name.ends_with(ending)) name.remove_suffix(ending.size());
  const Model& model = world_.model();
  const auto route = find_route(model, std::string{path.substr(0, slash)} + std::string{ending});
  if (!route) return std::nullopt;
  // The address of one row: that of a list, or of what is told about it alone.
  const EndpointPlan* plan = route->plan;
  std::string key = route->id.value_or("");
  std::uint32_t account = 0;
  for (const auto& [parameter, value] : route->parameters) {
    if (route->plan->beside_parent && parameter == route->plan->parent_parameter) {
      plan = &model.endpoints[static_cast<std::size_t>(route->plan->parent)];
      key = value;
    } else if (model.root >= 0) {
      const auto root =
          world_.find(model.endpoints[static_cast<std::size_t>(model.root)], 0, value);
      if (root) account = root->account;
    }
  }
  const std::size_t field = plan->facts->find(name);
  if (key.empty() || field == Endpoint::npos || !leads_to_sound(plan->facts->fields[field]))
    return std::nullopt;
  const auto row = world_.find(*plan, account, key);
  if (!row) return std::nullopt;
  return Sound{*row, field};
}

std::optional<Reply> Audio::address(const Sound& sound, const Ask& ask) const {
  std::string value;
  if (!world_.append_field(value, sound.row, sound.field) || value == "null") return std::nullopt;
  const bool temporary = world_.quirks().has(Quirk::temporary_audio);
  const auto until = std::chrono::floor<std::chrono::seconds>(ask.at + good_for);
  const std::string expires = temporary ? std::to_string(until.time_since_epoch().count()) : "";
  std::string url = host(ask) + std::string{prefix} + std::string{sound.row.plan->facts->name} +
                    '/' + world_.key(sound.row) + '/' +
                    std::string{sound.row.plan->facts->fields[sound.field].name};
  if (temporary) url += std::string{file} + '?' + std::string{expires_at} + '=' + expires + '&';
  if (!temporary) url += '?';
  url += std::string{with_key} + '=' + access_key(sound, expires);
  Reply reply;
  if (!ask.path.ends_with(ending)) {
    reply.status = 302;
    reply.headers.emplace_back("Location", url);
    return reply;
  }
  reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  reply.body = fmt::format(R"({{"url":{}}})", json_string(url));
  return reply;
}

std::optional<Sound> Audio::find_file(Text path) const {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  const auto first = path.find('/'), last = path.rfind('/');
  if (first == Text::npos || first == last) return std::nullopt;
  Text name = path.substr(last + 1);
  if (name.ends_with(file)) name.remove_suffix(file.size());
  const EndpointPlan* plan = world_.model().find(path.substr(0, first));
  const Text key = path.substr(first + 1, last - first - 1);
  const auto place = plan == nullptr ? std::nullopt : plan->keys.find(key);
  if (!place) return std::nullopt;
  const auto row = world_.find(*plan, place->account, key);
  const std::size_t field = plan->facts->find(name);
  if (!row || field == Endpoint::npos || !leads_to_sound(plan->facts->fields[field]))
    return std::nullopt;
  return Sound{*row, field};
}

std::string Audio::access_key(const Sound& sound, Text expires) const {
  return fmt::format("{:016x}",
                     join(join(sound.row.seed, sound.row.plan->fields[sound.field].salt), expires));
}

Reply Audio::read(const Sound& sound, const Ask& ask) const {
  const std::string* given = ask.find(with_key);
  const std::string* expires = ask.find(expires_at);
  if (given == nullptr || *given != access_key(sound, expires == nullptr ? Text{} : Text{*expires}))
    return refused(403, "Access denied\n");
  if (expires != nullptr) {
    const std::chrono::sys_seconds until{std::chrono::seconds{whole_number(*expires).value_or(0)}};
    if (ask.at > until) return refused(403, "Request has expired\n");
  }
  Reply reply;
  if (!ask.path.ends_with(file)) {
    reply.status = 302;
    reply.headers.emplace_back(
        "Location", host(ask) + ask.path + std::string{file} + '?' + encode_query(ask.query));
    return reply;
  }
  reply.headers.emplace_back("Content-Type", "audio/mpeg");
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  const std::uint64_t seed = join(sound.row.seed, sound.row.plan->fields[sound.field].salt);
  reply.headers.emplace_back("ETag", fmt::format("\"{:016x}\"", mix(seed)));
  reply.body = mp3(seed);
  const std::uint64_t size = reply.body.size();
  const auto range = read_range(ask.header("Range"), size);
  if (!range) return reply;
  if (range->first >= size) {
    reply = refused(416, "");
    reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return reply;
  }
  reply.status = 206;
  reply.headers.emplace_back("Content-Range",
                             fmt::format("bytes {}-{}/{}", range->first, range->second, size));
  reply.body = reply.body.substr(range->first, range->second - range->first + 1);
  return reply;
}

}  // namespace callrail::fake
