#pragma once

#include "draft.hpp"

#include <map>
#include <string>
#include <vector>

namespace callrail::codegen {

class Known;

/// Drafts fields, and with them the enums and shapes they need.
class FieldDrafts {
 public:
  struct Options {
    std::string record;     ///< of the rows
    std::string key;        ///< the field that may not be null
    bool examples = false;  ///< copied
  };
  FieldDrafts(const Schema& known, const sketch::Sketch& rows, Options options);

  DraftField field(const sketch::Member& member) {
    return field(member, rows_, "row", options_.record);
  }
  std::vector<DraftEnum> take_enums() { return std::move(enums_); }
  std::vector<DraftShape> take_shapes() { return std::move(shapes_); }

 private:
  using Sketch = sketch::Sketch;

  void collect(const Sketch& objects);
  bool is_key(const std::string& name) const { return name == options_.key; }
  std::string type_name(const std::string& field, const std::string& owner, bool is_enum);
  DraftField field(const sketch::Member&, const Sketch& parent, const std::string& thing,
                   const std::string& owner);
  void type(DraftField&, const Sketch& value, const Known&, const std::string& owner);
  std::string enumeration(DraftField&, const Sketch& texts, const Known&, const std::string& owner);
  std::string shape(DraftField&, const Sketch& objects, const Known&, const std::string& owner);
  void words(DraftField&, const Sketch& value, const Known&);
  void example(DraftField&, const Sketch& value, const Field* model);

  const Schema& known_;
  const Sketch& rows_;
  Options options_;
  std::vector<DraftEnum> enums_;
  std::vector<DraftShape> shapes_;
  std::vector<std::string> taken_;               ///< names of types
  std::map<std::string, Sketch> merged_;         ///< objects by signature
  std::map<std::string, std::string> shape_of_;  ///< name by signature
  std::map<std::string, std::string> enum_of_;   ///< field by name of the enum
};

/// Whether the notation can name a member: like_this, and not only by a _ unlike another, which is
/// what C++ keywords get.
bool is_nameable(const sketch::Sketch& objects, const std::string& name);

/// `wanted`, with `behind` behind it while the schema, the runtime or a draft has that type.
std::string free_type_name(std::string wanted, const std::string& behind, const Schema& known,
                           const std::vector<std::string>& taken);

/// `2 rows`, `1 row`
std::string count_of(std::uint64_t n, std::string_view thing);

/// Adds to a comment.
void say(std::string& note, const std::string& what);

}  // namespace callrail::codegen
