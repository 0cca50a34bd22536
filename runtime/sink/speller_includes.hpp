#pragma once

// What the spellers use. Included before a compiler is allowed more instructions, so that no inline
// function of these can come to hold them.
#include "speller.hpp"

#include <bit>
#include <bytes_includes.hpp>
#include <cstdint>
#include <cstring>
#include <predict.hpp>

namespace callrail {

inline char* put_escape(char c, char* out) {
  if (c != '"' && c != '\\' && c != '\n')
    return put_json_escape(static_cast<unsigned char>(c), out);
  out[0] = '\\';
  out[1] = c == '\n' ? 'n' : c;
  return out + 2;
}

}  // namespace callrail
