#include <callrail/timestamp.hpp>

namespace callrail {

namespace {

/// Walks the text; a part that is not there makes `good` false and stays so.
struct Reader {
  Text rest;
  bool good = true;

  int digits(std::size_t n, int least, int most) {
    int value = 0;
    if (rest.size() < n) return good = false, 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return good = false, 0;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(n);
    good = good && least <= value && value <= most;
    return value;
  }

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(char c) { good = take(c) && good; }
};

int milliseconds(Reader& in) {
  int value = 0;
  int digits = 0;
  for (; !in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9'; ++digits) {
    if (digits < 3) value = value * 10 + (in.rest.front() - '0');
    in.rest.remove_prefix(1);
  }
  in.good = in.good && digits >= 1 && digits <= 9;
  for (; digits < 3; ++digits) value *= 10;
  return value;
}

std::chrono::minutes zone(Reader& in) {
  if (in.take('Z')) return {};
  in.take(' ');
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const int hours = in.digits(2, 0, 23);
  in.take(':');
  const int minutes = in.digits(2, 0, 59);
  return std::chrono::minutes{(hours * 60 + minutes) * (west ? -1 : 1)};
}

}  // namespace

std::optional<Timestamp> parse_timestamp(Text text) {
  using namespace std::chrono;
  Reader in{text};
  const int y = in.digits(4, 0, 9999);
  in.expect('-');
  const int m = in.digits(2, 1, 12);
  in.expect('-');
  const int d = in.digits(2, 1, 31);
  if (!in.take('T')) in.expect(' ');
  const int h = in.digits(2, 0, 23);
  in.expect(':');
  const int min = in.digits(2, 0, 59);
  in.expect(':');
  const int s = in.digits(2, 0, 60);  // 60: a leap second
  const int ms = in.take('.') ? milliseconds(in) : 0;
  const minutes offset = zone(in);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (!in.good || !in.rest.empty() || !date.ok()) return std::nullopt;
  return Timestamp{sys_days{date} + hours{h} + minutes{min} + seconds{s} +
                       std::chrono::milliseconds{ms} - offset,
                   offset, text};
}

}  // namespace callrail
