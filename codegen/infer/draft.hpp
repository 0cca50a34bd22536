#pragma once

#include "list.hpp"
#include "model/schema.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace callrail::codegen {

/// A field of a draft: the words of the notation, and what a comment says beside them.
struct DraftField {
  std::string name, type;
  bool null_seen = false;
  bool on_request = false, optional = false, secret = false;
  std::string format, unit, pii, refers_to;
  std::string example;  ///< JSON
  std::string note;     ///< what was seen how often, and which words are guesses
};

struct DraftShape {
  std::string name;
  std::vector<DraftField> fields;
  std::string note;
};

struct DraftEnum {
  std::string name;
  std::vector<std::string> values;
  std::string note;
};

/// An endpoint as a person may paste it into the schema.
struct Draft {
  std::string name, record, path, per, rows, key;
  std::vector<std::string> paging;
  std::string select;  ///< the parameter the requests asked for fields with
  std::string cursor;  ///< only if the requests asked for days
  std::string seen;    ///< "9 rows of 1 page"
  std::vector<std::pair<std::string, std::string>> parameters;  ///< those the schema lacks
  std::vector<DraftEnum> enums;
  std::vector<DraftShape> shapes;  ///< each after those it uses
  std::vector<DraftField> fields;
  // What a person has to look at.
  std::string path_note, rows_note, key_note, paging_note, per_note, cursor_note;
  std::vector<std::string> notes;
};

struct DraftOptions {
  std::string name;       ///< of the endpoint; empty: that of the rows
  std::string path = {};  ///< empty: as it was asked
  bool examples = false;  ///< copied from the rows, instead of invented ones
};

/// `known` is the schema the draft is for: its enums and shapes are used again, and what it says of
/// a field of the same name is taken as a guess. May be empty.
Draft make_draft(const List&, const Schema& known, const DraftOptions&);

/// The draft in the notation, aligned, section by section.
std::string draft_text(const Draft&);

/// The rows of tests/data/fields.tsv that the draft needs.
std::string draft_facts(const Draft&, const Schema& known);

}  // namespace callrail::codegen
