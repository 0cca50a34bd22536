#include "key_order.hpp"
#include "makers.hpp"
#include "spell.hpp"

#include <simdjson.h>

#include <cstring>
#include <stdexcept>
#include <utility>

/// What can be built on simdjson 3.0.1. They trust their input further than the extractor may (a
/// number or word is copied unseen, escapes are not checked), which is to their advantage.
namespace callrail::bench {

namespace {

namespace od = ::simdjson::ondemand;

std::unexpected<Error> broken() { return fail(Code::bad_answer, "simdjson refuses the page"); }

Text trimmed(Text token) {
  while (token.back() == ' ' || token.back() == '\n') token.remove_suffix(1);
  return token;
}

/// The JSON of a value as it stands.
bool raw_of(od::value& value, Text& out) {
  const Text token = value.raw_json_token();
  if (token.front() == '{') {
    od::object object;
    if (value.get_object().get(object) || object.raw_json().get(out)) return false;
  } else if (token.front() == '[') {
    od::array array;
    if (value.get_array().get(array) || array.raw_json().get(out)) return false;
  } else {
    out = token;
  }
  out = trimmed(out);
  return true;
}

/// Walks to the rows, and leaves each to the derived class.
class OnDemand : public Contender {
 public:
  explicit OnDemand(const Task& task) : task_{task} {}

  Result<Made> read(Body& body) final {
    auto made = read_once(body);
    return made || !again() ? made : read_once(body);
  }

 protected:
  const Task& task() const { return task_; }

 private:
  Result<Made> read_once(Body& body) {
    const Text text = body.text();
    begin_page(text);
    od::document page;
    od::array rows;
    if (parser_.iterate(text.data(), text.size(), text.size() + Body::padding).get(page) ||
        page[task_.endpoint->rows].get_array().get(rows))
      return broken();
    std::size_t count = 0;
    for (auto element : rows) {
      od::object record;
      if (std::move(element).get_object().get(record) || !row(record)) return broken();
      ++count;
    }
    return Made{count, end_page()};
  }

  virtual void begin_page(Text) {}
  virtual bool again() { return false; }  ///< whether a page that failed is to be read anew
  virtual bool row(od::object&) = 0;
  virtual std::size_t end_page() { return 0; }

  const Task& task_;
  od::parser parser_;
};

/// Reads every value as its type and makes nothing of it.
class Touch final : public OnDemand {
 public:
  using OnDemand::OnDemand;
  std::uint64_t look() override { return sum_.value; }

 private:
  void begin_page(Text) override { sum_ = {}; }
  bool row(od::object& record) override { return members(record); }

  bool members(od::object& object) {
    for (auto member : object) {
      od::value value;
      if (std::move(member).value().get(value) || !visit(value)) return false;
    }
    return true;
  }

  bool visit(od::value& value) {
    od::json_type type;
    if (value.type().get(type)) return false;
    switch (type) {
      case od::json_type::object: {
        od::object object;
        return !value.get_object().get(object) && members(object);
      }
      case od::json_type::array: {
        od::array array;
        if (value.get_array().get(array)) return false;
        for (auto element : array) {
          od::value inner;
          if (std::move(element).get(inner) || !visit(inner)) return false;
        }
        return true;
      }
      case od::json_type::string: {
        std::string_view text;
        if (value.get_string().get(text)) return false;
        sum_.text(text.size());
        return true;
      }
      case od::json_type::number: {
        od::number number;
        if (value.get_number().get(number)) return false;
        if (number.is_double())
          sum_.number(number.get_double());
        else
          sum_.integer(number.is_int64() ? number.get_int64()
                                         : static_cast<std::int64_t>(number.get_uint64()));
        return true;
      }
      case od::json_type::boolean: {
        bool boolean = false;
        if (value.get_bool().get(boolean)) return false;
        sum_.boolean(boolean);
        return true;
      }
      case od::json_type::null: {
        bool null = false;
        if (value.is_null().get(null) || !null) return false;
        sum_.null();
        return true;
      }
    }
    return false;
  }

  Sum sum_;
};

/// The limit of whatever begins with an index of the page.
class StageOne final : public Contender {
 public:
  Result<Made> read(Body& body) override {
    const Text text = body.text();
    od::document page;
    if (parser_.iterate(text.data(), text.size(), text.size() + Body::padding).get(page))
      return broken();
    return Made{};
  }
  std::uint64_t look() override { return 0; }

