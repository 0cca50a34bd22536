#include "change.hpp"

#include "raw_json.hpp"

#include <callrail/fake/random.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace callrail::bench {

namespace {

bool is_free(const Field* field) {
  if (field == nullptr) return true;
  return field->format == Format::any && field->values.empty() && field->type != Type::id &&
         field->type != Type::timestamp && field->type != Type::integer &&
         field->type != Type::number;
}

const Field* find(std::span<const Field> fields, Text name) {
  const auto at = std::ranges::find(fields, name, &Field::name);
  return at == fields.end() ? nullptr : &*at;
}

/// `change(text, free, out)` for every string that is no key.
template <class Change>
void rewrite(Text value, const Field* field, std::span<const Field> members, bool free,
             std::string& out, Change& change) {
  if (value.front() == '"') {
    out += '"';
    change(unquoted(value), free, out);
    out += '"';
  } else if (value.front() == '{') {
    char before = '{';
    each_member(value, [&](Text key, Text inner) {
      out.append(1, before).append(key).append(1, ':');
      before = ',';
      const Field* const member = find(members, unquoted(key));
      const bool inner_free = members.empty() ? free : is_free(member);
      rewrite(inner, member, member != nullptr ? member->members : std::span<const Field>{},
              inner_free, out, change);
    });
    out += before == '{' ? "{}" : "}";
  } else if (value.front() == '[') {
    char before = '[';
    each_element(value, [&](Text inner) {
      out += before;
      before = ',';
      rewrite(inner, field, members, free, out, change);
    });
    out += before == '[' ? "[]" : "]";
  } else {
    out.append(value);
  }
}

constexpr std::array<Text, 12> words{
    "Übergrößenträger", "здравствуйте", "Παρακαλώ",  "שלום",      "電話してください", "ありがとう",
    "전화번호",         "été",          "São Paulo", "Łódź Żółć", "☎️🦷",       "мастерская"};

/// Words in other scripts in the place of so many of a hundred.
constexpr std::uint64_t foreign_percent = 31;

struct Foreign {
  fake::Dice dice;

  void operator()(Text text, bool free, std::string& out) {
    if (!free) return void(out.append(text));
    std::size_t i = 0;
    while (i < text.size()) {
      const char c = text[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (c == '\\') {
        const std::size_t n = text[i + 1] == 'u' ? 6 : 2;
        out.append(text.substr(i, n));
        i += n;
        continue;
      }
      if (!letter) {
        out += c;
        ++i;
        continue;
      }
      std::size_t n = 1;
      while (i + n < text.size() && ((text[i + n] >= 'a' && text[i + n] <= 'z') ||
                                     (text[i + n] >= 'A' && text[i + n] <= 'Z')))
        ++n;
      if (n > 2 && dice.below(100) < foreign_percent)
        out.append(words[dice.below(words.size())]);
      else
        out.append(text.substr(i, n));
      i += n;
    }
  }
};

/// A blank becomes one with an escape behind it, and slashes are escaped as some servers do.
struct Escapes {
  std::size_t next = 0;

  void operator()(Text text, bool free, std::string& out) {
    static constexpr std::array<Text, 8> kinds{" \\\"", "\\\" ",    " \\u0026", "\\n",
                                               "\\t",   " \\u00e9", "\\\\ ",    " \\ud83e\\uddb7"};
    for (const char c : text) {
      if (c == '/')
        out.append("\\/");
      else if (c == ' ' && free)
        out.append(kinds[next++ % kinds.size()]);
      else
        out += c;
    }
  }
};

template <class Change>
void rewrite_row(Text row, const Endpoint& endpoint, std::string& out, Change change) {
  rewrite(row, nullptr, endpoint.fields, false, out, change);
}

}  // namespace

void make_nonascii(Text row, const Endpoint& endpoint, std::uint64_t number, std::string& out) {
  rewrite_row(row, endpoint, out, Foreign{fake::Dice{number}});
}

void make_escaped(Text row, const Endpoint& endpoint, std::string& out) {
  rewrite_row(row, endpoint, out, Escapes{});
}

void shuffle_members(Text row, std::string& out) {
  std::vector<std::pair<std::uint64_t, std::pair<Text, Text>>> members;
  each_member(row, [&](Text key, Text value) {
    members.push_back({fake::join(1, key), {key, value}});
  });
  std::ranges::sort(members);
  char before = '{';
  for (const auto& [rank, member] : members) {
    out.append(1, before).append(member.first).append(1, ':').append(member.second);
    before = ',';
  }
  out += '}';
}

void indent(Text page, std::string& out) {
  std::size_t depth = 0;
  const auto new_line = [&] { out.append(1, '\n').append(depth * 2, ' '); };
  for (std::size_t i = 0; i < page.size(); ++i) {
    const char c = page[i];
    switch (c) {
      case '"': {
        std::size_t end = i + 1;
        while (page[end] != '"') end += page[end] == '\\' ? 2 : 1;
        out.append(page.substr(i, end + 1 - i));
        i = end;
        break;
      }
      case '{':
      case '[':
        out += c;
        if (page[i + 1] == c + 2) {  // {} and []
          out += page[++i];
          break;
        }
        ++depth;
        new_line();
        break;
      case '}':
      case ']':
        --depth;
        new_line();
        out += c;
        break;
      case ',':
        out += c;
        new_line();
        break;
      case ':': out.append(": "); break;
      default: out += c;
    }
  }
  out += '\n';
}

}  // namespace callrail::bench
