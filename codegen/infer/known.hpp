#pragma once

#include "model/schema.hpp"

#include <callrail/sketch/sketch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// What a schema says of the fields of one name, wherever they stand.
class Known {
 public:
  Known(const Schema& schema, std::string_view name);

  bool is_id() const;
  bool is_map() const;
  /// The first of them that could be sent as these values are.
  const Field* field_like(const sketch::Sketch&) const;
  /// One of them that reveals something about a person, if most of them do.
  const Field* personal() const;
  /// One of them that is a credential.
  const Field* hidden() const;
  /// The enum whose words these are: that of such a field, or the only one with exactly these
  /// words.
  const Enum* enum_for(const sketch::Sketch& texts) const;
  /// The shape whose members these are.
  const Shape* shape_for(const sketch::Sketch& objects) const;
  /// `tags.color` of such a field.
  std::string place_of(const Field&) const;

 private:
  struct Found {
    const Field* field;
    std::string owner;
  };
  const Schema& schema_;
  std::string name_;
  std::vector<Found> found_;
};

/// Whether values that looked like this all are of a type.
bool admits(const Schema&, const FieldType&, const sketch::Sketch&);

}  // namespace callrail::codegen
