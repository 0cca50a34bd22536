#pragma once

namespace callrail::test {

/// The process dies here. Not an std::exception, so that nothing takes it for a failure.
struct Crash {};

}  // namespace callrail::test
