#include "yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

namespace callrail::codegen::yaml {
namespace {

Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

/// Builds the tree from the parser's events.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Mistakes& mistakes) : mistakes_{mistakes} {}

  Value take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    put({.kind = Kind::nothing, .place = place_of(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    mistakes_.add(place_of(mark), "", "aliases (*name) are not used here; write the value out");
    put({.kind = Kind::nothing, .place = place_of(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    put({.kind = Kind::text, .place = place_of(mark), .text = value, .quoted = tag == "!"});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open_.push_back({{.kind = Kind::list, .place = place_of(mark)}, std::nullopt});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    open_.push_back({{.kind = Kind::map, .place = place_of(mark)}, std::nullopt});
    open_.back().braces = style == YAML::EmitterStyle::Flow;
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Value value;
    std::optional<Value> key;  ///< of a map, waiting for its value
    bool braces = false;
  };

  void close() {
    Value done = std::move(open_.back().value);
    // Without braces a map begins at its first key; what it lacks is better said where it is named.
    const bool named = open_.size() > 1 && open_[open_.size() - 2].key;
    if (done.kind == Kind::map && !open_.back().braces && named)
      done.place = open_[open_.size() - 2].key->place;
    open_.pop_back();
    put(std::move(done));
  }

  void put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& [parent, key, _] = open_.back();
    if (parent.kind == Kind::list) {
      parent.items.push_back(std::move(value));
    } else if (!key) {
      if (value.kind != Kind::text) mistakes_.add(value.place, "", "a key must be a plain word");
      key = std::move(value);
    } else {
      // yaml-cpp places an empty value at the token that follows it, maybe lines away.
      if (value.kind == Kind::nothing) value.place = key->place;
      parent.members.emplace_back(std::move(*key), std::move(value));
      key.reset();
    }
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      mistakes_.add(place_of(mark), "", "anchors (&name) are not used here; write the value out");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      mistakes_.add(place_of(mark), "", "YAML's " + tag + " is not used here");
  }

  Mistakes& mistakes_;
  Value root_;
  std::vector<Open> open_;
};

/// Where each line begins, to find a place in the text.
std::vector<std::size_t> line_starts(std::string_view source) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < source.size(); ++i)
    if (source[i] == '\n') starts.push_back(i + 1);
  return starts;
}

/// True if the quote that opens at `begin` is closed.
bool is_closed(std::string_view source, std::size_t begin) {
  const char quote = source[begin];
  for (std::size_t i = begin + 1; i < source.size(); ++i) {
    if (quote == '"' && source[i] == '\\') {
      ++i;
    } else if (source[i] == quote) {
      if (quote == '"' || source.substr(i + 1, 1) != "'") return true;
      ++i;  // '' is a quote inside
    }
  }
  return false;
}

/// yaml-cpp takes the end of the file for the end of a quoted text.
void check_quotes(const Value& value, std::string_view source,
                  const std::vector<std::size_t>& starts, Mistakes& mistakes) {
  if (value.quoted) {
    const auto line = static_cast<std::size_t>(value.place.line - 1);
    const auto at = starts[line] + static_cast<std::size_t>(value.place.column - 1);
    const char c = at < source.size() ? source[at] : ' ';
    if ((c == '"' || c == '\'') && !is_closed(source, at))
      mistakes.add(value.place, "", "this quote is never closed");
  }
  for (const auto& item : value.items) check_quotes(item, source, starts, mistakes);
  for (const auto& [key, member] : value.members) {
    check_quotes(key, source, starts, mistakes);
    check_quotes(member, source, starts, mistakes);
  }
}

void check_tabs(std::string_view source, const std::vector<std::size_t>& starts,
                Mistakes& mistakes) {
  for (std::size_t line = 0; line < starts.size(); ++line) {
    const auto indent = source.substr(starts[line]);
    const auto end = indent.find_first_not_of(' ');
    if (end != std::string_view::npos && indent[end] == '\t')
      mistakes.add({static_cast<int>(line + 1), static_cast<int>(end + 1)}, "",
                   "a tab in the indentation; use spaces");
  }
}

/// The first byte that is not UTF-8, or npos. Overlong forms pass; they print like any other.
std::size_t find_non_utf8(std::string_view source) {
  for (std::size_t i = 0; i < source.size();) {
    const auto byte = static_cast<unsigned char>(source[i]);
    const std::size_t length = byte < 0x80            ? 1
                               : byte >> 5 == 0b110   ? 2
                               : byte >> 4 == 0b1110  ? 3
                               : byte >> 3 == 0b11110 ? 4
                                                      : 0;
    if (length == 0 || i + length > source.size()) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(source[i + k]) & 0xC0) != 0x80) return i;
    i += length;
  }
  return std::string_view::npos;
}

void check_encoding(std::string_view source, const std::vector<std::size_t>& starts,
                    Mistakes& mistakes) {
  const std::size_t at = find_non_utf8(source);
  if (at == std::string_view::npos) return;
  const auto line = std::upper_bound(starts.begin(), starts.end(), at) - starts.begin();
  const std::size_t column = at - starts[static_cast<std::size_t>(line - 1)];
  mistakes.add({static_cast<int>(line), static_cast<int>(column + 1)}, "", "not UTF-8");
}

}  // namespace

Value parse(std::string_view source, Mistakes& mistakes) {
  const auto starts = line_starts(source);
  check_encoding(source, starts, mistakes);
  check_tabs(source, starts, mistakes);
  if (!mistakes.empty()) return {};

  std::istringstream in{std::string{source}};
  try {
    YAML::Parser parser{in};
    Builder builder{mistakes};
    if (!parser.HandleNextDocument(builder)) {
      mistakes.add({}, "", "the file is empty");
      return {};
    }
    Value root = builder.take();
    check_quotes(root, source, starts, mistakes);
    Builder more{mistakes};
    if (mistakes.empty() && parser.HandleNextDocument(more))
      mistakes.add(more.take().place, "", "a second document; the schema is one");
    return root;
  } catch (const YAML::Exception& e) {
    mistakes.add(place_of(e.mark), "", "not YAML: " + e.msg);
    return {};
  }
}

}  // namespace callrail::codegen::yaml
