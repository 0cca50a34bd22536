#pragma once

#include <callrail/fake/random.hpp>
#include <callrail/fake/world.hpp>

#include <string>

namespace callrail::fake {

/// Makes values up, as JSON, straight into the page.
class Writer {
 public:
  Writer(std::string& out, const World& world, const Row& row)
      : out_{out}, world_{world}, row_{row} {}

  /// False if the field is left out.
  bool field(const FieldPlan&);

 private:
  bool by_origin(const FieldPlan&, Dice&);
  bool made_up(const FieldPlan&, Dice&);
  bool copied(const FieldPlan&, Dice&);
  bool display(const FieldPlan&, Dice&);
  void value(const FieldPlan&, std::uint8_t kind, Dice&);
  void text(const FieldPlan&, Dice&);
  void number(const FieldPlan&, Dice&);
  void whole(const FieldPlan&, Dice&);
  void object(const FieldPlan&, Dice&, const Row* short_of);
  void map(const FieldPlan&, Dice&);
  void list(const FieldPlan&, Dice&);
  void item(const FieldPlan&, std::uint8_t kind, Dice&, const Row* short_of);
  void instant(Instant, const FieldPlan&, Dice&);
  void key();
  std::uint8_t choose_kind(std::uint8_t main, std::uint8_t others, Dice&) const;

  // words.cpp: the text of one look, without quotes
  void words(const FieldPlan&, Dice&);
  void pattern(const Pattern&, Dice&);
  void phone(Dice&);
  void hex(Dice&, int digits);
  void person(Dice&);
  void uri(const FieldPlan&, Dice&);

  std::string& out_;
  const World& world_;
  const Row& row_;
};

}  // namespace callrail::fake
