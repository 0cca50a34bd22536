#include "shape.hpp"

#include <callrail/body.hpp>
#include <callrail/timestamp.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>

namespace callrail::cli {
namespace {

namespace od = simdjson::ondemand;
using Days = std::chrono::sys_days;

constexpr std::size_t most_days = 1000;  // the API keeps 25 months
constexpr std::size_t most_forms = 8;
constexpr std::size_t most_watched = 100;
/// A field that is seldom filled may well be null for a while.
constexpr std::uint64_t least_nulls = 200, least_values = 10, least_expected = 20;

struct Tally {
  std::uint32_t nulls = 0, values = 0;
};

enum class Seen : std::uint8_t { absent, null, value };

/// The forms of an id that are told apart.
enum class Form : std::uint8_t { number, digits, letters };

Form form_of(std::string_view form) {
  return form == sketch::number_form ? Form::number
         : form == "digits"          ? Form::digits
                                     : Form::letters;
}
std::string_view name_of(Form form) {
  switch (form) {
    case Form::number: return "number";
    case Form::digits: return "digits";
    case Form::letters: break;
  }
  return "letters and digits";
}

/// Which forms the examples of a field have, by `Form`.
struct Known {
  bool forms[3] = {};
  bool any() const { return forms[0] || forms[1] || forms[2]; }
  bool has(Form form) const { return forms[static_cast<std::size_t>(form)]; }
  /// Examples of both say that anything may come.
  bool all() const { return has(Form::number) && (has(Form::digits) || has(Form::letters)); }
};

Known known_forms(const Endpoint& endpoint, std::size_t field) {
  Known known;
  if (field >= endpoint.notes.size()) return known;
  for (const Text example : endpoint.notes[field].examples) {
    if (example.empty() || example == "null") continue;
    const bool text = example.front() == '"' && example.size() > 1;
    const Form form =
        text ? form_of(sketch::id_form(example.substr(1, example.size() - 2))) : Form::number;
    known.forms[static_cast<std::size_t>(form)] = true;
  }
  return known;
}

}  // namespace

class Shape::Impl {
 public:
  explicit Impl(const Endpoint& endpoint)
      : endpoint_{endpoint},
        cursor_{endpoint.dates ? endpoint.find(endpoint.dates.cursor) : Endpoint::npos},
        seen_(endpoint.fields.size()),
        forms_(endpoint.fields.size()),
        of_field_(endpoint.fields.size()) {}

  void add(std::string_view page, const Drift& of_page) {
    for (const auto* findings : {&of_page.unknown_fields, &of_page.missing_fields,
                                 &of_page.unknown_values, &of_page.changed_types})
      for (const auto& [path, finding] : *findings) watch(path);
    od::parser parser;  // it takes several times the page, and there is a sample now and then
    od::document document;
    if (parser.iterate(page.data(), page.size(), page.size() + Body::padding).get(document) !=
        simdjson::SUCCESS)
      return;
    if (od::object row; endpoint_.rows == Endpoint::row_itself) {
      if (document.get_object().get(row) == simdjson::SUCCESS) (void)read(row);
      return;
    }
    od::array rows;
    if (document.find_field_unordered(endpoint_.rows).get_array().get(rows) != simdjson::SUCCESS)
      return;
    for (auto element : rows) {
      od::object row;
      if (std::move(element).get_object().get(row) != simdjson::SUCCESS || !read(row)) return;
    }
  }

  Remarks remarks() const {
    Remarks out;
    for (std::size_t f = 0; f < endpoint_.fields.size(); ++f) {
      note_nulls(f, out);
      if (endpoint_.fields[f].type == Type::id) note_forms(f, out);
    }
    return out;
  }

