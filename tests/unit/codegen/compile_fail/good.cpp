#include "toys.hpp"

static_assert(callrail::field_index<callrail::api::Toy>("name") == 1);
static_assert(callrail::KeyIndex<callrail::api::Toy>::find("nme") ==
              callrail::KeyIndex<callrail::api::Toy>::npos);
