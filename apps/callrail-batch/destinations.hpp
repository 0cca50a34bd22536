#pragma once

#include "config.hpp"
#include "unfinished.hpp"
#include "warehouses.hpp"

#include <callrail/file_maker.hpp>
#include <callrail/log.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callrail::cli {

/// Where the rows of a run go: a folder or a stream, databases, or both at once.
class Destinations {
 public:
  /// Takes the folder and opens the databases. What one of them has no unfinished run of, none of
  /// them goes on with. Changes what of the configuration an earlier process decided.
  /// `maker`: of files that no row can be appended to; must outlive this.
  static Result<Destinations> open(Config&, const Api&, std::string_view key, const Clock&,
                                   bool may_go_on,
                                   const std::function<void(const std::string&)>& say,
                                   FileMaker* maker = nullptr);
  Destinations(Destinations&&) noexcept = default;
  Destinations& operator=(Destinations&&) noexcept = default;
  /// Leaves no folder behind that nothing was written to.
  ~Destinations();

  bool has_databases() const { return !databases_->empty(); }
  const Warehouses& databases() const { return *databases_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<std::string>& news() const { return news_; }

  /// See Warehouses::begin_run.
  Status begin_run(const Config& config, const Clock& clock,
                   const std::function<void(std::chrono::milliseconds)>& sleep,
                   const std::function<bool()>& stop,
                   const std::function<void(const std::string&)>& say) {
    return databases_->begin_run(config, clock, sleep, stop, say);
  }
  Sink& sink() { return *sink_; }
  Checkpoint* checkpoint() { return checkpoint_; }
  void beat() { databases_->beat(); }
  Status end_run(Summary&, std::optional<int> signal);

 private:
  Destinations() = default;
  void put_together(const Config&, FileMaker* maker);

  std::unique_ptr<HeldFolder> held_;
  std::filesystem::path created_;  ///< the folder, if it was not there
  std::unique_ptr<Warehouses> databases_ = std::make_unique<Warehouses>();
  std::unique_ptr<Sink> files_, tee_;
  std::unique_ptr<Checkpoint> checkpoints_;
  Sink* sink_ = nullptr;
  Checkpoint* checkpoint_ = nullptr;
  std::vector<std::string> warnings_, news_;
};

/// ExtractOptions::read_from of a delta run; tells the log where each reading begins.
std::function<std::optional<std::string>(const Endpoint&, const Scope&)> begin_of_lists(
    const Warehouses&, Log&);

/// Where pages may be put aside that wait for their window; empty: nowhere.
std::string scratch_of(const Config&);

}  // namespace callrail::cli
