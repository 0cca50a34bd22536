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

/// simdjson.cpp is compiled twice: once as its headers are used everywhere else in this project,
/// which reads strings byte by byte on x86, and once with the instructions of Haswell.
namespace portable {
std::unique_ptr<Contender> simdjson(const Task&, Text what);
}
#ifdef CALLRAIL_BENCH_AVX2
namespace avx2 {
[[gnu::visibility("default")]] std::unique_ptr<Contender> simdjson(const Task&, Text what);
}
#endif

}  // namespace callrail::bench
