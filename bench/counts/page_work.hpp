#pragma once

#include "count.hpp"
#include "pages.hpp"

#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callrail::counts {

/// One thing that is done with a page, over and over: decoded, and spelled if there is a format.
struct Task {
  Text name;  ///< "calls.full.csv"
  Width width = Width::full;
  std::size_t fields = 0;  ///< wanted, spread evenly over what is sent; 0: all
  std::optional<FileFormat> format;
};
const std::vector<Task>& tasks();

class PageWork {
 public:
  static constexpr int pages = 2;

  PageWork(const Api&, const Task&);

  /// Every page once. False, with the reason in `trouble`: an answer is not as it was before.
  bool go();
  std::string trouble;

  std::uint64_t rows() const { return pages_.rows; }
  std::uint64_t hash() const { return pages_.hash; }
  double size() const { return pages_.bytes_per_row(); }
  std::vector<Count> counts();  ///< of a round after the first, which makes room

 private:
  const Api& api_;
  Task task_;
  Pages pages_;
  Selection wanted_;
  Table table_;
  std::vector<Body> bodies_;
  PageDecoder decoder_;
  std::unique_ptr<TextFormat> format_;
  std::string out_;
  std::optional<std::uint64_t> written_;  ///< bytes of the last round
};

}  // namespace callrail::counts
