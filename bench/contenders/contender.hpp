#pragma once

#include <callrail/result.hpp>
#include <callrail/selection.hpp>
#include <callrail/table.hpp>

#include <data/pages.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace callrail::bench {

/// What is wanted of the pages: of which endpoint, which fields, in which columns.
struct Task {
  const Endpoint* endpoint = nullptr;
  Selection fields;
  Selection asked;  ///< of those the ones the request named
  Table table;
};

/// What one page became.
struct Made {
  std::size_t rows = 0;
  std::size_t bytes = 0;  ///< of text, where there is any
};

/// One way to read pages, with the buffers it reuses from page to page.
class Contender {
 public:
  virtual ~Contender() = default;
  /// Reads a page and leaves it as it was; this is what is timed.
  virtual Result<Made> read(Body&) = 0;
  /// A number that two contenders share if, and as good as only if, they made the same of the last
  /// page: compared before anything counts, and never timed.
  virtual std::uint64_t look() = 0;
};

using Make = std::function<std::unique_ptr<Contender>(const Task&)>;

struct Entry {
  /// WHAT/FIELDS/WHO: "csv/all/ours". What it makes, whether of all fields or of 12, and by whom.
  std::string name;
  /// Whose answer it has to give; itself: it is the truth. Empty: it makes nothing of the pages,
  /// and only shows what memory or a part of the work costs.
  std::string truth;
  Make make;
};

/// All of them. Adding one is adding a line there.
std::vector<Entry> all_contenders();
/// Those whose name has one of the words in it; all without words.
std::vector<Entry> choose(const std::vector<Entry>&, const std::vector<std::string>& words);
const Entry* find(const std::vector<Entry>&, Text name);

/// `fields`: "all", or "12" of them as somebody would choose them.
Task task_of(Variant, Text fields);
/// Which of simdjson's implementations this machine gets: "haswell". It matters for whatever is
/// compared with stage 1, which is twice as fast with the instructions of Ice Lake.
std::string simdjson_kernel();
/// The middle of a name.
Text fields_of(Text name);

}  // namespace callrail::bench
