#pragma once

#include <callrail/fake/answers.hpp>
#include <callrail/fake/audio.hpp>
#include <callrail/fake/limits.hpp>
#include <callrail/fake/log.hpp>
#include <callrail/fake/mutations.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace callrail::fake {

struct FakeOptions {
  WorldOptions world;
  Quirks quirks;
  std::string key = "fake-key";
  std::optional<std::vector<RateLimit>> limits;  ///< else the table's
  std::vector<Fault> faults;
  std::vector<Mutation> mutations;
  std::chrono::milliseconds delay{0};
  RetryAfter retry_after = RetryAfter::seconds;  ///< of the 429 the limits make
};

struct Counts {
  std::uint64_t requests = 0;  ///< to the API, whatever the answer
  std::uint64_t rows = 0;
  std::uint64_t over_limit = 0;  ///< refused for the limits; not those played as a fault
  std::map<int, std::uint64_t> by_status;
  std::map<std::string, std::uint64_t> by_endpoint;
};

/// The API without a socket: requests in, replies out. Time comes with the requests, so a
/// simulation of a day takes a second. Safe to use from several threads.
class FakeApi {
 public:
  FakeApi(const Api&, FakeOptions);

  Reply handle(const Ask&);

  World& world() { return world_; }
  const World& world() const { return world_; }
  const Listing& listing() const { return listing_; }
  const FakeOptions& options() const { return options_; }
  Counts counts() const;
  /// Counts, limits and changed rows as at the start; requests are numbered from 1 again.
  void reset();

  /// Told about every request but those to /__fake/. One call at a time.
  std::function<void(const Entry&)> on_answer = [](const Entry&) {};

 private:
  struct Turn {
    std::uint64_t nth = 0, nth_of_all = 0;
  };

  Answer answer(const Ask&, Entry&);
  Answer play(const Route&, const Ask&, Entry&);
  /// Answers the request unless a fault of this name is due.
  Answer play(Text name, Turn, const Ask&, Entry&,
              const std::function<Answer(const Fault*)>& answer) const;
  std::optional<Answer> answer_sound(const Ask&, Entry&);
  bool authorized(const Ask&) const;
  std::optional<Reply> over_limit(const Ask&);
  Turn count(Text endpoint);
  void mutate_rows(const Route&, const Ask&, Turn);
  void add_usual_headers(Reply&, const Ask&) const;

  // admin.cpp
  Reply admin(const Ask&);
  Reply admin_counts() const;
  Reply admin_rows(const Ask&);
  Reply admin_tomorrow() const;
  Reply admin_change(const Ask&, Text action);

  const Api& api_;
  FakeOptions options_;
  World world_;
  Listing listing_;
  Answers answers_;
  Audio audio_;
  Limits limits_;
  mutable std::mutex mutex_;  ///< of what follows
  Counts counts_;
  std::map<std::string, std::uint64_t, std::less<>> turns_;
  std::uint64_t turns_of_all_ = 0;
  std::mutex log_mutex_;
};

/// Both included; without them all that is kept.
struct Days {
  std::optional<Instant> from, to;
};

/// Every listed row with every field that can be asked for in a list, oldest first, account by
/// account; fields the API leaves to the request have the value that request would have. Below
/// other rows: those of each listed one. Sums: of each of the schema's words, over the days.
void dump(const World&, const Listing&, const EndpointPlan&, std::optional<std::uint32_t> account,
          const std::function<void(Text line)>&, const Days& = {});
/// What a dump consists of: the fields of an endpoint, and one of its rows as an object.
std::vector<std::size_t> dumped_fields(const World&, const EndpointPlan&);
void append_dumped(std::string& out, const World&, const Row&, std::span<const std::size_t> fields);

}  // namespace callrail::fake
