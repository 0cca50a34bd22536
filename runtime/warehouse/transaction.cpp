#include "transaction.hpp"

#include <algorithm>

namespace callrail {

namespace {

/// 50 ms, 100 ms … 5 s: of together 26 s.
class Patience {
 public:
  explicit Patience(const Wait& wait) : wait_{wait} {}
  bool wait() {
    if (waits_ == most_waits) return false;
    const auto longest = std::chrono::milliseconds{5000};
    wait_(std::min(std::chrono::milliseconds{50} * (1 << waits_++), longest));
    return true;
  }

 private:
  static constexpr int most_waits = 11;
  const Wait& wait_;
  int waits_ = 0;
};

Status attempt(Database& db, const Transaction& transaction) {
  if (transaction.reads) return transaction.body();
  if (auto status = db.begin(); !status) return status;
  if (auto status = transaction.body(); !status) return status;
  return db.commit();
}

}  // namespace

Status commit(Database& db, const Wait& wait, const Transaction& transaction) {
  Patience patience{wait};
  while (true) {
    auto status = attempt(db, transaction);
    if (status) return status;
    const Trouble trouble = status.error().code == Code::sink_failed ? db.trouble() : Trouble::none;
    db.roll_back();
    switch (trouble) {
      case Trouble::row:
        if (transaction.may_go_on && transaction.may_go_on()) continue;
        return status;
      case Trouble::again:
        if (!patience.wait()) return status;
        continue;
      case Trouble::connection: break;
      case Trouble::none:
      case Trouble::destination: return status;
    }
    while (true) {
      if (auto connected = db.reconnect(); !connected) {
        // A password that was changed, a database that was dropped: no time heals that.
        if (db.trouble() == Trouble::destination) return connected;
      } else {
        auto arrived = transaction.arrived ? transaction.arrived() : Result<bool>{false};
        if (arrived && *arrived) return {};
        if (arrived) break;
        if (db.trouble() != Trouble::connection && db.trouble() != Trouble::again)
          return std::unexpected(std::move(arrived).error());
      }
      if (!patience.wait()) return status;
    }
    // The server may be up and end every connection that is used.
    if (!patience.wait()) return status;
  }
}

}  // namespace callrail