 private:
  od::parser parser_;
};

class Minify final : public Contender {
 public:
  Result<Made> read(Body& body) override {
    out_.resize(body.size());
    std::size_t size = 0;
    if (::simdjson::minify(body.text().data(), body.size(), out_.data(), size)) return broken();
    return Made{0, size};
  }
  std::uint64_t look() override { return hash_of(out_); }

 private:
  std::string out_;
};

/// The whole page as simdjson's tree; `visit_`: and every value in it.
class Dom final : public Contender {
 public:
  Dom(const Task& task, bool visits) : rows_{task.endpoint->rows}, visits_{visits} {}

  Result<Made> read(Body& body) override {
    ::simdjson::dom::element page;
    ::simdjson::dom::array rows;
    if (parser_.parse(body.text().data(), body.size(), false).get(page) ||
        page[rows_].get_array().get(rows))
      return broken();
    sum_ = {};
    if (visits_) visit(rows);
    return Made{rows.size(), 0};
  }
  std::uint64_t look() override { return sum_.value; }

 private:
  void visit(const ::simdjson::dom::element& value) {
    using Type = ::simdjson::dom::element_type;
    switch (value.type()) {
      case Type::ARRAY: return visit(::simdjson::dom::array{value.get_array().value_unsafe()});
      case Type::OBJECT:
        for (const auto member : ::simdjson::dom::object{value.get_object().value_unsafe()})
          visit(member.value);
        return;
      case Type::INT64: return sum_.integer(value.get_int64().value_unsafe());
      case Type::UINT64:
        return sum_.integer(static_cast<std::int64_t>(value.get_uint64().value_unsafe()));
      case Type::DOUBLE: return sum_.number(value.get_double().value_unsafe());
      case Type::STRING: return sum_.text(value.get_string_length().value_unsafe());
      case Type::BOOL: return sum_.boolean(value.get_bool().value_unsafe());
      case Type::NULL_VALUE: return sum_.null();
    }
  }
  void visit(const ::simdjson::dom::array& list) {
    for (const auto element : list) visit(element);
  }

  std::string_view rows_;
  bool visits_;
  ::simdjson::dom::parser parser_;
  Sum sum_;
};

std::vector<std::string> column_names(const Task& task) {
  std::vector<std::string> names;
  for (const Column& column : task.table.columns) names.push_back(column.name);
  return names;
}

enum class Form : std::uint8_t { csv, ndjson };

/// A buffer that is large enough for what the rest of the page can become, so that nothing is
/// checked while a row is spelled.
class Room {
 public:
  char* row(std::size_t most) {
    if (used_ + most + slack > buffer_.size()) buffer_.resize((used_ + most + slack) * 2);
    return buffer_.data() + used_;
  }
  void end_row(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }
  void clear() { used_ = 0; }
  Text text() const { return Text{buffer_}.substr(0, used_); }

 private:
  std::string buffer_;
  std::size_t used_ = 0;
};

/// Values to columns, shared by the pipelines below.
template <Form form>
class Spelling : public OnDemand {
 public:
  explicit Spelling(const Task& task) : OnDemand{task} {
    for (const Column& column : task.table.columns) {
      keys_.push_back(",\"" + column.name + "\":");
      keys_.back().reserve(keys_.back().size() + slack);
      keys_size_ += keys_.back().size();
    }
    columns_ = keys_.size();
  }
  std::uint64_t look() override { return hash_of(room_.text()); }

 protected:
  void begin_page(Text page) override {
    room_.clear();
    end_ = page.data() + page.size();
    compact_ = page.size() > 1 && page[1] == '"';
  }
  std::size_t end_page() override { return room_.text().size(); }

  char* begin_row(const char* at) {
    return room_.row(static_cast<std::size_t>(end_ - at) * 2 + keys_size_ + columns_ * 4);
  }
  void end_row(const char* begin, char* out) {
    if constexpr (form == Form::csv) {
      if (out == begin) *out++ = '"', *out++ = '"';
      *out++ = '\r', *out++ = '\n';
    } else {
      if (out == begin) *out++ = '{';
      *out++ = '}', *out++ = '\n';
    }
    room_.end_row(out);
  }

