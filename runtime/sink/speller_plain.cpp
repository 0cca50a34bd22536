#include "speller_includes.hpp"

namespace callrail {
namespace {

#include "bytes_plain.hpp"
#include "spell_cells.hpp"

}  // namespace

const Speller& plain_speller() {
  static constexpr Speller speller{"plain", &csv_cells, &json_object, &json_string,
                                   &copy_plain_xml};
  return speller;
}

}  // namespace callrail
