#include "makers.hpp"

#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

#include <algorithm>

namespace callrail::bench {

namespace {

Make text_of(Reader reader, FileFormat format) {
  return [=](const Task& task) { return text_of_cells(task, reader, format); };
}
Make fused(FileFormat format) {
  return [=](const Task& task) { return fused_text(task, format); };
}
Make cells(Reader reader) {
  return [=](const Task& task) { return cells_of(task, reader); };
}
Make values(Reader reader) {
  return [=](const Task& task) { return values_of(task, reader); };
}

Make on_simdjson(std::string what) {
  return [what](const Task& task) { return simdjson_contender(task, what); };
}

}  // namespace

std::vector<Entry> all_contenders() {
  using enum FileFormat;
  using enum Reader;
  std::vector<Entry> list{
      {"memcpy/all/memory", "", copy},
      {"read/all/memory", "", sweep},
      {"stage1/all/simdjson", "", on_simdjson("stage1")},
      {"minify/all/simdjson", "", on_simdjson("minify")},
      {"dom/all/simdjson", "", on_simdjson("dom")},
      {"touch/all/simdjson", "touch/all/simdjson_dom", on_simdjson("touch")},
      {"touch/all/simdjson_dom", "touch/all/simdjson_dom", on_simdjson("touch_dom")},
      {"touch/all/nlohmann", "touch/all/simdjson_dom", nlohmann_touch},
  };
  for (const std::string fields : {"all", "12"}) {
    const auto add = [&](Text what, Text who, Text truth, Make make) {
      const auto name = [&](Text by) {
        return std::string{what}.append(1, '/').append(fields).append(1, '/').append(by);
      };
      list.push_back({name(who), name(truth), std::move(make)});
    };
    add("csv", "ours", "general", fused(csv));
    add("csv", "general", "general", text_of(general, csv));
    add("csv", "simdjson", "general", on_simdjson("csv"));
    add("csv", "simdjson_members", "general", on_simdjson("csv_members"));
    add("ndjson", "ours", "general", fused(jsonl));
    add("ndjson", "general", "general", text_of(general, jsonl));
    add("ndjson", "simdjson", "general", on_simdjson("ndjson"));
    add("ndjson", "simdjson_members", "general", on_simdjson("ndjson_members"));
    // Typed records first, and text made of them.
    add("typed_csv", "ours", "general", text_of(predicting, csv));
    add("typed_csv", "general", "general", text_of(general, csv));
    add("typed", "ours", "simdjson", cells(predicting));
    add("typed", "general", "simdjson", cells(general));
    add("typed", "simdjson", "simdjson", on_simdjson("typed"));
    add("typed_values", "ours", "simdjson", values(predicting));
    add("typed_values", "simdjson", "simdjson", on_simdjson("typed"));
  }
  return list;
}

std::vector<Entry> choose(const std::vector<Entry>& from, const std::vector<std::string>& words) {
  std::vector<Entry> chosen;
  for (const Entry& entry : from)
    if (words.empty() || std::ranges::any_of(words, [&](const std::string& word) {
          return entry.name.find(word) != std::string::npos;
        }))
      chosen.push_back(entry);
  return chosen;
}

const Entry* find(const std::vector<Entry>& in, Text name) {
  const auto at = std::ranges::find(in, name, &Entry::name);
  return at == in.end() ? nullptr : &*at;
}

Text fields_of(Text name) {
  name.remove_prefix(name.find('/') + 1);
  return name.substr(0, name.find('/'));
}

Task task_of(Variant variant, Text fields) {
  Task task;
  task.endpoint = &Processor<api::Call>::endpoint();
  // In the order they come; most tables people want are of this kind.
  constexpr std::array<Text, 12> twelve{
      "answered", "customer_name", "customer_phone_number", "direction",    "duration",
      "id",       "start_time",    "tracking_phone_number", "company_name", "lead_status",
      "source",   "value"};
  for (const std::size_t i : fields_in(variant)) {
    const Field& field = task.endpoint->fields[i];
    if (fields != "all" && std::ranges::find(twelve, field.name) == twelve.end()) continue;
    task.fields.add(i);
    if (field.sent == Sent::on_request) task.asked.add(i);
  }
  task.table = table_of(*task.endpoint, task.fields, Nested::json);
  return task;
}

}  // namespace callrail::bench