  std::size_t columns() const { return columns_; }
  char* absent(std::size_t column, char* out) const {
    if constexpr (form == Form::csv)
      if (column != 0) *out++ = ',';
    return out;
  }
  char* value(std::size_t column, Text json, char* begin, char* out) {
    const char first = json.front();
    if constexpr (form == Form::csv) {
      if (column != 0) *out++ = ',';
      if (first == '"') return csv_string(json.substr(1, json.size() - 2), out);
      if (first == '{' || first == '[') return csv_nested(compacted(json), out);
      if (first == 'n') return out;
    } else {
      const bool is_first = out == begin;
      out = copy_text(keys_[column], out);
      if (is_first) *begin = '{';
      if (first == '"') return json_string(json.substr(1, json.size() - 2), out);
      if (first == '{' || first == '[') json = compacted(json);
    }
    return copy_text(json, out);
  }

 private:
  Text compacted(Text json) {
    if (compact_) return json;
    if (scratch_.size() < json.size() + slack) scratch_.resize(json.size() * 2 + slack);
    std::size_t size = 0;
    if (::simdjson::minify(json.data(), json.size(), scratch_.data(), size)) size = 0;
    return {scratch_.data(), size};
  }

  std::vector<std::string> keys_;  ///< ,"name":
  std::size_t keys_size_ = 0, columns_ = 0;
  const char* end_ = nullptr;
  bool compact_ = true;
  std::string scratch_;
  Room room_;
};

/// Members in the order they come, keys as predicted, each value straight to its place in the
/// output; through slots once a page has another order than the columns.
template <Form form>
class InOrder final : public Spelling<form> {
 public:
  explicit InOrder(const Task& task)
      : Spelling<form>{task}, order_{column_names(task)}, slots_(task.table.columns.size()) {}

 private:
  bool row(od::object& record) override {
    order_.begin_record();
    return sorted_ ? straight(record) : through_slots(record);
  }
  bool again() override { return std::exchange(gave_up_, false); }

  bool straight(od::object& record) {
    char* begin = nullptr;
    char* out = nullptr;
    std::size_t next = 0;
    for (auto member : record) {
      od::field field;
      if (std::move(member).get(field)) return false;
      const char* const key = field.key().raw();
      if (begin == nullptr) begin = out = this->begin_row(key);
      const std::size_t column = order_.column(key);
      if (column == KeyOrder::none) continue;
      od::value value = field.value();
      Text json;
      if (!raw_of(value, json)) return false;
      if (column < next) {
        sorted_ = false;
        gave_up_ = true;
        return false;
      }
      for (; next < column; ++next) out = this->absent(next, out);
      out = this->value(next++, json, begin, out);
    }
    if (begin == nullptr) return false;
    for (; next < slots_.size(); ++next) out = this->absent(next, out);
    this->end_row(begin, out);
    return true;
  }

  bool through_slots(od::object& record) {
    std::fill(slots_.begin(), slots_.end(), Text{});
    char* begin = nullptr;
    for (auto member : record) {
      od::field field;
      if (std::move(member).get(field)) return false;
      const char* const key = field.key().raw();
      if (begin == nullptr) begin = this->begin_row(key);
      const std::size_t column = order_.column(key);
      if (column == KeyOrder::none) continue;
      od::value value = field.value();
      if (!raw_of(value, slots_[column])) return false;
    }
    if (begin == nullptr) return false;
    char* out = begin;
    for (std::size_t i = 0; i < slots_.size(); ++i)
      out = slots_[i].empty() ? this->absent(i, out) : this->value(i, slots_[i], begin, out);
    this->end_row(begin, out);
    return true;
  }

  KeyOrder order_;
  std::vector<Text> slots_;
  bool sorted_ = true, gave_up_ = false;
};

/// The fastest we know: the next column is looked for from where the last one was found, and is
/// nearly always there. To go from member to member takes 9 ns a member longer.
template <Form form>
class Lookup final : public Spelling<form> {
 public:
  explicit Lookup(const Task& task) : Spelling<form>{task}, names_{column_names(task)} {}

 private:
  void begin_page(Text page) override {
    Spelling<form>::begin_page(page);
    at_ = page.data();
  }
  bool row(od::object& record) override {
    char* const begin = this->begin_row(at_);
    char* out = begin;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      od::value value;
      const auto error = record.find_field_unordered(names_[i]).get(value);
      if (error == ::simdjson::NO_SUCH_FIELD) {
        out = this->absent(i, out);
        continue;
      }
      Text json;
      if (error || !raw_of(value, json)) return false;
      at_ = std::max(at_, json.data());
      out = this->value(i, json, begin, out);
    }
    this->end_row(begin, out);
    return true;
  }

