#pragma once

// As the generator would write it, with places to break it.

#include <callrail/reflect.hpp>

#include <array>
#include <cstdint>

#ifndef VERSION
#define VERSION 1
#endif
#ifndef SEED
#define SEED 0
#endif

static_assert(callrail::reflect_version == VERSION,
              "toys.hpp is for another runtime: regenerate it");

namespace callrail::api {

struct Toy {
  Maybe<Id> id;
  Maybe<Text> name;
#ifdef EXTRA_MEMBER
  Maybe<Text> color;
#endif
};

}  // namespace callrail::api

template <>
struct callrail::Reflect<callrail::api::Toy> {
  static constexpr std::uint32_t key_seed = SEED;
  static constexpr std::array<Field, 2> fields{
      Field{.name = "id", .type = Type::id, .accepts = accept_number | accept_text},
      Field{.name = "name", .type = Type::text, .accepts = accept_text},
  };
};
