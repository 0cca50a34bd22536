#pragma once

#include <callrail/checkpoint.hpp>
#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/extract.hpp>
#include <callrail/look_back.hpp>
#include <callrail/sink.hpp>
#include <callrail/sqlite_checkpoint.hpp>
#include <callrail/sync_mode.hpp>
#include <callrail/table_counts.hpp>

#include <chrono>
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

struct WarehouseOptions {
  SyncMode mode = SyncMode::delta;
  LookBacks look_back = {};
  bool checks = true;   ///< --skip-validation: only keys and cursors are looked at
  bool strict = false;  ///< findings reject the row
  std::string options;  ///< of the run, for people; no secrets
  std::string source;   ///< the address of the API
  /// Who reads, as a hash of its key: of lists that belong to no account two keys see different
  /// rows, and neither says anything of what only the other one sees.
  std::string seen_by = {};
  Resume resume = Resume::if_it_fits;
  RunIdentity identity;
  /// Of endpoints of which not every field is read, what `narrowing` says: such a run keeps cursors
  /// of its own, or what it left out would never be read.
  std::map<std::string, std::string, std::less<>> narrowed = {};
  /// For another try, where the database is busy or gone; empty: of this thread.
  std::function<void(std::chrono::milliseconds)> wait = {};
};

/// "without note,tags", or "fields id,note", whatever is shorter; empty: every field is read.
std::string narrowing(const Endpoint&, const Selection&);

/// How late rows of an endpoint were edited, as far as that was seen.
struct EditsSeen {
  std::uint64_t edits = 0;
  int days = 0;  ///< 99.9 % of them came within so many
};

/// A database with the tables of an API: where rows go, and where a run keeps what it needs to go
/// on; both in one transaction, so neither is ever ahead of the other.
class Warehouse final : public Sink, public Checkpoint {
 public:
  /// Code::bad_request: the tables are not there ("run callrail-batch migrate …"), or there is no
  /// run to go on with. Everything named here must outlive it.
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

  // The run
  /// When the run began, if an earlier process began it.
  std::optional<Clock::Wall> began() const;
  /// So that `read_from` knows, without a run: takes and writes nothing.
  Status look(const std::vector<const Endpoint*>&, const std::vector<std::string>& accounts);
  /// Takes the endpoints for this process, and begins their rows of the history. Code::held:
  /// somebody else has one of them; it may be tried again. A dry run takes nothing.
  Status begin_run(const std::vector<const Endpoint*>&, const std::vector<std::string>& accounts);
  /// Rows of the history that say that somebody else had them.
  Status note_overlap(const std::vector<const Endpoint*>&, const std::vector<std::string>& accounts,
                      const std::string& why);
  /// Ends them as the summary says. The checkpoint goes unless the run may be gone on with.
  Status end_run(const Summary&, std::optional<int> signal);
  /// Shows others that this process is alive; cheap, call it often.
  void beat();

  /// Where reading a list has to begin in a delta run, in the spelling of `DateRange`, UTC;
  /// nothing: as far back as the API keeps rows.
  std::optional<std::string> read_from(const Endpoint&, const Scope&) const;
  TableCounts counts(Text endpoint) const;
  /// The number of this run in `runs`.
  std::int64_t run() const;
  /// Behind its cursor; of the endpoints of this run.
  int look_back_days(Text endpoint) const;
  /// Nothing until a hundred edits were seen.
  Result<std::optional<EditsSeen>> edits_seen(Text endpoint) const;

 private:
  struct State;
  explicit Warehouse(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace callrail
