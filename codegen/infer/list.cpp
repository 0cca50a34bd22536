#include "list.hpp"

#include "big_integers.hpp"
#include "model/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <unordered_set>

namespace callrail::codegen {
namespace {

namespace dom = simdjson::dom;

bool holds_rows(const dom::element& value) {
  dom::array array;
  if (value.get(array)) return false;
  for (const dom::element item : array)
    if (!item.is_object()) return false;
  return true;
}

bool is_empty(const dom::element& value) {
  dom::array array;
  return !value.get(array) && array.begin() == array.end();
}

/// The member of an answer that holds the rows, by its looks.
std::string rows_of(const dom::object& answer, const std::set<std::string>& paging) {
  std::vector<std::string> full, empty;
  bool pages = false, key = false;
  for (const auto& [name, value] : answer) {
    if (holds_rows(value)) (is_empty(value) ? empty : full).emplace_back(name);
    pages = pages || paging.contains(std::string{name});
    key = key || name == "id";
  }
  if (full.size() == 1 && (pages || !key)) return full[0];
  if (full.empty() && empty.size() == 1 && (pages || !key)) return empty[0];
  // Among several lists beside page numbers nobody can tell; without page numbers it is a row.
  return full.size() > 1 && pages ? "" : std::string{row_itself};
}

/// Which fields have another value in every row.
class Keys {
 public:
  void add(const dom::object& row) {
    ++rows_;
    for (const auto& [name, value] : row) {
      if (value.is_null() || value.is_object() || value.is_array() || value.is_bool()) continue;
      auto& seen = values_[std::string{name}];
      if (seen.insert(simdjson::minify(value)).second) ++distinct_[std::string{name}];
    }
  }
  std::vector<std::string> take(const sketch::Sketch& row) const {
    std::vector<std::string> out;
    for (const auto& member : row.members) {
      const auto found = distinct_.find(member.name);
      if (found != distinct_.end() && found->second == rows_) out.push_back(member.name);
    }
    return out;
  }

 private:
  std::uint64_t rows_ = 0;
  std::map<std::string, std::unordered_set<std::string>> values_;
  std::map<std::string, std::uint64_t> distinct_;
};

class Reading {
 public:
  explicit Reading(const ListWords& words) : words_{words} {}

  std::expected<void, std::string> add(const Page& page) {
    const auto wrong = [](const std::string& what) { return std::unexpected(what); };
    dom::parser parser;
    dom::element answer;
    std::string_view whole = page.json;
    // Editors put it there; the API does not.
    if (whole.starts_with("\xef\xbb\xbf")) whole.remove_prefix(3);
    const std::string json = big_integers_.replaced(whole);
    if (parser.allocate(std::max<std::size_t>(json.size(), 64), sketch::Sketch::deepest))
      return wrong("too large");
    if (const auto error = parser.parse(json).get(answer))
      return wrong(std::string{"is no JSON: "} + simdjson::error_message(error));
    if (answer.is_array())
      return wrong("is a list without a name around it; the notation has no word for that");
    dom::object members;
    if (answer.get(members)) return wrong("is no object");
    if (members.size() == 0) return wrong("has no members");
    if (members["error"].error() == simdjson::SUCCESS ||
        members["errors"].error() == simdjson::SUCCESS)
      return wrong("is the answer to a request that failed");
    if (const auto found = rows_in(members)) return wrong(*found);
    auto added = list_.rows == row_itself ? row(answer) : rows(members);
    seen_.insert(on_page_.begin(), on_page_.end());
    on_page_.clear();
    return added;
  }

  List take() && {
    list_.keys = keys_.take(list_.row);
    list_.big_integers = big_integers_.count();
    return std::move(list_);
  }

 private:
  /// Finds the rows, or says why not.
  std::optional<std::string> rows_in(const dom::object& members) {
    const std::string found = words_.rows.empty() ? rows_of(members, words_.paging) : words_.rows;
    if (found.empty()) return "several members may hold the rows; say which: --rows NAME";
    if (found != row_itself) {
      dom::element value;
      if (members.at_key(found).get(value) || !holds_rows(value))
        return "\"" + found + "\" is no list of objects";
    }
    if (!list_.rows.empty() && list_.rows != found)
      return "has its rows in \"" + found + "\", an earlier page in \"" + list_.rows +
             "\"; one list at a time";
    list_.rows = found;
    return std::nullopt;
  }