  const sketch::Sketch* at(std::string_view path) const {
    const sketch::Sketch* place = nullptr;
    while (!path.empty()) {
      std::string_view name = path.substr(0, path.find('.'));
      path.remove_prefix(std::min(path.size(), name.size() + 1));
      const std::string_view member = name.substr(0, name.find("[]"));
      if (place == nullptr) {
        const auto found = watched_.find(member);
        if (found == watched_.end()) return nullptr;
        place = &found->second;
      } else {
        const sketch::Member* const found = place->find(member);
        if (found == nullptr) return nullptr;
        place = &found->value;
      }
      for (name.remove_prefix(member.size()); name.starts_with("[]"); name.remove_prefix(2)) {
        if (place->items.empty()) return nullptr;
        place = &place->items.front();
      }
    }
    return place == nullptr || place->total() == 0 ? nullptr : place;
  }

 private:
  /// From now on it is known what the values of this member look like.
  void watch(std::string_view path) {
    const std::string_view name = path.substr(0, path.find_first_of(".[="));
    if (watched_.contains(name) || watched_.size() == most_watched) return;
    sketch::Sketch& sketch = watched_.try_emplace(std::string{name}).first->second;
    if (const std::size_t f = endpoint_.find(name); f != Endpoint::npos) of_field_[f] = &sketch;
  }

  /// What a sketch does not take is known by its drift alone.
  static bool add_to(sketch::Sketch& sketch, od::json_type type, od::value& value) {
    std::string_view json = value.raw_json_token();
    if (type == od::json_type::object) {
      od::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS ||
          object.raw_json().get(json) != simdjson::SUCCESS)
        return false;
    } else if (type == od::json_type::array) {
      od::array array;
      if (value.get_array().get(array) != simdjson::SUCCESS ||
          array.raw_json().get(json) != simdjson::SUCCESS)
        return false;
    }
    (void)sketch.add(json);
    return true;
  }

