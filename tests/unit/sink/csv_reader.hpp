#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::test {

struct CsvField {
  std::string text;
  bool quoted = false;
};

/// Reads RFC 4180 and nothing else: every line ends in CRLF, quotes stand at both ends of a field
/// or nowhere, a bare CR or LF is a mistake. Nothing on the first mistake.
inline std::optional<std::vector<std::vector<CsvField>>> read_csv(std::string_view in) {
  std::vector<std::vector<CsvField>> rows;
  std::size_t i = 0;
  while (i < in.size()) {
    auto& row = rows.emplace_back();
    while (true) {
      CsvField& field = row.emplace_back();
      if (i < in.size() && in[i] == '"') {
        field.quoted = true;
        for (++i;; ++i) {
          if (i >= in.size()) return std::nullopt;
          if (in[i] == '"' && (++i >= in.size() || in[i] != '"')) break;
          field.text += in[i];
        }
      } else {
        while (i < in.size() && in[i] != ',' && in[i] != '\r') {
          if (in[i] == '"' || in[i] == '\n') return std::nullopt;
          field.text += in[i++];
        }
      }
      if (i < in.size() && in[i] == ',') {
        ++i;
        continue;
      }
      if (in.substr(i, 2) != "\r\n") return std::nullopt;
      i += 2;
      break;
    }
  }
  return rows;
}

}  // namespace callrail::test
