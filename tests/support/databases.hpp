#pragma once

#include "scratch_folder.hpp"

#include <callrail/stored_table.hpp>

#include <database.hpp>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Empty databases for tests, of both dialects:
///
///   class Merges : public testing::TestWithParam<Dialect> {
///     void SetUp() override {
///       if (!test::is_there(GetParam())) GTEST_SKIP() << test::why_not(GetParam());
///       scratch_.emplace(GetParam());
///       db_ = scratch_->open();
///     …
///   INSTANTIATE_TEST_SUITE_P(Both, Merges, test::both_dialects, test::name_of_dialect);
///
/// and `callrail_test(… LIBS callrail-test-databases POSTGRES)`.
namespace callrail {

/// In the names of tests.
inline void PrintTo(Dialect dialect, std::ostream* out) {
  *out << (dialect == Dialect::sqlite ? "sqlite" : "postgresql");
}

}  // namespace callrail

namespace callrail::test {

/// False where no PostgreSQL is installed, or this build has none.
bool is_there(Dialect);
std::string why_not(Dialect);

/// A database of its own, removed with this.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(Dialect);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  Dialect dialect() const { return dialect_; }
  const std::string& address() const { return address_; }  ///< for open_database
  const std::string& name() const { return name_; }        ///< the file, or the database
  /// A connection of its own; null, and the test failed, if it fails.
  std::unique_ptr<Database> open() const;

 private:
  ScratchFolder folder_;
  Dialect dialect_;
  std::string name_, address_;
};

/// The rows of an answer, with | between the columns and "null" for NULL; or the error.
std::vector<std::string> ask(Database&, std::string_view text,
                             std::span<const SqlValue> values = {});

inline const auto both_dialects = {Dialect::sqlite, Dialect::postgresql};
inline const auto name_of_dialect = [](const auto& info) {
  return info.param == Dialect::sqlite ? "sqlite" : "postgresql";
};

}  // namespace callrail::test
