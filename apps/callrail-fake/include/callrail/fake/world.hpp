#pragma once

#include <callrail/fake/model.hpp>
#include <callrail/fake/quirks.hpp>
#include <callrail/fake/timeline.hpp>
#include <callrail/fake/tomorrow.hpp>
#include <callrail/fake/world_row.hpp>
#include <callrail/result.hpp>

#include <map>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace callrail::fake {

struct WorldOptions {
  std::uint64_t seed = 1;
  /// By endpoint, and of each account. Without: 2 accounts of 3 companies, 500 rows of what has
  /// dates, 20 of the rest.
  std::map<std::string, std::uint64_t, std::less<>> rows;
  Instant until{};                              ///< no row is newer, but those inserted later
  std::string zone = "America/New_York";        ///< of the key's owner
  bool nasty = true;                            ///< text and numbers that break careless readers
  std::set<std::string, std::less<>> tomorrow;  ///< endpoints that are sent as of tomorrow
};

/// Everything the fake knows. Rows are a function of seed, endpoint, account and number, so a
/// million of them take no memory; only what was changed since is kept.
///
/// Readers hold `reading()` for as long as they want the same answers; writers lock by themselves.
class World {
 public:
  /// A row that was not there from the start.
  struct Extra {
    Instant at;
    std::uint64_t number;
  };
  /// What changed in the rows of one endpoint and account.
  struct Changes {
    std::vector<Extra> extras;  ///< by instant, then number
    std::unordered_map<std::uint64_t, std::map<std::size_t, std::string>> edits;
    std::unordered_set<std::uint64_t> gone;
    std::vector<std::uint64_t> journal;  ///< numbers of changed rows that were there from the start
    std::uint64_t generation = 0;        ///< how often all of this was forgotten
  };
  /// A value put in place of a row's own, and members added to it.
  struct Patch {
    std::size_t field = Endpoint::npos;
    std::string value;  ///< JSON
    std::string more;   ///< ",\"name\":1"
  };

  World(const Api&, const WorldOptions&, const Quirks& = {});

  const Model& model() const { return model_; }
  const Quirks& quirks() const { return quirks_; }
  const Zones& zones() const { return zones_; }
  const Zone& owner_zone() const { return *owner_zone_; }
  const WorldOptions& options() const { return options_; }
  /// Null for endpoints that are sent as the tables say.
  const Tomorrow* tomorrow(const EndpointPlan&) const;
  std::uint32_t accounts() const { return accounts_; }

  [[nodiscard]] std::shared_lock<std::shared_mutex> reading() const {
    return std::shared_lock{mutex_};
  }

  /// Rows there from the start; later ones have the numbers from here on.
  std::uint64_t first_rows(const EndpointPlan&, std::uint32_t account) const;
  const Timeline& timeline(const EndpointPlan&, std::uint32_t account) const;
  const Changes& changes(const EndpointPlan&, std::uint32_t account) const;

  Row row(const EndpointPlan&, std::uint32_t account, std::uint64_t number) const;
  /// How many rows of this endpoint there are below one of its parent's.
  std::uint64_t children(const EndpointPlan&, const Row& parent) const;
  /// The one at a place, from 0.
  Row child(const EndpointPlan&, const Row& parent, std::uint64_t place) const;
  Row parent_of(const Row&) const;
  /// By key, or for accounts and companies by the older numeric id.
  std::optional<Row> find(const EndpointPlan&, std::uint32_t account, Text key) const;
  bool exists(const Row&) const;     ///< not deleted
  bool is_listed(const Row&) const;  ///< exists, and is not hidden
  std::string key(const Row&) const;
  std::int64_t legacy_id(const Row&) const;

  /// Appends the fields as one object.
  void append_row(std::string& out, const Row&, std::span<const std::size_t> fields,
                  const Patch* = nullptr) const;
  /// Appends the value as JSON; false if the row leaves it out.
  bool append_field(std::string& out, const Row&, std::size_t field) const;
  /// A row of another endpoint that this one may refer to: of the same account, and of the same
  /// company where both have one.
  std::optional<Row> referred(const Row&, const EndpointPlan& to, std::uint64_t seed) const;

  /// A new row; returns its key.
  Result<std::string> insert(Text endpoint, std::uint32_t account, Instant);
  /// Out of the lists, as if marked as spam; gone where an endpoint has nothing like that.
  Status hide(Text endpoint, std::uint32_t account, Text key);
  enum class Editing : std::uint8_t {
    told,  ///< what says where a row belongs cannot be edited
    kept,  ///< it can, and the row stays where it was: an API that sends nonsense
  };
  /// `value` is JSON.
  Status edit(Text endpoint, std::uint32_t account, Text key, Text field, Text value,
              Editing = Editing::told);
  /// Only disabled where the API does that.
  Status remove(Text endpoint, std::uint32_t account, Text key, Instant when);
  /// Back to the rows there from the start.
  void forget_changes();

 private:
  struct Table {
    Timeline timeline;
    Changes changes;
  };

  std::size_t table_index(const EndpointPlan&, std::uint32_t account) const;
  std::int64_t group_of(const EndpointPlan&, std::uint32_t account, std::uint64_t number) const;
  std::uint64_t groups(std::uint32_t account) const;
  std::uint64_t rotation(const EndpointPlan&, std::uint32_t account, std::uint64_t block) const;
  const Zone* zone_of(const EndpointPlan&, std::uint32_t account, std::int64_t group) const;
  Instant instant_of(const EndpointPlan&, std::uint32_t account, std::uint64_t number) const;
  Result<Row> changeable(Text endpoint, std::uint32_t account, Text key) const;
  void change(const Row&, std::size_t field, std::string value);

  Model model_;
  WorldOptions options_;
  Quirks quirks_;
  Zones zones_;
  const Zone* owner_zone_;
  std::uint32_t accounts_;
  std::vector<std::optional<Tomorrow>> tomorrow_;  ///< endpoint by endpoint
  std::vector<Table> tables_;                      ///< endpoint by endpoint, account by account
  std::vector<std::vector<const Zone*>> zones_of_groups_;
  mutable std::shared_mutex mutex_;
};

/// Rows of each account when nobody says otherwise.
std::uint64_t default_rows(const Model&, const EndpointPlan&);

}  // namespace callrail::fake
