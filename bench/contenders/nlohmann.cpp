#include "makers.hpp"

#include <nlohmann/json.hpp>

namespace callrail::bench {

namespace {

using nlohmann::json;

/// Parses a page into a tree and visits every value. It has no part in the text tasks: a tree
/// forgets how numbers and nested values were spelled, so it cannot make the same bytes.
class Tree final : public Contender {
 public:
  explicit Tree(const Task& task) : rows_{task.endpoint->rows} {}

  Result<Made> read(Body& body) override {
    const Text text = body.text();
    const json page = json::parse(text.begin(), text.end(), nullptr, false);
    const auto rows = page.is_object() ? page.find(rows_) : page.end();
    if (page.is_discarded() || rows == page.end()) return fail(Code::bad_answer, "not a page");
    sum_ = {};
    visit(*rows);
    return Made{rows->size(), 0};
  }
  std::uint64_t look() override { return sum_.value; }

 private:
  void visit(const json& value) {
    switch (value.type()) {
      case json::value_t::object:
      case json::value_t::array:
        for (const json& inner : value) visit(inner);
        return;
      case json::value_t::string: return sum_.text(value.get_ref<const std::string&>().size());
      case json::value_t::boolean: return sum_.boolean(value.get<bool>());
      case json::value_t::number_integer:
      case json::value_t::number_unsigned: return sum_.integer(value.get<std::int64_t>());
      case json::value_t::number_float: return sum_.number(value.get<double>());
      default: return sum_.null();
    }
  }

  std::string rows_;
  Sum sum_;
};

}  // namespace

std::unique_ptr<Contender> nlohmann_touch(const Task& task) { return std::make_unique<Tree>(task); }

}  // namespace callrail::bench
