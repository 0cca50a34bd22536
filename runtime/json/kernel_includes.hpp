#pragma once

// What walk.hpp and the vectors use. Included before a compiler is allowed more instructions, so
// that no inline function of these can come to hold them.
#include "formats.hpp"
#include "predict.hpp"
#include "value_check.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
