#pragma once

#include <callrail/processor.hpp>

/// A record as the generator would write it, with one field of each sort, so that tests of the
/// runtime do not depend on what CallRail happens to send.
namespace callrail::test {

enum class Colour : std::uint8_t { unknown, red, green };

struct Gadget {
  Maybe<Id> id;
  Maybe<Text> name;
  Maybe<Open<Colour>> colour;
  Maybe<std::int64_t> count;
  Maybe<std::int64_t> seconds;  ///< integer or text
  Maybe<double> price;
  Maybe<bool> works;
  Maybe<Timestamp> made_at;
  Maybe<Json> maker;
  Maybe<Json> marks;
  Maybe<Any> extra;
  Maybe<Text> note;   ///< on request
  Maybe<Text> token;  ///< on request, and secret
};

inline constexpr std::array<Text, 2> colours{"red", "green"};

inline constexpr std::array<Field, 3> maker_members{
    Field{.name = "name", .type = Type::text, .accepts = accept_text},
    Field{.name = "phone",
          .type = Type::text,
          .accepts = accept_text | accept_null,
          .format = Format::e164},
    Field{.name = "colour",
          .type = Type::enumeration,
          .accepts = accept_text | accept_null,
          .values = colours},
};

inline constexpr std::array<Field, 1> mark_members{
    Field{.name = "word", .type = Type::text, .accepts = accept_text},
};

}  // namespace callrail::test

template <>
struct callrail::Reflect<callrail::test::Colour> {
  static constexpr auto names = test::colours;
};

template <>
struct callrail::Reflect<callrail::test::Gadget> {
  static constexpr std::uint32_t key_seed = 1;
  static constexpr PagingFacts paging{.page = "page",
                                      .size = "per_page",
                                      .pages = "total_pages",
                                      .total = "total_records",
                                      .relative = "relative_pagination",
                                      .next = "next_page",
                                      .more = "has_next_page",
                                      .relative_offset = "offset"};
  static constexpr std::array<Field, 13> fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_text | accept_number},
      Field{.name = "name", .type = Type::text, .accepts = accept_text | accept_null},
      Field{.name = "colour",
            .type = Type::enumeration,
            .accepts = accept_text | accept_null,
            .may_be_absent = true,
            .values = test::colours},
      Field{.name = "count",
            .type = Type::integer,
            .accepts = accept_number | accept_null,
            .may_be_absent = true},
      Field{.name = "seconds",
            .type = Type::integer,
            .accepts = accept_number | accept_text | accept_null,
            .may_be_absent = true},
      Field{.name = "price",
            .type = Type::number,
            .accepts = accept_number | accept_null,
            .may_be_absent = true},
      Field{.name = "works",
            .type = Type::boolean,
            .accepts = accept_boolean | accept_null,
            .may_be_absent = true},
      Field{.name = "made_at",
            .type = Type::timestamp,
            .accepts = accept_text | accept_null,
            .may_be_absent = true},
      Field{.name = "maker",
            .type = Type::object,
            .accepts = accept_object | accept_null,
            .may_be_absent = true,
            .members = test::maker_members},
      Field{.name = "marks",
            .type = Type::list,
            .accepts = accept_array | accept_null,
            .may_be_absent = true,
            .item_accepts = accept_object | accept_text,
            .members = test::mark_members},
      Field{.name = "extra", .type = Type::any, .may_be_absent = true},
      Field{.name = "note",
            .type = Type::text,
            .accepts = accept_text | accept_null,
            .sent = Sent::on_request},
      Field{.name = "token",
            .type = Type::text,
            .accepts = accept_text | accept_null,
            .sent = Sent::on_request,
            .secret = true},
  };
};

namespace callrail {

template <>
inline const Endpoint& Processor<test::Gadget>::endpoint() {
  static constexpr std::array<Text, 1> refused{"secret_word"};
  static constexpr std::array styles{Paging::offset, Paging::relative};
  static constexpr std::array parents{
      Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
  static constexpr Endpoint facts{
      .name = "gadgets",
      .record = "Gadget",
      .path = "/v3/{shop_id}/gadgets.json",
      .rows = "things",
      .key = "id",
      .fields = Reflect<test::Gadget>::fields,
      .parents = parents,
      .select = "fields",
      .refused = refused,
      .paging = styles,
      .key_seed = Reflect<test::Gadget>::key_seed,
      .key_table = KeyIndex<test::Gadget>::table,
  };
  return facts;
}

}  // namespace callrail
