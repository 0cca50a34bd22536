#include "guess.hpp"

#include "model/json_text.hpp"
#include "names.hpp"

#include <callrail/sketch/type_text.hpp>

#include <algorithm>

namespace callrail::codegen {
namespace {

using sketch::Format;
using sketch::Sketch;

bool is_one_of(const std::string& word, const char* words) {
  const auto all = words_of(words);
  return std::ranges::find(all, word) != all.end();
}

bool any_of(const std::vector<std::string>& parts, const char* words) {
  return std::ranges::any_of(parts, [&](const auto& part) { return is_one_of(part, words); });
}

/// Whose data it is, rather than that of a company.
bool is_personal(const std::vector<std::string>& parts) {
  return any_of(parts,
                "customer caller person contact lead visitor holder patient member agent user");
}

/// The texts of a field, or of the elements of its lists.
const Sketch& texts_of(const Sketch& sketch) {
  return sketch.text == 0 && !sketch.items.empty() ? sketch.items.front() : sketch;
}

/// `CAL + 32 hex` as an id of that form.
std::string invented_id(const Sketch& sketch) {
  const std::string form = sketch.forms.empty() ? "text" : sketch.forms.front().text;
  if (form == sketch::number_form) return "550001";
  if (form == "digits") return "\"550001\"";
  if (form == "uuid") return "\"00000000-0000-4000-8000-000000000001\"";
  if (!form.ends_with(" hex")) return "\"a1b2c\"";
  const auto plus = form.find(" + ");
  const std::string prefix = plus == form.npos ? "" : form.substr(0, plus);
  const auto digits =
      static_cast<std::size_t>(std::stoul(plus == form.npos ? form : form.substr(plus + 3)));
  return json_quoted(prefix + std::string(digits - 1, '0') + "1");
}

std::string invented_text(const DraftField& field) {
  for (const auto& [format, text] : {std::pair{Format::e164, "+14045550123"},
                                     {Format::email, "dana@example.com"},
                                     {Format::uri, "https://www.example.com/"},
                                     {Format::zone, "America/New_York"},
                                     {Format::color, "green1"},
                                     {Format::uuid, "00000000-0000-4000-8000-000000000001"},
                                     {Format::hex, "00000000000000000000000000000000"},
                                     {Format::date_time, "2026-02-10T09:05:06.789-05:00"},
                                     {Format::display_phone, "404-555-0123"},
                                     {Format::country, "US"},
                                     {Format::money, "$1,250.00"}})
    if (field.format == sketch::name_of(format)) return json_quoted(text);
  if (field.pii == "name") return "\"Dana Example\"";
  if (field.pii == "place") return "\"Atlanta\"";
  if (field.pii == "free_text") return "\"Invented text.\"";
  std::string words = "Example";
  for (const auto& part : parts_of(field.name)) words += " " + part;
  return json_quoted(words);
}

}  // namespace

bool is_id_name(std::string_view name) {
  const std::string last = last_part(name);
  return last == "id" || last == "ids";
}

bool is_map_name(std::string_view name) {
  return is_one_of(last_part(name),
                   "params parameters metadata headers cookies properties attributes custom");
}

std::string guess_pii(std::string_view name, const Sketch& sketch) {
  const Sketch& texts = texts_of(sketch);
  if (texts.text == 0) return {};
  const auto parts = parts_of(name);
  const auto format = sketch::format_of(sketch, name);
  if (format == Format::email) return "email";
  if (any_of(parts, "voicemail recording audio") && format == Format::uri) return "audio";
  const bool phone = format == Format::e164 || format == Format::display_phone;
  if (phone) return is_personal(parts) ? "phone" : "";
  if (format == Format::uri || format == Format::zone || sketch::all_instants(texts)) return {};
  if (any_of(parts, "name") && (is_personal(parts) || any_of(parts, "first last full middle")))
    return "name";
  if (const auto last = last_part(name); last == "holder" || last == "caller") return "name";
  if (any_of(parts, "city state zip postal street address latitude longitude") &&
      (is_personal(parts) || any_of(parts, "zip postal street latitude longitude")))
    return "place";
  if (any_of(parts, "note notes comment comments content transcript transcription summary"))
    return "free_text";
  if (any_of(parts, "ip cookie visitor gclid fbclid msclkid") && !is_id_name(name))
    return "online_id";
  return {};
}

std::string guess_unit(std::string_view name, const Sketch& sketch) {
  if (sketch.integer + sketch.number == 0) return {};
  const auto parts = parts_of(name);
  for (const char* unit : {"seconds", "minutes", "hours", "days", "percent"})
    if (last_part(name) == unit) return unit;
  if (any_of(parts, "duration durations")) return "seconds";
  if (any_of(parts, "percentage")) return "percent";
  return {};
}

std::string invented(const DraftField& field, const Sketch& sketch) {
  if (field.secret) return {};
  const Sketch& items = sketch.items.empty() ? sketch : sketch.items.front();
  const bool id = is_id_name(field.name);
  if (field.type.starts_with("list<")) {
    if (field.type.starts_with("list<object") || field.type.starts_with("list<map") ||
        field.type.starts_with("list<any") || field.type.starts_with("list<enum"))
      return {};
    DraftField one = field;
    one.type = field.type.substr(5);
    if (const auto value = invented(one, items); !value.empty()) return "[" + value + "]";
    return {};
  }
  if (field.type.starts_with("object") || field.type.starts_with("map") ||
      field.type.starts_with("any"))
    return {};
  if (field.type.starts_with("id")) return id ? invented_id(sketch) : "\"550001\"";
  if (field.type.starts_with("boolean")) return "true";
  if (field.type.starts_with("integer")) return "3";
  if (field.type.starts_with("number")) return "12.5";
  if (field.type.starts_with("timestamp")) return "\"2026-02-10T09:05:06.789-05:00\"";
  return invented_text(field);
}

}  // namespace callrail::codegen
