#include <callrail/fake/spelling.hpp>

#include <charconv>

namespace callrail::fake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void two(std::string& out, int value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

}  // namespace

void append_number(std::string& out, std::int64_t value, int least_digits) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (auto n = end - digits; n < least_digits; ++n) out += '0';
  out.append(digits, end);
}

std::optional<Spelling> learn_spelling(Text example) {
  // "2026-02-10T09:22:21" is the part all spellings share, but for the separator.
  static constexpr Text shape = "0000-00-00?00:00:00";
  if (example.size() < shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(example[i]) : shape[i] != '?' && shape[i] != example[i])
      return std::nullopt;
  }
  Spelling spelling;
  spelling.separator = example[10];
  example.remove_prefix(shape.size());
  spelling.digits = 0;
  if (example.starts_with('.')) {
    example.remove_prefix(1);
    while (!example.empty() && is_digit(example.front())) {
      ++spelling.digits;
      example.remove_prefix(1);
    }
  }
  if (example.empty() || example == "Z")
    spelling.offset = Spelling::Offset::z;
  else if (example.front() == ' ')
    spelling.offset = Spelling::Offset::spaced_plain;
  else if (example.find(':') != Text::npos)
    spelling.offset = Spelling::Offset::colon;
  else
    spelling.offset = Spelling::Offset::plain;
  return spelling;
}

void append_instant(std::string& out, Instant instant, std::chrono::seconds offset,
                    Spelling spelling) {
  using namespace std::chrono;
  if (spelling.offset == Spelling::Offset::z) offset = seconds{0};
  const auto local = instant + offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  append_number(out, static_cast<int>(date.year()), 4);
  out += '-';
  two(out, static_cast<int>(static_cast<unsigned>(date.month())));
  out += '-';
  two(out, static_cast<int>(static_cast<unsigned>(date.day())));
  out += spelling.separator;
  two(out, static_cast<int>(time.hours().count()));
  out += ':';
  two(out, static_cast<int>(time.minutes().count()));
  out += ':';
  two(out, static_cast<int>(time.seconds().count()));
  if (spelling.digits > 0) {
    out += '.';
    const auto ms = static_cast<int>(time.subseconds().count());
    for (int i = 0, unit = 100; i < spelling.digits; ++i, unit /= 10)
      out += static_cast<char>('0' + (unit == 0 ? 0 : ms / unit % 10));
  }
  if (spelling.offset == Spelling::Offset::z) {
    out += 'Z';
    return;
  }
  if (spelling.offset == Spelling::Offset::spaced_plain) out += ' ';
  out += offset < seconds{0} ? '-' : '+';
  const auto minutes_off = static_cast<int>(abs(offset).count() / 60);
  two(out, minutes_off / 60);
  if (spelling.offset == Spelling::Offset::colon) out += ':';
  two(out, minutes_off % 60);
}

}  // namespace callrail::fake
