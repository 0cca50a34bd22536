#pragma once

#include <callrail/checkpoint.hpp>
#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/extract.hpp>
#include <callrail/look_back.hpp>
#include <callrail/sink.hpp>
#include <callrail/sqlite_checkpoint.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

class Database;

/// What became of the rows of an endpoint. `created + updated + unchanged + rejected` is the number
/// of rows that were read.
struct TableCounts {
  std::uint64_t created = 0, updated = 0, unchanged = 0, rejected = 0;
  std::uint64_t removed = 0;   ///< marked: not listed any more
  std::uint64_t returned = 0;  ///< of `updated`: had been marked
  std::uint64_t warnings = 0;  ///< rows of quality_issues made
};

enum class SyncMode : std::uint8_t {
  full,   ///< everything the API keeps
  delta,  ///< from the cursor on, and the look-back before it
  range,  ///< days the user named
  dry_run,
};

struct WarehouseOptions {
  SyncMode mode = SyncMode::delta;
  LookBacks look_back = {};
  bool checks = true;   ///< --skip-validation: only keys and cursors are looked at
  bool strict = false;  ///< findings reject the row
  std::string options;  ///< of the run, for people; no secrets
  std::string source;   ///< the address of the API
  Resume resume = Resume::if_it_fits;
  RunIdentity identity;
};

/// A database with the tables of an API: where rows go, and where a run keeps what it needs to go
/// on; both in one transaction, so neither is ever ahead of the other.
class Warehouse final : public Sink, public Checkpoint {
 public:
  /// Fails with Code::bad_request if the tables are not there or are those of another schema
  /// ("run callrail-batch migrate …"), Code::held if another run has one of the endpoints.
  /// Everything named here must outlive it.
  static Result<std::unique_ptr<Warehouse>> open(std::unique_ptr<Database>, const Api&,
                                                 const Clock&, WarehouseOptions);
  ~Warehouse() override;

  // Sink
  bool follows_windows() const override { return true; }
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;

  // Checkpoint
  Result<std::optional<SavedEndpoint>> load(Text endpoint) override;
  Status save(Text endpoint, const CheckpointChange&) override;
  Status forget(Text endpoint) override;

  /// When the run began, if an earlier process began it.
  std::optional<Clock::Wall> began() const;
  /// Takes the endpoints for this process, and begins their rows of the history.
  Status begin_run(const std::vector<const Endpoint*>&, const std::vector<std::string>& accounts);
  /// Ends them as the summary says. The checkpoint goes unless the run may be gone on with.
  Status end_run(const Summary&, std::optional<int> signal);
  /// Shows others that this process is alive; cheap, call it often.
  void beat();

  /// Where reading a list has to begin in a delta run, in the spelling of `DateRange`, UTC;
  /// nothing: as far back as the API keeps rows.
  std::optional<std::string> read_from(const Endpoint&, const Scope&) const;
  TableCounts counts(Text endpoint) const;

 private:
  struct State;
  explicit Warehouse(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace callrail
