#pragma once

#include <callrail/endpoint.hpp>

#include <array>

namespace callrail::test {

inline constexpr std::uint8_t text_or_null = accept_text | accept_null;
inline constexpr std::uint8_t object_or_null = accept_object | accept_null;

inline constexpr std::array<Field, 3> touch{
    Field{.name = "source", .type = Type::text, .accepts = text_or_null},
    Field{.name = "clicks", .type = Type::integer, .accepts = accept_number | accept_null},
    Field{.name = "params", .type = Type::map, .accepts = object_or_null},
};

inline constexpr std::array<Field, 2> steps{
    Field{.name = "first", .type = Type::object, .accepts = object_or_null, .members = touch},
    Field{.name = "last", .type = Type::object, .accepts = object_or_null, .members = touch},
};

inline constexpr std::array<Field, 2> settings{
    Field{.name = "mode", .type = Type::text, .accepts = text_or_null},
    Field{.name = "urls", .type = Type::list, .accepts = accept_array | accept_null},
};

inline constexpr std::array<Field, 6> visit_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_number | accept_text},
    Field{.name = "steps", .type = Type::object, .accepts = object_or_null, .members = steps},
    Field{.name = "config",
          .type = Type::object,
          .accepts = accept_object,
          .open = true,
          .members = settings},
    Field{.name = "tags", .type = Type::list, .accepts = accept_array, .members = touch},
    Field{.name = "either",
          .type = Type::object,
          .accepts = accept_object | accept_text,
          .members = settings},
    Field{.name = "free", .type = Type::map, .accepts = accept_object},
};

inline constexpr Endpoint visits{.name = "visits", .key = "id", .fields = visit_fields};

}  // namespace callrail::test
