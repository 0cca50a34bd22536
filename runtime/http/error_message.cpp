#include <callrail/error_message.hpp>

#include <simdjson.h>

#include <cctype>

namespace callrail {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_read = 64u << 10;  // an error page may be any size; its point is early
constexpr int most_depth = 8;

void join(std::string& text, std::string_view separator, std::string_view more) {
  if (more.empty()) return;
  if (!text.empty()) text += separator;
  text += more;
}

/// The words of a value: {"form_url": ["can't be blank"]} → "form_url: can't be blank".
std::string words(const dom::element& value, int depth = 0) {
  std::string text;
  if (depth == most_depth) return text;
  if (std::string_view string; value.get(string) == simdjson::SUCCESS) {
    text = string;
  } else if (dom::array array; value.get(array) == simdjson::SUCCESS) {
    for (const dom::element item : array) join(text, ", ", words(item, depth + 1));
  } else if (dom::object object; value.get(object) == simdjson::SUCCESS) {
    for (const auto& [key, member] : object) {
      const std::string said = words(member, depth + 1);
      if (!said.empty()) join(text, "; ", std::string{key} + ": " + said);
    }
  } else if (!value.is_null()) {
    text = simdjson::minify(value);
  }
  return text;
}

/// Whether the body is JSON at all; `text` stays empty for {"errors": {}}.
bool json_words(std::string_view body, std::string& text) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(simdjson::padded_string{body}).get(root) != simdjson::SUCCESS) return false;
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    text = words(root);
    return true;
  }
  bool known = false;
  for (const std::string_view name : {"error", "errors", "message", "detail"}) {
    dom::element said;
    if (object[name].get(said) != simdjson::SUCCESS) continue;
    known = true;
    text = words(said);
    if (!text.empty()) return true;
  }
  if (!known) text = words(root);
  return true;
}

bool same_letters(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[i])) != lower[i]) return false;
  return true;
}

std::size_t find_letters(std::string_view text, std::string_view lower, std::size_t from) {
  for (std::size_t i = from; i + lower.size() <= text.size(); ++i)
    if (same_letters(text.substr(i), lower)) return i;
  return text.npos;
}

/// The text between tags, without what is between <script> or <style> and its end.
std::string without_tags(std::string_view html) {
  std::string text;
  std::size_t at = 0;
  while (at < html.size()) {
    const std::size_t tag = html.find('<', at);
    text += html.substr(at, tag - at);
    if (tag == html.npos) break;
    text += ' ';
    std::size_t end = tag;
    if (same_letters(html.substr(tag), "<script")) end = find_letters(html, "</script", tag);
    if (same_letters(html.substr(tag), "<style")) end = find_letters(html, "</style", tag);
    if (same_letters(html.substr(tag), "<!--")) end = html.find("-->", tag);
    if (end != html.npos) end = html.find('>', end);
    if (end == html.npos) break;
    at = end + 1;
  }
  return text;
}

std::string with_characters(std::string_view text) {
  static constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},  {"&quot;", '"'},
      {"&#39;", '\''}, {"&#x27;", '\''}, {"&nbsp;", ' '}};
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 0;
    for (const auto& [name, character] : entities) {
      if (!text.starts_with(name)) continue;
      out += character;
      taken = name.size();
      break;
    }
    if (taken == 0) out += text[0], taken = 1;
    text.remove_prefix(taken);
  }
  return out;
}

std::string html_words(std::string_view html) {
  const std::size_t title = find_letters(html, "<title", 0);
  if (title != html.npos) {
    const std::size_t from = html.find('>', title);
    const std::size_t to = find_letters(html, "</title", title);
    if (from < to) {
      std::string text = one_line(with_characters(html.substr(from + 1, to - from - 1)), most_read);
      if (!text.empty()) return text;
    }
  }
  return with_characters(without_tags(html));
}

}  // namespace

std::string error_message(std::string_view body, std::size_t most) {
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  body = body.substr(0, most_read);
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start == body.npos) return {};
  if (body[start] == '<') return one_line(html_words(body), most);
  std::string text;
  if (json_words(body, text)) return one_line(text, most);
  return one_line(body, most);
}

}  // namespace callrail
