#pragma once

#include "compare.hpp"
#include "renames.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace callrail::codegen {

/// The comparison of two schemas while it goes on; one member function for each sort of thing, in
/// a file of its own.
class Comparison {
 public:
  Comparison(const Schema& old, const Schema& now) : old_{old}, now_{now} {}
  std::vector<Change> run();

 private:
  /// Two versions of the fields of an endpoint or a shape.
  struct Lists {
    std::string owner;    ///< the new name
    bool record = true;   ///< its fields are C++ members and columns; of a shape, parts of JSON
    bool spread = false;  ///< some object of the shape is spread over columns
    std::vector<std::string> in{};  ///< for messages
  };

  void api();
  void enums();
  void shapes();
  void endpoints();

  void endpoint(const Pair<Endpoint>&);
  void endpoint_facts(const Pair<Endpoint>&, bool meant);
  void filters(const Pair<Endpoint>&, bool meant);
  void flat_names(const Pair<Endpoint>&, bool meant);
  void enumeration(const Pair<Enum>&);

  void fields(const Lists&, const std::vector<Field>& old, const std::vector<Field>& now);
  void added(const Lists&, const Field&, bool in_front);
  void gone(const Lists&, const Field&, const Field* instead);
  void field(const Lists&, const Pair<Field>&, bool behind);
  void type(const Lists&, const Pair<Field>&, bool meant);
  void when_sent(const Lists&, const Pair<Field>&, bool meant, bool behind);
  void meaning(const Lists&, const Pair<Field>&, bool meant);

  Change& add(std::string where, std::string what, Place, bool in_old = false);
  Change& add(const Lists&, const Name& field, std::string what, bool in_old = false);
  /// A text that only people read.
  void aside(const std::string& where, const std::string& word, bool differs, Place);

  static Verdict meant_or_breaks(bool meant) { return meant ? Verdict::migrate : Verdict::breaks; }
  /// The enum or shape lost a user; how bad that is decides how bad it is that it went.
  void lose(const FieldType&, Verdict);

  const Schema &old_, &now_;
  Renames renames_;
  std::map<std::string, Verdict, std::less<>> lost_;
  std::vector<Change> changes_;
};

}  // namespace callrail::codegen
