#pragma once

#include <callrail/body.hpp>
#include <callrail/endpoint.hpp>

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// A made-up list of toys with one field of each sort that a finding can be about, its schema as
/// text and as tables.
namespace callrail::cli {

inline const std::string toys_schema = R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
  paging:
    offset: { page: page, size: per_page, pages: total_pages, total: total_records }
enums:
  State: { values: [new, old], doc: How worn it is. }
shapes:
  Maker:
    doc: Who made it.
    fields:
      name: { type: text, evidence: real }
      town: { type: text or null, evidence: real }
endpoints:
  toys:
    record: Toy
    path: /toys.json
    rows: toys
    key: id
    paging: [offset]
    fields:
      id:      { type: id,                  evidence: real, example: "TOY019c2013236d7b1fb0c881bd94d82691" }
      shop_id: { type: id or null,          evidence: real, example: 9900101 }
      any_id:  { type: id or null,          evidence: real, examples: [9900102, "9900102"] }
      made_at: { type: timestamp,           evidence: real }
      state:   { type: enum State or null,  evidence: real }
      price:   { type: integer,             evidence: real }
      city:    { type: text,                evidence: real, pii: place }
      maker:   { type: object Maker,        evidence: real }
      free_id: { type: id or null,          evidence: real }
)";

inline const Endpoint& toys() {
  static constexpr std::array<Text, 1> letters{"\"TOY019c2013236d7b1fb0c881bd94d82691\""};
  static constexpr std::array<Text, 1> number{"9900101"};
  static constexpr std::array<Text, 2> both{"9900102", "\"9900102\""};
  static constexpr std::array<Text, 2> states{"new", "old"};
  static constexpr std::array members{Field{.name = "name", .accepts = accept_text},
                                      Field{.name = "town", .accepts = accept_text | accept_null}};
  static constexpr std::array fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
      Field{.name = "shop_id",
            .type = Type::id,
            .accepts = accept_text | accept_number | accept_null},
      Field{
          .name = "any_id", .type = Type::id, .accepts = accept_text | accept_number | accept_null},
      Field{.name = "made_at", .type = Type::timestamp, .accepts = accept_text},
      Field{.name = "state",
            .type = Type::enumeration,
            .accepts = accept_text | accept_null,
            .values = states},
      Field{.name = "price", .type = Type::integer, .accepts = accept_number},
      Field{.name = "city", .type = Type::text, .accepts = accept_text},
      Field{.name = "maker", .type = Type::object, .accepts = accept_object, .members = members},
      Field{.name = "free_id",
            .type = Type::id,
            .accepts = accept_text | accept_number | accept_null}};
  static constexpr std::array notes{Note{.examples = letters},
                                    Note{.examples = number},
                                    Note{.examples = both},
                                    Note{},
                                    Note{},
                                    Note{},
                                    Note{},
                                    Note{},
                                    Note{}};
  static constexpr Endpoint endpoint{
      .name = "toys",
      .path = "/toys.json",
      .rows = "toys",
      .key = "id",
      .fields = fields,
      .notes = notes,
      .dates = {.from = "start_date", .to = "end_date", .zone = "time_zone", .cursor = "made_at"}};
  return endpoint;
}

inline Body toys_page(const std::vector<std::string>& rows) {
  std::string text = R"({"total_records":1,"toys":[)";
  for (const std::string& row : rows) text += (text.back() == '[' ? "" : ",") + row;
  return Body{text + "]}"};
}

/// A row of this day with these members.
inline std::string toy(std::string_view day, std::string_view members) {
  return fmt::format(R"({{"made_at":"{}T12:00:00.000-05:00",{}}})", day, members);
}

inline std::vector<std::string> times(std::size_t n, const std::string& row) {
  return std::vector<std::string>(n, row);
}

}  // namespace callrail::cli
