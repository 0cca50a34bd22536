#define VERSION 2
#include "toys.hpp"
