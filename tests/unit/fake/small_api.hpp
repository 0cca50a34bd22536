#pragma once

#include <callrail/endpoint.hpp>

#include <array>

/// An API of four lists, with one field of each sort, so that tests of the fake do not depend on
/// what CallRail happens to send: shops have stores; visits are dated; labels are small; codes are
/// asked for store by store.
namespace callrail::test {

inline constexpr std::uint8_t or_null = accept_null;

inline constexpr std::array<Text, 2> states{"open", "closed"};
inline constexpr std::array<Text, 2> levels{"shop", "store"};
inline constexpr std::array<Text, 3> moods{"good", "bad", "unsure"};
inline constexpr std::array<Text, 2> mood_words{"good", "none"};

inline constexpr std::array<Field, 2> store_members{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text}};
inline constexpr std::array<Field, 4> label_members{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text},
    Field{.name = "weight", .type = Type::number, .accepts = accept_number | or_null},
    Field{.name = "shade",
          .type = Type::text,
          .accepts = accept_text,
          .may_be_absent = true,
          .gone = true}};

// Examples are JSON.
inline constexpr std::array<Text, 1> shop_id{"\"SHO0123456789abcdef0123456789abcdef\""};
inline constexpr std::array<Text, 1> store_id{"\"STO0123456789abcdef0123456789abcdef\""};
inline constexpr std::array<Text, 1> visit_id{"\"VIS0123456789abcdef0123456789abcdef\""};
inline constexpr std::array<Text, 1> label_id{"7001"};
inline constexpr std::array<Text, 1> code_id{"\"k8mc8\""};
inline constexpr std::array<Text, 1> old_number{"555010001"};
inline constexpr std::array<Text, 1> odd_time{"\"2021-03-04 09:15:27 -0500\""};
inline constexpr std::array<Text, 1> zoned_time{"\"2026-02-10T09:22:21.049-05:00\""};
inline constexpr std::array<Text, 1> short_time{"\"2026-02-10T09:22:21-05:00\""};
inline constexpr std::array<Text, 1> utc_time{"\"2025-12-31T05:00:00.000Z\""};
inline constexpr std::array<Text, 2> seconds{"61", "\"61\""};
inline constexpr std::array<Text, 1> some_map{R"({"plan_id":"A-42","other":"x"})"};
inline constexpr std::array<Text, 1> some_labels{R"([{"id":7001,"name":"New","weight":1.25}])"};
inline constexpr std::array<Text, 1> link{
    "\"https://www.example.com/v/VIS0123456789abcdef0123456789abcdef?a=1&b=2\""};

inline constexpr std::array shop_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text},
    Field{.name = "numeric_id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "created_at", .type = Type::timestamp, .accepts = accept_text}};
inline constexpr std::array<Note, 4> shop_notes{
    Note{.examples = shop_id}, Note{}, Note{.examples = old_number}, Note{.examples = odd_time}};

inline constexpr std::array store_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text},
    Field{.name = "status", .type = Type::enumeration, .accepts = accept_text, .values = states},
    Field{.name = "zone", .type = Type::text, .accepts = accept_text, .format = Format::zone},
    Field{.name = "closed_at", .type = Type::timestamp, .accepts = accept_text | or_null}};
inline constexpr std::array<Note, 5> store_notes{Note{.examples = store_id}, Note{}, Note{}, Note{},
                                                 Note{.examples = utc_time}};

inline constexpr std::array visit_fields{
    Field{.name = "answered", .type = Type::boolean, .accepts = accept_boolean | or_null},
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "began_at", .type = Type::timestamp, .accepts = accept_text},
    Field{.name = "phone", .type = Type::text, .accepts = accept_text, .format = Format::e164},
    Field{
        .name = "seconds", .type = Type::integer, .accepts = accept_number | accept_text | or_null},
    Field{.name = "mood",
          .type = Type::enumeration,
          .accepts = accept_text | or_null,
          .values = moods},
    // on request
    Field{.name = "store_id",
          .type = Type::id,
          .accepts = accept_text | accept_number,
          .sent = Sent::on_request},
    Field{
        .name = "store_name", .type = Type::text, .accepts = accept_text, .sent = Sent::on_request},
    Field{.name = "created_at",
          .type = Type::timestamp,
          .accepts = accept_text,
          .sent = Sent::on_request},
    Field{.name = "note",
          .type = Type::text,
          .accepts = accept_text | or_null,
          .sent = Sent::on_request,
          .pii = Pii::free_text},
    Field{
        .name = "spam", .type = Type::boolean, .accepts = accept_boolean, .sent = Sent::on_request},
    Field{.name = "labels",
          .type = Type::list,
          .accepts = accept_array | or_null,
          .sent = Sent::on_request,
          .item_accepts = accept_object | accept_text,
          .members = label_members},
    Field{.name = "custom",
          .type = Type::map,
          .accepts = accept_object | or_null,
          .sent = Sent::on_request,
          .may_be_absent = true},
    Field{.name = "link",
          .type = Type::text,
          .accepts = accept_text,
          .sent = Sent::on_request,
          .format = Format::uri},
    Field{.name = "formatted_phone",
          .type = Type::text,
          .accepts = accept_text | or_null,
          .sent = Sent::on_request,
          .format = Format::display_phone},
    Field{.name = "hidden_notes", .type = Type::text, .accepts = accept_text, .sent = Sent::unseen},
    Field{.name = "transcript", .type = Type::text, .accepts = accept_text, .sent = Sent::single},
    // not sent any more
    Field{.name = "fax",
          .type = Type::text,
          .accepts = accept_text,
          .may_be_absent = true,
          .gone = true},
    Field{.name = "fax_pages",
          .type = Type::integer,
          .accepts = accept_number,
          .sent = Sent::on_request,
          .may_be_absent = true,
          .gone = true}};
