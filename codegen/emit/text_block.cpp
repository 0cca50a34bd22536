#include "text_block.hpp"

#include "cpp_text.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

constexpr std::string_view trailing = "  ///< ";

/// Which members have their text behind them. Neighbours share a column, so a long declaration may
/// push the text of another one out; that one then stands above, and the rest is tried again.
std::vector<bool> choose_trailing(const std::vector<Member>& members, std::size_t room) {
  std::vector<bool> behind;
  for (const auto& member : members) behind.push_back(!member.doc.empty());
  for (bool again = true; again;) {
    again = false;
    for (std::size_t begin = 0; begin < members.size();) {
      std::size_t end = begin, column = 0;
      for (; end < members.size() && behind[end]; ++end)
        column = std::max(column, members[end].declaration.size());
      for (std::size_t i = begin; i < end; ++i)
        if (column + trailing.size() + width_of(members[i].doc) > room) {
          behind[i] = false;
          again = true;
        }
      begin = end + 1;
    }
  }
  return behind;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of(" \n\t\r"));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

TextBlock& TextBlock::line(std::string_view text) {
  if (!text.empty()) text_.append(indent_, ' ').append(text);
  text_ += '\n';
  return *this;
}

TextBlock& TextBlock::indent(std::size_t spaces) {
  indent_ += spaces;
  return *this;
}

TextBlock& TextBlock::dedent(std::size_t spaces) {
  indent_ -= spaces;
  return *this;
}

TextBlock& TextBlock::comment(std::string_view marker, std::string_view text) {
  for (auto& row : wrap(text, room() - marker.size() - 1)) {
    // A backslash at the end of a comment would draw the next line into it.
    if (row.ends_with('\\')) row += '.';
    line(std::string{marker} + " " + row);
  }
  return *this;
}

TextBlock& TextBlock::members(const std::vector<Member>& members) {
  const auto behind = choose_trailing(members, room());
  for (std::size_t begin = 0; begin < members.size();) {
    std::size_t end = begin, column = 0;
    for (; end < members.size() && behind[end]; ++end)
      column = std::max(column, members[end].declaration.size());
    for (std::size_t i = begin; i < end; ++i) {
      const auto& [declaration, doc] = members[i];
      std::string row = declaration + std::string(column - declaration.size(), ' ');
      row += trailing;
      line(row + doc + (doc.ends_with('\\') ? "." : ""));
    }
    if (end < members.size()) {
      comment("///", members[end].doc);
      line(members[end].declaration);
    }
    begin = end + 1;
  }
  return *this;
}

void TextBlock::part(std::string_view before, const Part& part, std::string_view after) {
  const std::string head = std::string{before} + part.text;
  if (!part.is_literal) {
    line(head + std::string{after});
    return;
  }
  auto pieces = cpp_string_pieces(part.literal, room() - head.size(), after.size());
  if (before.empty() && pieces.size() > 1) {  // a statement of its own: below the `=`
    line(head.substr(0, head.size() - 1)).indent(4);
    pieces = cpp_string_pieces(part.literal, room(), after.size());
    for (std::size_t i = 0; i < pieces.size(); ++i)
      line(pieces[i] + (i + 1 == pieces.size() ? std::string{after} : ""));
    dedent(4);
    return;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i)
    line((i == 0 ? head : std::string(head.size(), ' ')) + pieces[i] +
         (i + 1 == pieces.size() ? std::string{after} : ""));
}

TextBlock& TextBlock::initializer(std::string_view head, const std::vector<Part>& parts,
                                  std::string_view tail) {
  std::string inside;
  for (std::size_t i = 0; i < parts.size(); ++i)
    inside += (i == 0 ? "" : ", ") + parts[i].text +
              (parts[i].is_literal ? cpp_string(parts[i].literal) : "");
  inside += tail;
  if (head.size() + width_of(inside) <= room()) return line(std::string{head} + inside);
  if (!head.empty() && width_of(inside) + 4 <= room()) {
    line(head);
    return indent(4).line(inside).dedent(4);
  }
  for (std::size_t i = 0; i < parts.size(); ++i)
    part(i == 0 ? std::string{head} : std::string(head.size(), ' '), parts[i],
         i + 1 == parts.size() ? tail : ",");
  return *this;
}

bool TextBlock::one_line(std::string_view head, const std::vector<std::string>& items,
                         std::string_view tail) {
  std::string one{head};
  for (std::size_t i = 0; i < items.size(); ++i) one += (i == 0 ? "" : ", ") + items[i];
  one += tail;
  if (width_of(one) > room()) return false;
  line(one);
  return true;
}

TextBlock& TextBlock::list(std::string_view head, const std::vector<std::string>& items) {
  if (one_line(head, items, "};")) return *this;
  line(head).indent(4);
  for (const auto& item : items) line(item + ",");
  return dedent(4).line("};");
}

TextBlock& TextBlock::list_of_texts(std::string_view head, const std::vector<std::string>& texts) {
  std::vector<std::string> literals;
  for (const auto& text : texts) literals.push_back(cpp_string(text));
  if (one_line(head, literals, "};")) return *this;
  line(head).indent(4);
  for (const auto& text : texts) {
    const auto pieces = cpp_string_pieces(text, room() - 1, 2);
    // Among others, a broken literal looks like a forgotten comma: parentheses say it is none.
    const bool wrapped = pieces.size() > 1 && texts.size() > 1;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      line((!wrapped ? ""
            : i == 0 ? "("
                     : " ") +
           pieces[i] +
           (i + 1 < pieces.size() ? ""
            : wrapped             ? "),"
                                  : ","));
  }
  return dedent(4).line("};");
}

TextBlock& TextBlock::enumeration(std::string_view head,
                                  const std::vector<std::string>& enumerators) {
  if (one_line(std::string{head} + " { ", enumerators, " };")) return *this;
  line(std::string{head} + " {").indent();
  for (const auto& name : enumerators) line(name + ",");
  return dedent().line("};");
}

}  // namespace callrail::codegen
