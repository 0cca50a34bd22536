#pragma once

#include <callrail/types.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace callrail {

/// How answers differed from the schema. Not an error by itself: the API adds fields and enum
/// values whenever it likes, and every value is kept. Of each sort a hundred findings are told
/// apart.
struct Drift {
  struct Finding {
    std::size_t count = 0;
    std::string example;  ///< JSON of the first one, cut after 80 bytes
  };
  /// Keys are paths: "tags[].color", "milestones.first_touch.event_date".
  using Findings = std::map<std::string, Finding, std::less<>>;

  std::uint64_t rows = 0;   ///< that were compared, some of them twice: pages overlap
  Findings unknown_fields;  ///< sent, and not in the schema
  Findings missing_fields;  ///< not sent although the schema or the request says so
  Findings unknown_values;  ///< "status=archived": an enum word the schema does not list
  Findings
      changed_types;  ///< a JSON type the schema does not allow, null included; unreadable instants
  Findings
      broken_formats;  ///< text that is not of its `Format`: a matter of the data, not of the API
  Findings repeated_fields;  ///< twice in one object: the last one counts
  Findings withheld;  ///< unknown members that sound like credentials: not kept with the others

  /// Whether the API is as the schema says. Broken formats do not count: people mistype addresses.
  bool empty() const {
    return unknown_fields.empty() && missing_fields.empty() && unknown_values.empty() &&
           changed_types.empty() && repeated_fields.empty();
  }
  void add(const Drift& other);
  /// `example` is empty for secrets: findings are printed and logged.
  static void note(Findings& in, std::string_view path, Text example);
};

}  // namespace callrail