  std::expected<void, std::string> row(const dom::element& value) {
    const std::string json = simdjson::minify(value);
    // Pages of a recording overlap, so a row comes twice. Within a page, equal rows are two rows.
    if (seen_.contains(json)) {
      ++list_.again;
      return {};
    }
    on_page_.push_back(json);
    dom::object members;
    if (!value.get(members)) keys_.add(members);
    return list_.row.add(json);
  }

  std::expected<void, std::string> rows(const dom::object& members) {
    std::string beside = "{";
    for (const auto& [name, value] : members) {
      if (name == list_.rows) {
        dom::array array;
        if (value.get(array)) continue;
        for (const dom::element item : array)
          if (auto added = row(item); !added) return added;
      } else {
        beside +=
            (beside.size() > 1 ? "," : "") + json_quoted(name) + ':' + simdjson::minify(value);
      }
    }
    return list_.answer.add(beside + "}");
  }

  const ListWords& words_;
  List list_;
  Keys keys_;
  BigIntegers big_integers_;
  std::unordered_set<std::string> seen_;  ///< rows of earlier pages
  std::vector<std::string> on_page_;
};

/// The parameters that every request had, and the fields they asked for.
void take_queries(std::span<const Page> pages, const std::set<std::string>& select, List& list) {
  bool first = true;
  for (const auto& page : pages) {
    std::set<std::string> names;
    for (const auto& [name, value] : page.query) {
      names.insert(name);
      if (!select.contains(name)) continue;
      for (std::size_t at = 0; at < value.size();) {
        const auto comma = std::min(value.find(',', at), value.size());
        list.selected.insert(value.substr(at, comma - at));
        at = comma + 1;
      }
    }
    if (first) list.asked = names;
    std::erase_if(list.asked, [&](const std::string& name) { return !names.contains(name); });
    first = false;
  }
}

}  // namespace

ListWords words_of_lists(const Schema& schema) {
  ListWords out;
  const auto& offset = schema.api.offset;
  const auto& relative = schema.api.relative;
  for (const auto& name :
       {offset.page, offset.size, offset.pages, offset.total, relative.next, relative.more})
    if (!name.empty()) out.paging.insert(name);
  for (const auto& endpoint : schema.endpoints)
    if (!endpoint.select.empty()) out.select.insert(endpoint.select.text);
  return out;
}

std::expected<List, std::string> read_list(std::span<const Page> pages, const ListWords& words) {
  Reading reading{words};
  for (const auto& page : pages)
    if (auto added = reading.add(page); !added)
      return std::unexpected(page.from + ": " + added.error());
  List list = std::move(reading).take();
  list.pages = pages.size();
  if (!pages.empty()) list.path = pattern_of(pages.front().path);
  take_queries(pages, words.select, list);
  if (list.row.members.empty())
    return std::unexpected((pages.empty() ? std::string{} : pages.front().from + ": ") +
                           (list.row.object == 0 ? "no page has rows" : "no row has members") +
                           ", so there is nothing to learn");
  return list;
}

std::string pattern_of(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    // The extension belongs to the id of a single row: /calls/CAL….json
    const auto dot = std::min(segment.find('.'), segment.size());
    out += is_id_segment(segment.substr(0, dot)) ? "/{}" + std::string{segment.substr(dot)}
                                                 : "/" + std::string{segment};
  }
  return out;
}

bool is_id_segment(std::string_view segment) {
  const std::string form = sketch::id_form(segment);
  // "v3" has letters and digits, and is none.
  return form == "digits" || form == "uuid" || form.ends_with("hex");
}

std::vector<std::vector<Page>> by_path(std::vector<Page> pages) {
  std::vector<std::vector<Page>> out;
  for (auto& page : pages) {
    const auto same = [&](const auto& group) {
      return pattern_of(group.front().path) == pattern_of(page.path);
    };
    const auto known = std::ranges::find_if(out, same);
    if (known == out.end())
      out.emplace_back().push_back(std::move(page));
    else
      known->push_back(std::move(page));
  }
  return out;
}

}  // namespace callrail::codegen
