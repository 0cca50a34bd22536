#include <callrail/timestamp.hpp>
#include <callrail/types.hpp>

#include <charconv>

namespace callrail {

namespace {

template <class N>
bool read_number(const Cell& cell, N& out) {
  if (cell.kind != Kind::number && cell.kind != Kind::text) return false;
  const char* const end = cell.data + cell.size;
  const auto [at, error] = std::from_chars(cell.data, end, out);
  return error == std::errc{} && at == end && cell.size != 0;
}

}  // namespace

bool read(const Cell& cell, Text& out) {
  if (cell.kind != Kind::text) return false;
  out = cell.text();
  return true;
}

bool read(const Cell& cell, Id& out) {
  if (cell.kind != Kind::text && cell.kind != Kind::number) return false;
  out.text = cell.text();
  return true;
}

bool read(const Cell& cell, Json& out) {
  if (cell.kind != Kind::json) return false;
  out.text = cell.text();
  return true;
}

bool read(const Cell& cell, Any& out) {
  if (!cell.has_value()) return false;
  out = {cell.text(), cell.kind};
  return true;
}

bool read(const Cell& cell, bool& out) {
  if (cell.kind != Kind::boolean) return false;
  out = cell.text() == "true";
  return true;
}

bool read(const Cell& cell, std::int64_t& out) { return read_number(cell, out); }
bool read(const Cell& cell, double& out) { return read_number(cell, out); }

bool read(const Cell& cell, Timestamp& out) {
  if (cell.kind != Kind::text) return false;
  const auto parsed = parse_timestamp(cell.text());
  if (parsed) out = *parsed;
  return parsed.has_value();
}

}  // namespace callrail
