#include "predicting_reader.hpp"

#include "general_reader.hpp"
#include "value_check.hpp"

#include <algorithm>
#include <cstring>

namespace callrail {

namespace {

constexpr int patience = 4;         // surprises in a row until a way is given up
constexpr int pages_without = 15;   // and so many pages until it is tried again
constexpr int strays_to_learn = 8;  // rows in another order in a row
constexpr std::size_t most_known = 64;

Text key_of(const char* quote, const char* behind) {
  return {quote + 1, static_cast<std::size_t>(behind - quote - 2)};
}

/// Behind the object that begins at `at`, if its braces and brackets close before `end`.
const char* object_end(const char* at, const char* end) {
  std::size_t open = 0;
  for (; at < end; ++at) {
    switch (*at) {
      case '"':
        for (++at; at < end && *at != '"'; ++at)
          if (*at == '\\') ++at;
        break;
      case '{':
      case '[': ++open; break;
      case '}':
      case ']':
        if (--open == 0) return at + 1;
        break;
      default: break;
    }
  }
  return nullptr;
}

/// Beside lines the bytes of the page are not kept.
void keep_texts(const PageTask& task, PageRows& rows) {
  const std::size_t kept = task.wanted.order().size();
  for (std::size_t i = rows.cells.size() - kept; i < rows.cells.size(); ++i) {
    Cell& cell = rows.cells[i];
    if (!cell.has_value()) continue;
    // No room at all may be nowhere, which is no place to copy to.
    char* const room = rows.arena.room(std::max<std::size_t>(cell.size, 1));
    std::memcpy(room, cell.data, cell.size);
    cell.data = rows.arena.keep({room, cell.size}).data();
  }
}

}  // namespace

void spell_row(const PageTask& task, const Cell* cells, PageRows& rows) {
  std::string line;
  task.lines->spell({cells, 1, task.endpoint.fields.size()}, line);
  std::memcpy(rows.text.room(line.size()), line.data(), line.size());
  rows.text.use(line.size());
  rows.ends.push_back(rows.text.size());
  for (const std::size_t field : task.wanted.order()) rows.cells.push_back(cells[field]);
  keep_texts(task, rows);
}

PredictingReader::Known& PredictingReader::known(const PageTask& task,
                                                 const std::vector<bool>& expected) {
  const auto columns = [&] {
    return task.lines != nullptr ? std::span<const std::size_t>{task.lines->fields}
                                 : std::span<const std::size_t>{};
  }();
  const auto found = std::ranges::find_if(known_, [&](const Known& k) {
    return k.endpoint == &task.endpoint && k.narrow == (task.lines != nullptr) &&
           k.wanted == task.wanted.order() && std::ranges::equal(k.columns, columns) &&
           k.expected == expected;
  });
  if (found != known_.end()) return *found;
  if (known_.size() == most_known) known_.clear();
  Selection all = task.wanted;
  for (const std::size_t field : columns) all.add(field);
  return known_.emplace_back(
      &task.endpoint, task.wanted.order(), std::vector<std::size_t>{columns.begin(), columns.end()},
      expected, task.lines != nullptr, Forecast{task.endpoint, all, false, {}, expected},
      Forecast{task.endpoint, task.wanted, task.lines != nullptr, columns, expected});
}

bool PredictingReader::page(const PageTask& task, const std::vector<bool>& expected, Text text,
                            PageRows& rows, Drift& drift) {
  Known& known = this->known(task, expected);
  if (known.skip > 0) return --known.skip, false;
  if (known.refused_lines >= patience && ++known.without_lines > pages_without)
    known.refused_lines = known.without_lines = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  ReadTask beside{task.endpoint, task.paging,   task.wanted, expected,
                  drift,         rows.envelope, rows.cells,  rows.arena};
  if (*at != '{') return false;
  // To know UTF-8 kernels look at the three bytes before a text, and before the first key are two.
  for (const char* key = at + 2; at[1] == '"' && *key != '"' && *key != '\0'; ++key)
    if (static_cast<signed char>(*key) < 0 || *key == '\\') return false;
  bool found = false;
  do {
    const char* const quote = ++at;
    if (*quote != '"') return false;
    at = kernel_.value(quote, level_beside_rows);
    if (at == nullptr || *at != ':') return false;
    const Text key = key_of(quote, at);
    if (key.find('\\') != Text::npos) return false;
    ++at;
    if (key == task.endpoint.rows) {
      if (std::exchange(found, true) || *at != '[') return false;
      at = this->rows(known, task, at + 1, end, rows, drift);
      if (at == nullptr) return false;
    } else {
      const char* const from = at;
      at = kernel_.value(from, level_beside_rows);
      if (at == nullptr || !read_beside(beside, key, {from, static_cast<std::size_t>(at - from)}))
        return false;
    }
  } while (*at == ',');
  if (*at != '}' || at >= end) return false;
  ++at;
  return found && trimmed({at, static_cast<std::size_t>(end - at)}).empty();
}

/// Behind the bracket that ends the list.
const char* PredictingReader::rows(Known& known, const PageTask& task, const char* at,
                                   const char* end, PageRows& rows, Drift& drift) {
  if (*at == ']') return at + 1;
  while (true) {
    if (*at != '{' || !row(known, task, at, end, rows, drift)) return nullptr;
    ++rows.count;
    if (*at == ']') return at + 1;
    if (*at != ',') return nullptr;
    ++at;
  }
}

bool PredictingReader::row(Known& known, const PageTask& task, const char*& at, const char* end,
                           PageRows& rows, Drift& drift) {
  const std::size_t width = task.width();
  const auto left = static_cast<std::size_t>(end - at);
  task_.in = at;
  task_.arena = &rows.arena;
  if (task.lines == nullptr) {
    absent_.resize(width);  // to copy them is cheaper than to make them
    rows.cells.insert(rows.cells.end(), absent_.begin(), absent_.end());
    task_.cells = rows.cells.data() + rows.cells.size() - width;
    if (predicted(known, known.forecast, kernel_.cells, rows.extra, drift)) {
      if (rows.extra != nullptr) task_.cells[width - 1] = rows.extra->take(rows.arena);
      at = task_.in;
      known.refused = 0;
      return true;
    }
    rows.cells.resize(rows.cells.size() - width);
  } else {
    const std::size_t kept = task.wanted.order().size();
    if (known.refused_lines < patience) {
      rows.cells.resize(rows.cells.size() + kept);
      task_.cells = rows.cells.data() + rows.cells.size() - kept;
      task_.out = rows.text.room(line_room(left, known.forecast.columns()));
      const char* const line = task_.out;
      const auto read = task.lines->form == RowLines::Form::csv ? kernel_.csv : kernel_.jsonl;
      if (predicted(known, known.forecast, read, nullptr, drift)) {
        rows.text.use(static_cast<std::size_t>(task_.out - line));
        rows.ends.push_back(rows.text.size());
        keep_texts(task, rows);
        at = task_.in;
        known.refused = known.refused_lines = 0;
        return true;
      }
      rows.cells.resize(rows.cells.size() - kept);
      task_.in = at;
    }
    wide_.assign(width, {});
    task_.cells = wide_.data();
    if (predicted(known, known.cells, kernel_.cells, nullptr, drift)) {
      at = task_.in;
      known.refused = 0;
      ++known.refused_lines;
      spell_row(task, wide_.data(), rows);
      return true;
    }
  }
  if (++known.refused >= patience) {
    known.skip = pages_without;
    known.refused = 0;
    return false;
  }
  const char* const behind = object_end(at, end);
  if (behind == nullptr) return false;
  const Text row{at, static_cast<std::size_t>(behind - at)};
  at = behind;
  return general(task, known.cells.kept(), known.expected, row, rows, drift);
}

bool PredictingReader::predicted(Known& known, Forecast& forecast, bool (*read)(RowTask&),
                                 ExtraMembers* extra, Drift& drift) {
  task_.forecast = &forecast;
  task_.doubts.clear();
  if (!read(task_)) return false;
  const Endpoint& endpoint = forecast.endpoint();
  for (const Doubt& doubt : task_.doubts) {
    if (doubt.field == Doubt::unknown) {
      Drift::note(drift.unknown_fields, doubt.key, sounds_secret(doubt.key) ? Text{} : doubt.sent);
      if (extra != nullptr) extra->add(doubt.key, doubt.key, doubt.sent, drift);
    } else {
      const Field& field = endpoint.fields[doubt.field];
      check_value(field, doubt.cell, {nullptr, field.name}, doubt.sent, drift);
    }
  }
  if (task_.as_expected) {
    std::erase_if(task_.skipped, [&](std::uint8_t f) { return !forecast.is_expected(f); });
    std::span<const std::uint8_t> missing = forecast.missing();
    if (!task_.skipped.empty()) {
      task_.skipped.insert(task_.skipped.end(), missing.begin(), missing.end());
      std::ranges::sort(task_.skipped);
      missing = task_.skipped;
    }
    for (const std::uint8_t field : missing)
      Drift::note(drift.missing_fields, endpoint.fields[field].name, {});
    known.strays = 0;
    return true;
  }
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    if (forecast.is_expected(i) && (task_.seen[i / 64] >> i % 64 & 1) == 0)
      Drift::note(drift.missing_fields, endpoint.fields[i].name, {});
  // Members that come with some rows only are foreseen: to skip one is cheap, to meet one is not.
  if (task_.order.size() > forecast.members().size() || ++known.strays >= strays_to_learn) {
    forecast.learn(task_.order);
    known.strays = 0;
  }
  return true;
}

bool PredictingReader::general(const PageTask& task, const Selection& wanted,
                               const std::vector<bool>& expected, Text row, PageRows& rows,
                               Drift& drift) {
  simdjson::ondemand::document document;
  if (parser_.iterate(row.data(), row.size(), row.size() + Body::padding).get(document) !=
      simdjson::SUCCESS)
    return false;
  wide_.clear();
  std::vector<Cell>& cells = task.lines != nullptr ? wide_ : rows.cells;
  ReadTask reading{task.endpoint, task.paging, wanted,     expected,  drift,
                   rows.envelope, cells,       rows.arena, rows.extra};
  if (!GeneralReader{reading}.row(document)) return false;
  if (task.lines != nullptr) spell_row(task, wide_.data(), rows);
  return true;
}

}  // namespace callrail
