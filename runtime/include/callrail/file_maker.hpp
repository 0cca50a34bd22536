#pragma once

#include <callrail/result.hpp>
#include <callrail/table.hpp>

#include <string>

namespace callrail {

/// Makes files of a form that no row can be appended to, out of rows that were: the same bytes for
/// the same rows, whatever happened while these were written.
class FileMaker {
 public:
  virtual ~FileMaker() = default;
  /// `rows` names a file of JSON lines, `to` an empty one. Fails with Code::sink_failed.
  virtual Status make(const Table&, const std::string& rows, const std::string& to) = 0;
};

}  // namespace callrail
