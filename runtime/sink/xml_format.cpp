#include "json_text.hpp"
#include "row_cells.hpp"
#include "speller.hpp"
#include "text_formats.hpp"
#include "unique_names.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace callrail {

namespace {

enum ByteClass : unsigned char {
  plain,
  markup,     ///< & < > and CR, which a parser would turn into LF
  forbidden,  ///< no XML 1.0 document may contain it, not even as a reference
  lead,       ///< perhaps the first byte of U+FFFE or U+FFFF, which are forbidden too
};

constexpr ByteClasses xml_classes = [] {
  ByteClasses classes{};
  for (std::size_t c = 0; c < 0x20; ++c) classes[c] = forbidden;
  classes['\t'] = classes['\n'] = plain;
  for (const char c : {'&', '<', '>', '\r'}) classes[static_cast<unsigned char>(c)] = markup;
  classes[0xef] = lead;
  return classes;
}();

/// The code of the forbidden character that begins at `i`; nothing if it is a welcome one.
std::optional<unsigned> forbidden_at(Text text, std::size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (class_of(text[i], xml_classes) == forbidden) return byte;
  const Text three = text.substr(i, 3);
  if (three == "\xef\xbf\xbe") return 0xfffe;
  if (three == "\xef\xbf\xbf") return 0xffff;
  return std::nullopt;
}

bool has_forbidden(Text text) {
  for (std::size_t i = find_class(text, xml_classes); i < text.size();
       i = find_class(text, xml_classes, i + 1))
    if (class_of(text[i], xml_classes) != markup && forbidden_at(text, i)) return true;
  return false;
}

/// Appends text with its markup escaped. In JSON a forbidden character stands inside a string and
/// can be written as its escape; elsewhere there must be none.
void append_escaped(Text text, std::string& out) {
  std::size_t done = 0;
  for (std::size_t i = find_class(text, xml_classes); i < text.size();
       i = find_class(text, xml_classes, std::max(i + 1, done))) {
    const char c = text[i];
    const bool is_markup = class_of(c, xml_classes) == markup;
    const auto code = is_markup ? std::nullopt : forbidden_at(text, i);
    if (!is_markup && !code) continue;
    out.append(text.substr(done, i - done));
    done = i + 1;
    if (code) {
      append_json_escape(*code, out);
      if (*code > 0xff) done = i + 3;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += "&#13;";
    }
  }
  out.append(text.substr(done));
}

bool is_blank(Text text) { return !text.empty() && text.find_first_not_of(" \t\n") == Text::npos; }

/// Parsers are free to drop an element's text if it is nothing but white space, unless some of it
/// is a reference.
void append_text(Text text, std::string& out) {
  if (is_blank(text)) {
    out += "&#" + std::to_string(static_cast<int>(text.front())) + ';';
    text.remove_prefix(1);
  }
  append_escaped(text, out);
}

/// Letters, digits, _ - and . with a letter or _ first; names that begin with xml are reserved.
std::string element_name(Text wanted) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  std::string name{wanted};
  for (char& c : name)
    if (!may_follow(c)) c = '_';
  const auto begins_with_xml = [&] {
    return name.size() >= 3 && (name[0] | 0x20) == 'x' && (name[1] | 0x20) == 'm' &&
           (name[2] | 0x20) == 'l';
  };
  if (name.empty() || !is_letter(name.front()) || begins_with_xml()) name.insert(0, 1, '_');
  return name;
}

/// One element a value. Absent: no element; null: nil="true"; nested: type="json". Text that XML
/// cannot hold comes as a JSON string with type="json-string", so that it can be read back.
class XmlFormat : public TextFormat {
 public:
  void begin(const Table& table, std::string& out) override {
    cells_.emplace(table);
    UniqueNames unique;
    for (const Column& column : table.columns) {
      const std::string name = unique.add(element_name(column.name));
      tags_.push_back({"<" + name + ">", "<" + name + " type=\"json\">",
                       "<" + name + " type=\"json-string\">", "<" + name + " nil=\"true\"/>",
                       "</" + name + ">"});
    }
    root_ = element_name(table.name);
    out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root_ + ">\n";
  }

  void rows(const Table&, const Rows& rows, std::string& out) override {
    for (std::size_t r = 0; r < rows.count; ++r) {
      out += "<row>";
      std::size_t column = 0;
      for (const Cell& cell : cells_->of(rows, r)) append(tags_[column++], cell, out);
      out += "</row>\n";
    }
  }

  void end(const Table&, std::string& out) override { out += "</" + root_ + ">\n"; }

 private:
  struct Tags {
    std::string text, json, json_string, null, end;
  };

  void append(const Tags& tags, const Cell& cell, std::string& out) {
    const Text text = cell.text();
    switch (cell.kind) {
      case Kind::absent: return;
      case Kind::null: out += tags.null; return;
      case Kind::boolean:
      case Kind::number:
        out += tags.text;
        out += text;
        break;
      case Kind::text:
        if (!is_blank(text) && append_plain(tags.text, text, tags.end, out)) return;
        if (has_forbidden(text)) {
          out += tags.json_string;
          quoted_.clear();
          append_json_string(text, quoted_);
          append_escaped(quoted_, out);
        } else {
          out += tags.text;
          append_text(text, out);
        }
        break;
      case Kind::json:
        if (append_plain(tags.json, text, tags.end, out)) return;
        out += tags.json;
        append_escaped(text, out);
        break;
    }
    out += tags.end;
  }

  /// False, and nothing is appended, if the text needs a closer look.
  bool append_plain(Text begin, Text text, Text end, std::string& out) const {
    bool plain = false;
    append_within(out, begin.size() + text.size() + end.size() + speller_slack, [&](char* at) {
      std::memcpy(at, begin.data(), begin.size());
      char* const inner = at + begin.size();
      plain = speller_.copy_plain_xml(text, inner);
      if (!plain) return at;
      std::memcpy(inner + text.size(), end.data(), end.size());
      return inner + text.size() + end.size();
    });
    return plain;
  }

  const Speller& speller_ = best_speller();
  std::optional<RowCells> cells_;
  std::vector<Tags> tags_;
  std::string root_, quoted_;
};

}  // namespace

std::unique_ptr<TextFormat> make_xml_format() { return std::make_unique<XmlFormat>(); }

}  // namespace callrail
