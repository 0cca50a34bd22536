#pragma once

#include <callrail/drift.hpp>
#include <callrail/key_list.hpp>
#include <callrail/proof.hpp>
#include <callrail/result.hpp>
#include <callrail/sink.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// What an endpoint with very many lists keeps instead of all of them: `lists` and `windows` of it
/// are those being read, and few.
struct ManyLists {
  struct Refusal {
    std::pair<std::string, std::string> of;  ///< lists whose scope begins so are not asked for
    std::string reason;
  };
  std::uint64_t lists = 0;     ///< in all
  std::uint64_t laid_out = 0;  ///< of them; the sum's, and those being read
  std::uint64_t print = 0;     ///< of the scopes laid out, by which they are known again
  ListSum sum;                 ///< of those before `lists`
  std::vector<WindowProof> doubtful, missing;  ///< the first few read with a doubt, or not at all
  std::vector<Refusal> refused;
};

/// Where an endpoint stands, as the last commit left it.
struct SavedEndpoint {
  enum class Stage {
    reading,
    finished,   ///< every row is written; the table may not be visible yet
    published,  ///< visible; or nothing to show, for rows that only others wait for
  };
  struct List {
    Scope scope;
    bool over = false;         ///< refused, not to be read, or not known to the API
    bool refused = false;      ///< the key may not read it
    bool unknown = false;      ///< the API does not know it, and nothing says that this is usual
    bool failed_once = false;  ///< it ended the endpoint in an earlier process
    std::optional<std::uint64_t> total;  ///< of the whole list, if it was cut into windows
    std::uint64_t rows = 0;              ///< written, of different keys
  };
  /// The windows of all lists, list by list, each from its beginning on.
  struct Window {
    std::size_t list = 0;
    std::string from, to, zone;
    bool only_count = false;
    bool may_be_cut = true;  ///< false: the API gives the same rows whatever days it is asked for
    bool settled = false;
    WindowProof found = {};  ///< once settled
  };
  using Many = ManyLists;

  Stage stage = Stage::reading;
  Position position;
  std::string window;  ///< the whole range, for people
  std::string where;   ///< of the finished table
  std::vector<List> lists;
  std::vector<Window> windows;
  std::optional<Many> many;
  KeyList keys;      ///< of rows that others wait for
  std::string seen;  ///< KeySet::bytes of rows that may come again; in a change: the new ones
  std::uint64_t repeated = 0, requests = 0, retries = 0;
  std::uint64_t left_out = 0;  ///< lists that were refused, or could not be read
  std::int64_t took_milliseconds = 0;
  std::vector<std::string> healed, warnings;
  Drift drift;
  int outcome = 0;           ///< as Outcome
  std::string reason;        ///< why part of it was left out
  std::string keys_missing;  ///< why others do not get all keys
  std::optional<int> code;
};

/// What changed since the last commit. Parts that are not there stay as they were.
struct CheckpointChange {
  const SavedEndpoint* facts = nullptr;  ///< everything but lists, windows and keys
  bool lists = false;                    ///< write all lists and windows anew
  std::vector<std::size_t> windows;      ///< else these, by their index in `facts`
  std::size_t new_keys = 0;              ///< so many at the end of `keys`
  bool seen_anew = false;                ///< `seen` takes the place of what was there
};

/// What a run needs to go on after its process is gone. Written after the rows are safe, so it is
/// never ahead of them.
class Checkpoint {
 public:
  virtual ~Checkpoint() = default;
  virtual Result<std::optional<SavedEndpoint>> load(Text endpoint) = 0;
  /// All of it or nothing, and durable when it returns.
  virtual Status save(Text endpoint, const CheckpointChange&) = 0;
  /// Forgets an endpoint whose rows are gone.
  virtual Status forget(Text endpoint) = 0;
};

}  // namespace callrail
