#pragma once

#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/sketch/sketch.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// A field that had values, and is null in all rows that were looked at since about a day.
struct NullSince {
  std::string field;
  std::string day;  ///< YYYY-MM-DD, of the last value
  std::uint64_t rows = 0;
};

/// An id in a form that the schema's examples do not have; or without examples, in several.
struct IdForm {
  std::string field;
  std::string now;  ///< "number", "digits", "COM + 32 hex": what `was` does not say
  std::string was;  ///< of the examples; empty: there are none
  std::uint64_t rows = 0, of_rows = 0;
};

/// What the rows of some pages looked like, beyond what every row is compared with.
struct Remarks {
  std::vector<NullSince> null_since;
  std::vector<IdForm> id_forms;
  bool empty() const { return null_since.empty() && id_forms.empty(); }
};

/// The shape of one endpoint's rows, in bounded memory: when each field was null, how its ids are
/// formed; and whatever the values looked like of members that differed from the schema.
class Shape {
 public:
  explicit Shape(const Endpoint&);
  ~Shape();
  Shape(Shape&&) noexcept;

  /// `page` has Body::padding readable bytes behind it.
  void add(std::string_view page, const Drift& of_page);
  Remarks remarks() const;
  /// What stood at a path of `Drift`, "tags[].color", since its member first differed; nothing: it
  /// was not among the pages.
  const sketch::Sketch* at(std::string_view path) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

using Shapes = std::map<std::string, Shape, std::less<>>;        ///< by endpoint
using AllRemarks = std::map<std::string, Remarks, std::less<>>;  ///< by endpoint
AllRemarks remarks_of(const Shapes&);

/// `calls: "x" is null in all rows since about 2026-05-03, 412 of those looked at; …`
std::vector<std::string> remark_lines(const std::string& endpoint, const Remarks&);

}  // namespace callrail::cli
