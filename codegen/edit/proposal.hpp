#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// A member of a new object, and theirs in turn.
struct NewMember {
  std::string name;
  std::string type;       ///< as in `Proposal::type`
  bool optional = false;  ///< missing in some of the objects
  std::string example{};
  std::vector<NewMember> members{};
};

/// One thing answers have shown that the schema says otherwise, or not at all.
struct Proposal {
  enum class Kind {
    new_field,  ///< sent, and not in the schema
    gone,       ///< in the schema, and no longer sent
    all_null,   ///< sent, but null in every row
    type,       ///< of a JSON kind the schema does not admit, null included
    enum_word,  ///< a word its enum lacks
    id_form,    ///< an id that was a number and is a text now, or the other way round
  };
  Kind kind = Kind::new_field;
  std::string endpoint;
  std::string path;  ///< "size", "maker.since", "parts[].color": members by dots, elements by []

  /// For new_field what it is, for type what was seen (more than is new does no harm), in the
  /// notation of types: "text or null", "list<text>", "null"; "number" is one with a fraction. An
  /// `object` without a name is one of `members`, and gets a shape named after the field; without
  /// members it becomes a map.
  std::string type{};
  std::vector<NewMember> members{};
  /// For enum_word; for id_form what it is now, "text" or "number". Which forms of an id are known
  /// is told by its examples, so the patch adds one of the new form.
  std::string word{};

  std::string date;           ///< YYYY-MM-DD, when it was seen
  std::uint64_t rows = 0;     ///< that showed it
  std::uint64_t of_rows = 0;  ///< that were looked at
  std::string example{};      ///< JSON; may be empty. Whoever sets it vouches that it may be shown.
};

struct SchemaPatch {
  std::string diff;  ///< unified, for `git apply` and `patch -p1`; empty: nothing to do
  std::vector<std::string> left_out;  ///< what a person must decide, a line each
};

/// The change of the schema that makes it agree with what was seen. Everything else stays byte for
/// byte, comments and layout too. What the schema covers already yields nothing, and the changed
/// schema has been loaded: a proposal that would break it is left out, with the reason.
/// `file` is the name the patch gives it: "schema/endpoints.yaml".
SchemaPatch propose_patch(std::string_view schema_text, std::string_view file,
                          const std::vector<Proposal>& proposals);

}  // namespace callrail::codegen