  std::vector<std::string> names_;
  const char* at_ = nullptr;  ///< the furthest value of the page so far
};

/// A table of typed values, text and nested values as views.
class Typed final : public OnDemand {
 public:
  explicit Typed(const Task& task) : OnDemand{task}, width_{task.endpoint->fields.size()} {}

  std::uint64_t look() override {
    Sum sum;
    for (const Value& value : values_) {
      switch (value.kind) {
        case Value::absent: break;
        case Value::null: sum.null(); break;
        case Value::boolean: sum.boolean(value.integer != 0); break;
        case Value::integer_: sum.integer(value.integer); break;
        case Value::number_: sum.number(value.number); break;
        case Value::text: sum.text(value.size); break;
        case Value::nested: {
          std::string compact(value.size, '\0');
          std::size_t size = 0;
          if (!::simdjson::minify(value.data, value.size, compact.data(), size)) sum.nested(size);
          break;
        }
      }
    }
    return sum.value;
  }

 private:
  struct Value {
    enum Kind : std::uint32_t { absent, null, boolean, integer_, number_, text, nested };
    union {
      const char* data;
      std::int64_t integer;
      double number;
    };
    std::uint32_t size;
    Kind kind;
  };

  void begin_page(Text) override { values_.clear(); }

  bool row(od::object& record) override {
    values_.resize(values_.size() + width_, Value{{nullptr}, 0, Value::absent});
    Value* const values = values_.data() + values_.size() - width_;
    for (const std::size_t i : task().fields.order()) {
      od::value value;
      const auto error = record.find_field_unordered(task().endpoint->fields[i].name).get(value);
      if (error == ::simdjson::NO_SUCH_FIELD) continue;
      if (error || !read_value(value, task().endpoint->fields[i].type, values[i])) return false;
    }
    return true;
  }

  static void view(Text text, Value::Kind kind, Value& out) {
    out.data = text.data();
    out.size = static_cast<std::uint32_t>(text.size());
    out.kind = kind;
  }

  static bool read_value(od::value& value, Type type, Value& out) {
    Text json;
    const char first = Text{value.raw_json_token()}.front();
    switch (first) {
      case '"':
        json = trimmed(value.raw_json_token());
        json = json.substr(1, json.size() - 2);
        // Without an escape the page has the text itself: no copy.
        if (std::memchr(json.data(), '\\', json.size()) != nullptr && value.get_string().get(json))
          return false;
        view(json, Value::text, out);
        return true;
      case '{':
      case '[':
        if (!raw_of(value, json)) return false;
        view(json, Value::nested, out);
        return true;
      case 'n': {
        bool null = false;
        out.kind = Value::null;
        return !value.is_null().get(null) && null;
      }
      case 't':
      case 'f': {
        bool boolean = false;
        if (value.get_bool().get(boolean)) return false;
        out.integer = boolean ? 1 : 0;
        out.kind = Value::boolean;
        return true;
      }
      default: break;
    }
    if (type == Type::integer && !value.get_int64().get(out.integer)) {
      out.kind = Value::integer_;
    } else if (type == Type::number && !value.get_double().get(out.number)) {
      out.kind = Value::number_;
    } else {
      view(trimmed(value.raw_json_token()), Value::text, out);
    }
    return true;
  }

  std::size_t width_;
  std::vector<Value> values_;
};

}  // namespace

std::string simdjson_kernel() { return ::simdjson::get_active_implementation()->name(); }

std::unique_ptr<Contender> simdjson_contender(const Task& task, Text what) {
  if (what == "touch") return std::make_unique<Touch>(task);
  if (what == "stage1") return std::make_unique<StageOne>();
  if (what == "minify") return std::make_unique<Minify>();
  if (what == "dom") return std::make_unique<Dom>(task, false);
  if (what == "touch_dom") return std::make_unique<Dom>(task, true);
  if (what == "typed") return std::make_unique<Typed>(task);
  if (what == "csv_members") return std::make_unique<InOrder<Form::csv>>(task);
  if (what == "ndjson_members") return std::make_unique<InOrder<Form::ndjson>>(task);
  if (what == "csv") return std::make_unique<Lookup<Form::csv>>(task);
  if (what == "ndjson") return std::make_unique<Lookup<Form::ndjson>>(task);
  throw std::logic_error("simdjson does not " + std::string{what});
}

}  // namespace callrail::bench