inline constexpr std::array<Note, 19> visit_notes{
    Note{},
    Note{.examples = visit_id},
    Note{.examples = zoned_time},
    Note{},
    Note{.examples = seconds},
    Note{},
    Note{.refers_to = "stores.id", .examples = store_id},
    Note{},
    Note{.examples = short_time},
    Note{},
    Note{},
    Note{.examples = some_labels},
    Note{.examples = some_map},
    Note{.examples = link},
    Note{},
    Note{},
    Note{},
    Note{},
    Note{}};

inline constexpr std::array label_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{.name = "name", .type = Type::text, .accepts = accept_text},
    Field{.name = "level", .type = Type::enumeration, .accepts = accept_text, .values = levels},
    Field{.name = "weight", .type = Type::number, .accepts = accept_number | or_null},
    Field{.name = "store_id", .type = Type::id, .accepts = accept_text | accept_number | or_null},
    Field{.name = "created_at", .type = Type::timestamp, .accepts = accept_text},
    Field{.name = "dim", .type = Type::boolean, .accepts = accept_boolean, .sent = Sent::unseen}};
inline constexpr std::array<Note, 7> label_notes{
    Note{.examples = label_id},
    Note{},
    Note{},
    Note{},
    Note{.refers_to = "stores.id", .examples = store_id},
    Note{.examples = zoned_time},
    Note{}};

inline constexpr std::array code_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
    Field{
        .name = "store", .type = Type::object, .accepts = accept_object, .members = store_members},
    Field{.name = "store_id",
          .type = Type::id,
          .accepts = accept_text | accept_number,
          .sent = Sent::of_request,
          .parameter = "store_id"}};
inline constexpr std::array<Note, 3> code_notes{Note{.examples = code_id}, Note{},
                                                Note{.refers_to = "stores.id"}};

inline constexpr std::array of_shop{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
inline constexpr std::array of_store{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "store_id", .endpoint = "stores", .in_path = false}};
inline constexpr std::array by_offset{Paging::offset};
inline constexpr std::array by_both{Paging::offset, Paging::relative};
inline constexpr std::array visit_filters{Filter{.name = "store_id"}, Filter{.name = "answered"},
                                          Filter{.name = "mood", .values = mood_words},
                                          Filter{.name = "labels"}, Filter{.name = "unheard_of"}};
inline constexpr std::array label_filters{Filter{.name = "store_id"},
                                          Filter{.name = "level", .values = levels}};
inline constexpr std::array<Text, 2> refused{"transcript", "link_score"};

inline constexpr Dates dates{.from = "start_date",
                             .to = "end_date",
                             .zone = "time_zone",
                             .preset = "date_range",
                             .preset_default = "recent",
                             .preset_default_days = 7,
                             .cursor = "began_at"};
inline constexpr Order order{
    .by = "sort", .direction = "order", .field = "began_at", .ascending = "asc"};

inline constexpr Endpoint shops{.name = "shops",
                                .record = "Shop",
                                .path = "/v3/a.json",
                                .rows = "shops",
                                .key = "id",
                                .fields = shop_fields,
                                .notes = shop_notes,
                                .paging = by_offset};
inline constexpr Endpoint stores{.name = "stores",
                                 .record = "Store",
                                 .path = "/v3/a/{shop_id}/stores.json",
                                 .rows = "stores",
                                 .key = "id",
                                 .fields = store_fields,
                                 .notes = store_notes,
                                 .parents = of_shop,
                                 .paging = by_offset,
                                 .disabled_by = "status=closed"};
inline constexpr Endpoint visits{.name = "visits",
                                 .record = "Visit",
                                 .path = "/v3/a/{shop_id}/visits.json",
                                 .rows = "calls_made",
                                 .key = "id",
                                 .fields = visit_fields,
                                 .notes = visit_notes,
                                 .parents = of_shop,
                                 .filters = visit_filters,
                                 .select = "fields",
                                 .refused = refused,
                                 .paging = by_both,
                                 .dates = dates,
                                 .order = order,
                                 .order_default = "began_at",
                                 .hidden_by = "spam"};
inline constexpr Endpoint labels{.name = "labels",
                                 .record = "Label",
                                 .path = "/v3/a/{shop_id}/labels.json",
                                 .rows = "labels",
                                 .key = "id",
                                 .fields = label_fields,
                                 .notes = label_notes,
                                 .parents = of_shop,
                                 .filters = label_filters,
                                 .paging = by_offset};
inline constexpr Endpoint codes{.name = "codes",
                                .record = "Code",
                                .path = "/v3/a/{shop_id}/codes.json",
                                .rows = "codes",
                                .key = "id",
                                .fields = code_fields,
                                .notes = code_notes,
                                .parents = of_store,
                                .paging = by_offset};

inline constexpr std::array<const Endpoint*, 5> endpoints{&shops, &stores, &visits, &labels,
                                                          &codes};
inline constexpr std::array limits{RateLimit{2, 1}, RateLimit{100, 3600}};
inline constexpr Api small_api{.name = "Small",
                               .url = "https://api.example.com",
                               .auth_header = "Authorization",
                               .auth_value = "Token token=\"{api_key}\"",
                               .keeps_months = 25,
                               .limits = limits,
                               .paging = {.page = "page",
                                          .size = "per_page",
                                          .pages = "total_pages",
                                          .total = "total_records",
                                          .relative = "relative_pagination",
                                          .next = "next_page",
                                          .more = "has_next_page",
                                          .relative_offset = "offset"},
                               .endpoints = endpoints};

}  // namespace callrail::test
