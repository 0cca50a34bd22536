#pragma once

#include <callrail/fake/model.hpp>

#include <nlohmann/json.hpp>

#include <span>

namespace callrail::fake {

using Examples = std::vector<nlohmann::ordered_json>;

/// Plans the fields of an endpoint; the model's roles and keys are known by then.
class Planner {
 public:
  explicit Planner(const Model& model) : model_{model} {}

  /// A field with its members. `refers_to`: "companies.id" or nothing.
  FieldPlan plan(const EndpointPlan& of, const Field&, const Examples&, Text refers_to,
                 std::uint64_t salt) const;
  /// Gives the fields of a whole endpoint their origins.
  void assign_origins(EndpointPlan&) const;

 private:
  void learn_examples(FieldPlan&, const Examples&) const;
  void choose_kinds(FieldPlan&, const Examples&) const;
  void find_reference(const EndpointPlan& of, FieldPlan&, Text refers_to) const;
  void plan_members(const EndpointPlan& of, FieldPlan&, const Examples&) const;
  Pattern pattern(std::string_view text) const;

  const Model& model_;
};

Examples parse_examples(std::span<const Text>);
Look look_of(const Field&);

}  // namespace callrail::fake
