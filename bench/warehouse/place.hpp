#pragma once

#include <callrail/result.hpp>
#include <callrail/sql_names.hpp>

#include <cstdint>
#include <database.hpp>
#include <memory>
#include <optional>
#include <string>

namespace callrail::bench {

/// A database with the tables of the API, for one of those that are compared.
class Place {
 public:
  /// Nothing where this dialect cannot be had, for the reason in `why`.
  static std::unique_ptr<Place> make(Dialect, std::string& why);
  virtual ~Place() = default;

  virtual Dialect dialect() const = 0;
  virtual const std::string& address() const = 0;  ///< for open_database
  virtual const std::string& name() const = 0;     ///< the file, or what libpq connects to
  virtual Status empty() = 0;                      ///< tables without rows; nobody may be connected
  /// A hash over calls and the elements in their lists: every value but those that tell when and by
  /// which run it was written.
  Result<std::uint64_t> contents() const;
  /// Companies and trackers with names, for all that calls refer to.
  Status name_companies() const;
};

}  // namespace callrail::bench
