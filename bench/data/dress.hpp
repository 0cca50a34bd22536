#pragma once

#include <callrail/types.hpp>

#include <cstdint>
#include <string>

namespace callrail::bench {

/// A call as callrail-fake makes it has more odd text than an account, and less of what makes a
/// record long. This writes it with addresses that carry their campaign, steps of a lead that speak
/// of the visit, and the transcript of a conversation in every fifth row. `row`, `out`: an object.
void dress_call(Text row, std::uint64_t number, std::uint64_t seed, std::string& out);

}  // namespace callrail::bench