  bool read(od::object row) {
    std::ranges::fill(seen_, Seen::absent);
    std::optional<Days> day;
    std::size_t hint = 0;
    for (auto member : row) {
      std::string_view key;
      od::value value;
      if (member.unescaped_key().get(key) != simdjson::SUCCESS ||
          member.value().get(value) != simdjson::SUCCESS)
        return false;
      const std::size_t f = hint < seen_.size() && endpoint_.fields[hint].name == key
                                ? hint
                                : endpoint_.find_key(key);
      od::json_type type;
      if (value.type().get(type) != simdjson::SUCCESS) return false;
      if (f == Endpoint::npos) {
        const auto watched = watched_.find(key);
        if (watched != watched_.end() && !add_to(watched->second, type, value)) return false;
        continue;
      }
      hint = f + 1;
      if (of_field_[f] != nullptr && !add_to(*of_field_[f], type, value)) return false;
      seen_[f] = type == od::json_type::null ? Seen::null : Seen::value;
      if (f == cursor_ && type == od::json_type::string) {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS) continue;
        if (const auto when = parse_timestamp(text))
          day = std::chrono::floor<std::chrono::days>(when->utc);
      } else if (endpoint_.fields[f].type == Type::id) {
        count_form(f, type, value);
      }
    }
    if (day) count_nulls(*day);
    return true;
  }

  void count_form(std::size_t field, od::json_type type, od::value& value) {
    std::string form{sketch::number_form};
    if (type == od::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS || text.empty()) return;
      form = sketch::id_form(text);
    } else if (type != od::json_type::number) {
      return;
    }
    auto& forms = forms_[field];
    const auto known = std::ranges::find(forms, form, &sketch::Counted::text);
    if (known != forms.end())
      ++known->count;
    else if (forms.size() < most_forms)
      forms.push_back({std::move(form), 1});
  }

  void count_nulls(Days day) {
    auto at = days_.find(day);
    if (at == days_.end()) {
      if (days_.size() == most_days) return;
      at = days_.emplace(day, std::vector<Tally>(seen_.size())).first;
    }
    for (std::size_t f = 0; f < seen_.size(); ++f) {
      at->second[f].nulls += seen_[f] == Seen::null ? 1 : 0;
      at->second[f].values += seen_[f] == Seen::value ? 1 : 0;
    }
  }

  void note_nulls(std::size_t field, Remarks& out) const {
    std::uint64_t since = 0, nulls = 0, values = 0;
    const Days* last = nullptr;
    for (auto day = days_.rbegin(); day != days_.rend(); ++day) {
      const Tally& tally = day->second[field];
      if (last == nullptr && tally.values == 0) {
        since += tally.nulls;
        continue;
      }
      if (last == nullptr) last = &day->first;
      nulls += tally.nulls;
      values += tally.values;
    }
    if (last == nullptr || since < least_nulls || values < least_values ||
        values * since < least_expected * (values + nulls))
      return;
    out.null_since.push_back({std::string{endpoint_.fields[field].name},
                              fmt::format("{:%Y-%m-%d}", Days{*last}), since});
  }

  void note_forms(std::size_t field, Remarks& out) const {
    const Known known = known_forms(endpoint_, field);
    if (known.all()) return;
    std::uint64_t of_rows = 0, rows = 0;
    Known came;
    std::vector<std::string> now;
    for (const auto& form : forms_[field]) {
      of_rows += form.count;
      came.forms[static_cast<std::size_t>(form_of(form.text))] = true;
      if (known.has(form_of(form.text))) continue;
      rows += form.count;
      now.push_back(form.text);
    }
    const bool several = came.forms[0] + came.forms[1] + came.forms[2] > 1;
    if (now.empty() || (!known.any() && !several)) return;
    std::vector<std::string_view> was;
    for (const Form form : {Form::number, Form::digits, Form::letters})
      if (known.has(form)) was.push_back(name_of(form));
    out.id_forms.push_back({std::string{endpoint_.fields[field].name},
                            fmt::format("{}", fmt::join(now, ", ")),
                            fmt::format("{}", fmt::join(was, ", ")), rows, of_rows});
  }

  const Endpoint& endpoint_;
  std::size_t cursor_;
  std::vector<Seen> seen_;                                      ///< in the row being read
  std::map<Days, std::vector<Tally>> days_;                     ///< by field
  std::vector<std::vector<sketch::Counted>> forms_;             ///< by field
  std::map<std::string, sketch::Sketch, std::less<>> watched_;  ///< by member
  std::vector<sketch::Sketch*> of_field_;                       ///< the same by field, or nothing
};

Shape::Shape(const Endpoint& endpoint) : impl_{std::make_unique<Impl>(endpoint)} {}
Shape::~Shape() = default;
Shape::Shape(Shape&&) noexcept = default;

void Shape::add(std::string_view page, const Drift& of_page) { impl_->add(page, of_page); }
Remarks Shape::remarks() const { return impl_->remarks(); }
const sketch::Sketch* Shape::at(std::string_view path) const { return impl_->at(path); }

AllRemarks remarks_of(const Shapes& shapes) {
  AllRemarks out;
  for (const auto& [endpoint, shape] : shapes)
    if (Remarks remarks = shape.remarks(); !remarks.empty())
      out.emplace(endpoint, std::move(remarks));
  return out;
}

std::vector<std::string> remark_lines(const std::string& endpoint, const Remarks& remarks) {
  std::vector<std::string> lines;
  for (const NullSince& null : remarks.null_since)
    lines.push_back(
        fmt::format("{}: field \"{}\" is null in all rows since about {}, {} of them looked at, "
                    "and was not before",
                    endpoint, null.field, null.day, null.rows));
  for (const IdForm& id : remarks.id_forms)
    lines.push_back(
        id.was.empty()
            ? fmt::format("{}: id \"{}\" comes in several forms: {}", endpoint, id.field, id.now)
            : fmt::format(
                  "{}: id \"{}\" is {} in {} of {} rows looked at, and {} in the schema's examples",
                  endpoint, id.field, id.now, id.rows, id.of_rows, id.was));
  return lines;
}

}  // namespace callrail::cli
