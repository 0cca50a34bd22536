#include "json_text.hpp"

#include <callrail/sketch/sketch.hpp>

#include <simdjson.h>

#include <algorithm>

namespace callrail::sketch {
namespace {

namespace dom = simdjson::dom;

/// The counts of a sketch by their names in JSON; those that are 0 are left out.
constexpr std::array<std::pair<std::string_view, std::uint64_t Sketch::*>, 8> counts{
    {{"null", &Sketch::null},
     {"boolean", &Sketch::boolean},
     {"integer", &Sketch::integer},
     {"number", &Sketch::number},
     {"text", &Sketch::text},
     {"object", &Sketch::object},
     {"array", &Sketch::array},
     {"longest_array", &Sketch::longest_array}}};
constexpr std::array<std::pair<std::string_view, std::uint64_t Texts::*>, 5> text_counts{
    {{"blank", &Texts::blank},
     {"longest", &Texts::longest},
     {"worded", &Texts::worded},
     {"rises", &Texts::rises},
     {"falls", &Texts::falls}}};

class Writing {
 public:
  std::string write(const Sketch& sketch) {
    out_ += '{';
    for (const auto& [name, count] : counts) number(name, sketch.*count);
    if (sketch.least <= sketch.most) {
      begin("range");
      out_ += '[' + std::to_string(sketch.least) + ',' + std::to_string(sketch.most) + ']';
    }
    for (const auto& [name, count] : text_counts) number(name, sketch.texts.*count);
    for (std::size_t i = 0; i < format_count; ++i)
      number("is_" + std::string{format_names[i]}, sketch.texts.formats[i]);
    counted("words", sketch.texts.words);
    flag("many_words", sketch.texts.many_words);
    counted("forms", sketch.forms);
    flag("many_forms", sketch.many_forms);
    if (!sketch.example.empty()) {
      begin("example");
      out_ += json_quoted(sketch.example);
    }
    flag("more_members", sketch.more_members);
    nested(sketch);
    out_ += '}';
    return std::move(out_);
  }

 private:
  void begin(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += json_quoted(name) + ':';
  }
  void number(std::string_view name, std::uint64_t count) {
    if (count == 0) return;
    begin(name);
    out_ += std::to_string(count);
  }
  void flag(std::string_view name, bool is) {
    if (!is) return;
    begin(name);
    out_ += "true";
  }
  void counted(std::string_view name, const std::vector<Counted>& all) {
    if (all.empty()) return;
    begin(name);
    char before = '[';
    for (const auto& one : all) {
      out_ +=
          before + std::string{"["} + json_quoted(one.text) + ',' + std::to_string(one.count) + ']';
      before = ',';
    }
    out_ += ']';
  }
  void nested(const Sketch& sketch) {
    if (!sketch.members.empty()) {
      begin("members");
      char before = '[';
      for (const auto& member : sketch.members) {
        out_ += before + std::string{"["} + json_quoted(member.name) + ',' +
                Writing{}.write(member.value) + ']';
        before = ',';
      }
      out_ += ']';
    }
    if (!sketch.items.empty()) {
      begin("items");
      out_ += Writing{}.write(sketch.items.front());
    }
  }

  std::string out_;
};

/// Every `read` is false for what `write` would not have written.
class Reading {
 public:
  bool read(Sketch& out, dom::element value) {
    dom::object members;
    if (value.get(members) || ++nodes_ > Sketch::most_nodes) return false;
    for (const auto& [name, member] : members)
      if (!read_member(out, name, member)) return false;
    return out.texts.words.size() <= Sketch::most_words && out.forms.size() <= Sketch::most_forms &&
           out.example.size() <= 8 * Sketch::most_example;
  }

 private:
  bool read_member(Sketch& out, std::string_view name, dom::element value) {
    for (const auto& [known, count] : counts)
      if (name == known) return !value.get(out.*count);
    for (const auto& [known, count] : text_counts)
      if (name == known) return !value.get(out.texts.*count);
    if (name.starts_with("is_")) {
      const auto format = std::ranges::find(format_names, name.substr(3));
      return format != format_names.end() &&
             !value.get(out.texts.formats[static_cast<std::size_t>(format - format_names.begin())]);
    }
    if (name == "range") return read_range(out, value);
    if (name == "words") return read_counted(out.texts.words, value);
    if (name == "forms") return read_counted(out.forms, value);
    if (name == "many_words") return !value.get(out.texts.many_words);
    if (name == "many_forms") return !value.get(out.many_forms);
    if (name == "more_members") return !value.get(out.more_members);
    if (name == "example") return read_text(out.example, value);
    if (name == "members") return read_members(out, value);
    if (name == "items") return out.items.empty() && read(out.items.emplace_back(), value);
    return false;
  }

  static bool read_text(std::string& out, dom::element value) {
    std::string_view text;
    if (value.get(text)) return false;
    out = text;
    return true;
  }

  static bool read_range(Sketch& out, dom::element value) {
    dom::array pair;
    return !value.get(pair) && pair.size() == 2 && !pair.at(0).get(out.least) &&
           !pair.at(1).get(out.most);
  }

  static bool read_counted(std::vector<Counted>& out, dom::element value) {
    dom::array all;
    if (value.get(all)) return false;
    for (const dom::element one : all) {
      dom::array pair;
      if (one.get(pair) || pair.size() != 2 || out.size() > Sketch::most_words) return false;
      Counted& counted = out.emplace_back();
      if (!read_text(counted.text, pair.at(0).value_unsafe()) || pair.at(1).get(counted.count))
        return false;
    }
    return true;
  }

  bool read_members(Sketch& out, dom::element value) {
    dom::array all;
    if (value.get(all)) return false;
    for (const dom::element one : all) {
      dom::array pair;
      std::string name;
      if (one.get(pair) || pair.size() != 2 || !read_text(name, pair.at(0).value_unsafe()))
        return false;
      if (out.find(name) || out.members.size() == Sketch::most_members) return false;
      out.members.push_back({.name = std::move(name), .value = {}});
      if (!read(out.members.back().value, pair.at(1).value_unsafe())) return false;
    }
    return true;
  }

  std::size_t nodes_ = 0;
};

}  // namespace

std::string Sketch::to_json() const { return Writing{}.write(*this); }

std::expected<Sketch, std::string> Sketch::from_json(std::string_view json) {
  dom::parser parser;
  // Each level of a value takes three of its sketch: the list of members, the pair, the sketch.
  if (parser.allocate(std::max<std::size_t>(json.size(), 64), 3 * deepest + 3))
    return std::unexpected("too large");
  const auto value = parser.parse(json);
  if (value.error()) return std::unexpected(simdjson::error_message(value.error()));
  Sketch out;
  if (!Reading{}.read(out, value.value_unsafe())) return std::unexpected("is no sketch");
  return out;
}

}  // namespace callrail::sketch
