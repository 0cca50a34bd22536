#pragma once

#include "memory_checkpoint.hpp"
#include "memory_files.hpp"
#include "scene.hpp"

#include <callrail/file_sink.hpp>

#include <fmt/format.h>

#include <functional>
#include <set>
#include <string>

/// Runs that stop and are gone on with.
namespace callrail {

struct Kept {
  test::MemoryFiles files;
  test::MemoryCheckpoint checkpoint{files};
  Summary run(Scene& scene, Events* listener = nullptr) {
    ScriptedTransport transport{scene.clock, [&](const Request& r) { return scene.reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, scene.clock, scene.client_options, 1};
    Events silent;
    FolderSink sink{"data", TextOptions{.format = FileFormat::csv}, Provenance{}, files};
    scene.options.began = checkpoint.began;
    if (!checkpoint.began) checkpoint.began = scene.clock.today();
    Summary s = extract(api(), scene.options, client, sink, scene.clock,
                        listener != nullptr ? *listener : silent, scene.stop, &checkpoint);
    if (!s.resumable) checkpoint.clear();
    return s;
  }
};

/// What a run says in the end, whatever happened to it on the way.
inline std::string told(const EndpointSummary& e) {
  std::string text = fmt::format(
      "{}: {} rows, {} bytes, {} repeated, {} lists, {} of {}, {}, outcome {} {}, {}\n", e.name,
      e.rows, e.bytes, e.repeated, e.lists, e.announced, e.counted ? "counted" : "not counted",
      e.window, static_cast<int>(e.outcome), e.reason, e.proof ? to_text(*e.proof) : "no proof");
  for (const WindowProof& w : e.windows)
    text += fmt::format("  {} {}..{}: {} of {}, {} {}\n", w.scope, w.from, w.to, w.rows,
                        w.announced.value_or(999), w.proof ? to_text(*w.proof) : "no proof", w.why);
  if (const auto& sum = e.sum)
    text += fmt::format(
        "  {} lists, {} rows, {} proven, {} unread, {} unknown, {} left out, {} doubtful\n",
        sum->lists, sum->rows, sum->windows[0], sum->unread, sum->unknown, sum->left_out,
        sum->doubtful);
  for (const std::string& warning : e.warnings) text += "  " + warning + '\n';
  return text;
}

/// Runs a scene undisturbed, then once for each request it makes, stopped there and started again.
inline void expect_the_same_wherever_it_stops(const std::function<void(Scene&)>& set_up,
                                              std::size_t step = 1) {
  Scene quiet;
  set_up(quiet);
  Kept undisturbed;
  const Summary expected = undisturbed.run(quiet);
  const std::set<std::string> needed(quiet.asked.begin(), quiet.asked.end());
  for (std::size_t requests = 1; requests < quiet.asked.size(); requests += step) {
    SCOPED_TRACE(fmt::format("stopped after {} of {} requests", requests, quiet.asked.size()));
    Scene scene;
    set_up(scene);
    Kept kept;
    scene.stop = [&] { return scene.asked.size() == requests; };
    (void)kept.run(scene);
    scene.stop = [] { return false; };
    const Summary summary = kept.run(scene);
    // What was on its way at the stop is asked for again; nothing is asked for otherwise.
    EXPECT_EQ(std::set<std::string>(scene.asked.begin(), scene.asked.end()), needed);
    EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data"));
    for (std::size_t i = 0; i < expected.endpoints.size(); ++i)
      EXPECT_EQ(told(summary.endpoints[i]), told(expected.endpoints[i]));
  }
}

}  // namespace callrail
