#include "reader.hpp"

#include <algorithm>
#include <charconv>

namespace callrail::codegen {
namespace {

const yaml::Value nothing{};

std::string kind_name(const yaml::Value& value) {
  switch (value.kind) {
    case yaml::Kind::nothing: return "nothing";
    case yaml::Kind::text: return "\"" + value.text + "\"";
    case yaml::Kind::list: return "a list";
    case yaml::Kind::map: return "a map";
  }
  return {};
}

/// Digits only: YAML's 010 and 0x1F are not numbers here.
std::optional<int> digits(std::string_view text) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.starts_with('0')) return std::nullopt;
  return n;
}

}  // namespace

std::string unknown(std::string_view what, std::string_view word,
                    const std::vector<std::string>& allowed) {
  std::vector<std::string> once;
  for (const auto& name : allowed)
    if (std::find(once.begin(), once.end(), name) == once.end()) once.push_back(name);
  const std::string known = once.empty() ? "none" : join(once);
  return "unknown " + std::string{what} + " \"" + std::string{word} + "\"; allowed: " + known +
         did_you_mean(word, allowed);
}

MapReader::MapReader(const yaml::Value& map, std::string where, Mistakes& mistakes)
    : map_{&map}, where_{std::move(where)}, mistakes_{&mistakes} {
  if (map.kind == yaml::Kind::nothing || exists()) {
    // A duplicate key would win or lose silently.
    for (auto it = map.members.begin(); it != map.members.end(); ++it)
      for (auto earlier = map.members.begin(); earlier != it; ++earlier)
        if (earlier->first.text == it->first.text) {
          complain(it->first.place, "\"" + it->first.text +
                                        "\" stands here a second time; first in line " +
                                        std::to_string(earlier->first.place.line));
          break;
        }
    return;
  }
  complain(map.place, "wants a map { word: value, … }, got " + kind_name(map));
}

const yaml::Value* MapReader::optional(std::string_view word) {
  asked_.emplace_back(word);
  for (const auto& [key, value] : map_->members) {
    if (key.text != word) continue;
    if (value.kind == yaml::Kind::nothing) {
      complain(key.place, "\"" + key.text + "\" has no value");
      return nullptr;
    }
    return &value;
  }
  return nullptr;
}

const yaml::Value* MapReader::required(std::string_view word) {
  const auto* value = optional(word);
  const auto named = [&](const auto& member) { return member.first.text == word; };
  if (!value && exists() && std::none_of(map_->members.begin(), map_->members.end(), named))
    complain(map_->place, "\"" + std::string{word} + "\" is missing");
  return value;
}

const yaml::Value* MapReader::text_of(std::string_view word, const yaml::Value* value) {
  if (!value || value->kind == yaml::Kind::text) return value;
  complain(value->place, "\"" + std::string{word} + "\" wants a text, got " + kind_name(*value));
  return nullptr;
}

/// Names and addresses end up in the middle of lines.
Name MapReader::one_line(std::string_view word, const yaml::Value& value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (std::any_of(value.text.begin(), value.text.end(), is_control)) {
    complain(value.place, "\"" + std::string{word} + "\" wants a text in one line");
    return {};
  }
  return {value.text, value.place};
}

std::string MapReader::text(std::string_view word) { return name(word).text; }

