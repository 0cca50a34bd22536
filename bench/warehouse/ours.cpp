#include "side.hpp"

#include <callrail/api.hpp>
#include <callrail/warehouse.hpp>

#include <virtual_time.hpp>

namespace callrail::bench {

namespace {

class Ours final : public Side {
 public:
  Ours(const Calls& calls, const Place& place) : calls_{calls}, place_{place} {
    clock_.advance(std::chrono::days{300});  // behind the last call
  }

  Status begin() override {
    auto db = open_database(place_.address(), false);
    if (!db) return std::unexpected(std::move(db).error());
    server_ = 0;
    if (place_.dialect() == Dialect::postgresql) {
      auto asked = (*db)->query("SELECT pg_backend_pid()", {},
                                [&](const SqlRow& row) { server_ = row.number(0); });
      if (!asked) return asked;
    }
    db_ = db->get();
    WarehouseOptions options;
    options.mode = SyncMode::full;
    options.identity = {"bench", "bench"};
    auto opened = Warehouse::open(*std::move(db), api::description(), clock_, options);
    if (!opened) return std::unexpected(std::move(opened).error());
    warehouse_ = *std::move(opened);
    const Endpoint* const endpoint = calls_.task().endpoint;
    if (auto begun = warehouse_->begin_run({endpoint}, {std::string{account}}); !begun)
      return begun;
    auto writer = warehouse_->open(calls_.task().table, Position{});
    if (!writer) return std::unexpected(std::move(writer).error());
    writer_ = *std::move(writer);
    return {};
  }

  Status load(const Calls::Part& part) override {
    if (auto written = writer_->write(part.rows); !written) return written;
    WindowProof proof;
    proof.from = part.from, proof.to = part.to, proof.zone = "UTC";
    proof.rows = part.rows.count;
    proof.proof = Proof::proven;
    writer_->settled({{"account_id", std::string{account}}}, proof, false);
    auto position = writer_->commit();
    if (!position) return std::unexpected(std::move(position).error());
    SavedEndpoint saved;
    saved.position = *position;
    CheckpointChange change;
    change.facts = &saved;
    return warehouse_->save(calls_.task().endpoint->name, change);
  }

  Status end() override {
    EndpointSummary of;
    of.name = calls_.task().endpoint->name;
    of.proof = Proof::proven;
    Summary summary;
    summary.endpoints.push_back(std::move(of));
    auto ended = warehouse_->end_run(summary, std::nullopt);
    writer_.reset();
    warehouse_.reset();
    return ended;
  }

  Result<Read> ask(std::string_view question) override {
    Read read;
    auto asked = db_->query(question, {}, [&](const SqlRow& row) {
      ++read.rows;
      for (std::size_t n = 0; n < row.size(); ++n) read.bytes += row.text(n).size();
    });
    if (!asked) return std::unexpected(std::move(asked).error());
    return read;
  }

  std::int64_t server() const override { return server_; }

 private:
  const Calls& calls_;
  const Place& place_;
  VirtualClock clock_;
  std::int64_t server_ = 0;
  Database* db_ = nullptr;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

std::unique_ptr<Side> ours(const Calls& calls, const Place& place) {
  return std::make_unique<Ours>(calls, place);
}

}  // namespace callrail::bench
