#pragma once

#include "contender.hpp"
#include "look.hpp"

#include <callrail/text_format.hpp>

/// The contenders by what they do, each in the file of who does it.
namespace callrail::bench {

// memory.cpp
std::unique_ptr<Contender> copy(const Task&);
std::unique_ptr<Contender> sweep(const Task&);

// ours.cpp
std::unique_ptr<Contender> cells_of(const Task&, Reader);
std::unique_ptr<Contender> values_of(const Task&, Reader);
std::unique_ptr<Contender> text_of_cells(const Task&, Reader, FileFormat);
std::unique_ptr<Contender> fused_text(const Task&, FileFormat);

// nlohmann.cpp
std::unique_ptr<Contender> nlohmann_touch(const Task&);

// simdjson.cpp, compiled as everything else here: with -mavx2 -mbmi -mpclmul -mlzcnt, which has its
// headers read strings 32 bytes at a time, nothing got more than 4 % faster.
std::unique_ptr<Contender> simdjson_contender(const Task&, Text what);

}  // namespace callrail::bench