std::string MapReader::prose(std::string_view word) {
  std::string out;
  const auto* value = text_of(word, optional(word));
  for (const char c : value ? value->text : std::string{}) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      out += c;
    else if (!out.empty() && !out.ends_with(' '))
      out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string MapReader::required_text(std::string_view word) { return required_name(word).text; }

Name MapReader::name(std::string_view word) {
  const auto* value = text_of(word, optional(word));
  return value ? one_line(word, *value) : Name{};
}

Name MapReader::required_name(std::string_view word) {
  const auto* value = text_of(word, required(word));
  return value ? one_line(word, *value) : Name{};
}

bool MapReader::flag(std::string_view word) {
  const auto* value = optional(word);
  if (!value) return false;
  if (value->kind == yaml::Kind::text && !value->quoted) {
    if (value->text == "true") return true;
    if (value->text == "false") return false;
  }
  complain(value->place,
           "\"" + std::string{word} + "\" wants true or false, got " + kind_name(*value));
  return false;
}

int MapReader::number(std::string_view word, int fallback, int low, int high) {
  const auto* value = optional(word);
  if (!value) return fallback;
  const auto n = value->quoted ? std::nullopt : digits(value->text);
  if (n && *n >= low && *n <= high) return *n;
  complain(value->place, "\"" + std::string{word} + "\" wants a number from " +
                             std::to_string(low) + " to " + std::to_string(high) + ", got " +
                             kind_name(*value));
  return fallback;
}

std::optional<Bound> MapReader::bound(std::string_view word) {
  const auto* value = optional(word);
  if (!value) return std::nullopt;
  const std::string& text = value->text;
  const std::string_view digits = std::string_view{text}.substr(text.starts_with('-') ? 1 : 0);
  // As C++ and JSON write them; more digits than these a double would not keep.
  const bool plain = !value->quoted && !digits.empty() && digits.size() <= 16 &&
                     digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                     digits.front() != '.' && digits.back() != '.' &&
                     !(digits.size() > 1 && digits.front() == '0' && digits[1] != '.');
  Bound out{.value = 0, .text = text, .place = value->place};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  if (plain && error == std::errc{} && end == text.data() + text.size()) return out;
  complain(value->place,
           "\"" + std::string{word} + "\" wants a number like 0 or 99.5, got " + kind_name(*value));
  return std::nullopt;
}

std::vector<Name> MapReader::names(std::string_view word) {
  const auto* value = optional(word);
  if (!value) return {};
  if (value->kind != yaml::Kind::list) {
    complain(value->place,
             "\"" + std::string{word} + "\" wants a list [a, b], got " + kind_name(*value));
    return {};
  }
  std::vector<Name> out;
  for (const auto& item : value->items) {
    if (item.kind != yaml::Kind::text) {
      complain(item.place,
               "\"" + std::string{word} + "\" wants a list of texts, got " + kind_name(item));
      continue;
    }
    const auto same = [&](const Name& name) { return name.text == item.text; };
    if (std::any_of(out.begin(), out.end(), same))
      complain(item.place, "\"" + item.text + "\" stands twice in \"" + std::string{word} + "\"");
    out.push_back(one_line(word, item));
  }
  return out;
}

std::string MapReader::one_of(std::string_view word, const std::vector<std::string>& words,
                              std::string_view fallback) {
  const Name chosen = name(word);
  if (chosen.empty()) return std::string{fallback};
  if (std::find(words.begin(), words.end(), chosen.text) == words.end()) {
    complain(chosen.place, unknown(word, chosen.text, words));
    return std::string{fallback};
  }
  return chosen.text;
}

int MapReader::amount(std::string_view word, const std::vector<std::pair<std::string, int>>& units,
                      int fallback) {
  const Name written = name(word);
  if (written.empty()) return fallback;
  const auto end = written.text.find_first_not_of("0123456789");
  const auto count = digits(std::string_view{written.text}.substr(0, end));
  std::string unit = end == std::string::npos ? "" : written.text.substr(end);
  if (unit.starts_with(' ')) unit.erase(0, 1);
  std::vector<std::string> examples;
  for (const auto& [name, size] : units) {
    if (count && *count > 0 && *count <= 100'000 &&
        (unit == name || (unit.size() > 3 && unit + "s" == name)))
      return *count * size;
    examples.push_back(name.size() > 3 ? "3 " + name : "3" + name);
  }
  complain(written.place, "\"" + std::string{word} + "\" wants an amount like " +
                              join(examples, " or ") + ", got \"" + written.text + "\"");
  return fallback;
}

std::string MapReader::inside(std::string_view word) const {
  return where_.empty() ? std::string{word} : where_ + "." + std::string{word};
}

MapReader MapReader::map(std::string_view word) {
  const auto* value = optional(word);
  return {value ? *value : nothing, inside(word), *mistakes_};
}

MapReader MapReader::required_map(std::string_view word) {
  const auto* value = required(word);
  return {value ? *value : nothing, inside(word), *mistakes_};
}

void MapReader::each(const std::function<void(const Name&, const yaml::Value&)>& call) {
  for (const auto& [key, value] : map_->members) call({key.text, key.place}, value);
}

void MapReader::finish() {
  for (const auto& [key, value] : map_->members) {
    if (std::find(asked_.begin(), asked_.end(), key.text) != asked_.end()) continue;
    std::string what = unknown("word", key.text, asked_);
    if (value.kind == yaml::Kind::nothing) what += " (a text with a comma needs quotes)";
    complain(key.place, what);
  }
}

}  // namespace callrail::codegen
