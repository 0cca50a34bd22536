#pragma once

#include "pages.hpp"

#include <string>

namespace callrail::bench {

/// What a set of pages consists of, so that a figure measured on it means something elsewhere.
struct Figures {
  std::size_t pages = 0, rows = 0, bytes = 0;
  double members = 0, nested_members = 0;  ///< a row
  double bytes_a_row = 0;
  double escapes = 0;           ///< a row; \ud83e\uddb7 counts twice
  double ampersands = 0;        ///< of those, \u0026
  double nonascii_bytes = 0;    ///< of all bytes, 0 to 1
  double nonascii_in_text = 0;  ///< of the bytes inside strings that are no keys
  double nonascii_rows = 0;     ///< rows that hold any, 0 to 1
  double nested_bytes = 0;      ///< of all bytes, inside objects and lists of a row
  std::size_t longest_row = 0;
};

Figures figures_of(const Pages&);
std::string to_text(const Figures&);

}  // namespace callrail::bench
