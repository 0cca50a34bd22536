#pragma once

#include "contender.hpp"
#include "look.hpp"

#include <callrail/text_format.hpp>

/// The contenders by what they do, each in the file of who does it.
namespace callrail::bench {

// memory.cpp
std::unique_ptr<Contender> copy(const Task&);
std::unique_ptr<Contender> sweep(const Task&);

// ours.cpp: pages to rows of cells, and those to text
std::unique_ptr<Contender> general_cells(const Task&);
std::unique_ptr<Contender> general_values(const Task&);
std::unique_ptr<Contender> general_text(const Task&, FileFormat);

// nlohmann.cpp
std::unique_ptr<Contender> nlohmann_touch(const Task&);

// simdjson.cpp, compiled as everything else here: with -mavx2 -mbmi -mpclmul -mlzcnt, which has its
// headers read strings 32 bytes at a time, nothing got more than 4 % faster.
std::unique_ptr<Contender> simdjson_contender(const Task&, Text what);

}  // namespace callrail::bench
