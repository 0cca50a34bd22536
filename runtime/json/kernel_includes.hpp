#pragma once

// What walk.hpp and the vectors use. Included before a compiler is allowed more instructions, so
// that no inline function of these can come to hold them.
#include "bytes_includes.hpp"
#include "escapes.hpp"
#include "formats.hpp"
#include "predict.hpp"
#include "utf8_mistakes.hpp"
#include "value_check.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
