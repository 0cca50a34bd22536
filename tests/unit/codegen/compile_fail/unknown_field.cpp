#include "toys.hpp"

constexpr auto index = callrail::field_index<callrail::api::Toy>("nme");
