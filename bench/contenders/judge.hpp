#pragma once

#include "contender.hpp"

#include <map>

namespace callrail::bench {

/// What a contender made of all pages.
struct Answer {
  std::size_t rows = 0, bytes = 0;
  std::vector<std::uint64_t> looks;  ///< of each page
};

/// Holds every contender to the answer of its truth, page by page, before its time counts.
class Judge {
 public:
  Judge(std::vector<Entry> entries, Variant variant, Pages& pages)
      : entries_{std::move(entries)}, variant_{variant}, pages_{pages} {}

  const std::vector<Entry>& entries() const { return entries_; }
  /// The task of an entry; lives as long as the judge.
  const Task& task(const Entry&);
  /// What it has to make of the pages each time; an error that names the first wrong page.
  Result<Answer> check(const Entry&);
  /// Reads all pages. The error of a page that was refused, or of other rows or bytes than checked.
  Status run(Contender&, const Answer& checked);

 private:
  Result<const Answer*> truth(const std::string& name);
  Result<Answer> answer(const Entry&);

  std::vector<Entry> entries_;
  Variant variant_;
  Pages& pages_;
  std::map<std::string, Task, std::less<>> tasks_;
  std::map<std::string, Answer, std::less<>> truths_;
};

}  // namespace callrail::bench
