#pragma once

#include <callrail/fake/random.hpp>

#include <string>
#include <utility>
#include <vector>

/// Schemas that tests make up and change, until they become text.
namespace callrail::test {

using Words = std::vector<std::pair<std::string, std::string>>;

struct DraftField {
  std::string name, type;
  Words words{};
};

struct DraftEnum {
  std::string name;
  std::vector<std::string> values;
  Words words{};
};

struct DraftShape {
  std::string name;
  std::vector<DraftField> fields;
  Words words{};
};

struct DraftEndpoint {
  std::string name;
  Words words;
  std::vector<DraftField> fields;
};

struct Draft {
  Words limits{{"requests", "10"}, {"per", "second"}};
  std::vector<DraftEnum> enums;
  std::vector<DraftShape> shapes;
  std::vector<DraftEndpoint> endpoints;
  std::string text() const;
};

void set(Words&, const std::string& word, const std::string& value);
void drop(Words&, const std::string& word);
std::string value_of(const Words&, const std::string& word);

/// The shapes and enums of every draft: `Flat` is an object in a column, with `Inner` in it;
/// objects of `Listed` stand in lists only.
///
/// The endpoint `toys` is what changes. Its first field is the key, its last one `anchor`, and
/// nothing happens to these. `shelf` keeps every enum and shape in use.
Draft random_draft(fake::Dice&);

}  // namespace callrail::test
