#pragma once

#include "count.hpp"

#include <callrail/result.hpp>

#include <contenders/judge.hpp>
#include <optional>
#include <string>
#include <vector>

namespace callrail::counts {

/// One contender and the pages it reads, over and over.
struct Task {
  Text name;  ///< VARIANT/CONTENDER: "full/csv/all/ours"
  /// Somebody else's, which ours are held against: only its instructions count.
  bool reference = false;
};
const std::vector<Task>& tasks();

class Work {
 public:
  /// Fails if the contender's first answer is not what it has to be.
  static Result<std::unique_ptr<Work>> make(const Task&);

  Status go() { return judge_.run(*contender_, checked_); }  ///< every page once
  Result<std::vector<Count>> counts();                       ///< of a round

  std::size_t rows() const { return pages_.rows; }
  std::uint64_t hash() const { return hash_; }
  double bytes_per_row() const;

 private:
  Work(const Task&, bench::Variant, Text contender);

  std::string name_;
  bench::Pages pages_;
  std::uint64_t hash_ = 0;
  bench::Judge judge_;
  const bench::Entry* entry_;
  std::unique_ptr<bench::Contender> contender_;
  bench::Answer checked_;
};

}  // namespace callrail::counts
