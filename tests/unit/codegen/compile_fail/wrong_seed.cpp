// With this seed both names fall into one of the 16 slots.
#define SEED 9
#include "toys.hpp"

constexpr auto index = callrail::field_index<callrail::api::Toy>("name");
