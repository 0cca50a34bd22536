#include <callrail/sketch/text_form.hpp>

#include <algorithm>

namespace callrail::sketch {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool small(char c) { return c >= 'a' && c <= 'z'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }
bool letter(char c) { return small(c) || capital(c); }
bool alphanumeric(char c) { return letter(c) || digit(c); }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool all(std::string_view t, bool (*is)(char)) { return std::ranges::all_of(t, is); }
std::size_t digits_of(std::string_view t) {
  return static_cast<std::size_t>(std::ranges::count_if(t, digit));
}

bool e164(std::string_view t) {
  return t.size() >= 8 && t.size() <= 16 && t[0] == '+' && t[1] != '0' && all(t.substr(1), digit);
}

bool email(std::string_view t) {
  const auto at = t.rfind('@');
  return at != t.npos && at > 0 && t.find('.', at) != t.npos && t.find(' ') == t.npos;
}

bool uri(std::string_view t) {
  return (t.starts_with("//") || t.find("://") != t.npos) && t.find(' ') == t.npos;
}

/// `America/New_York`; three parts at most.
bool zone(std::string_view t) {
  if (t == "UTC") return true;
  const auto slash = t.find('/');
  if (slash == t.npos || slash < 2 || slash + 2 > t.size() || !capital(t[0])) return false;
  const auto good = [](char c) { return alphanumeric(c) || c == '_' || c == '-' || c == '/'; };
  return std::ranges::all_of(t, good) && capital(t[slash + 1]) && std::ranges::count(t, '/') <= 2;
}

/// Names of a palette: green1.
bool color(std::string_view t) {
  return t.size() >= 4 && t.size() <= 12 && digit(t.back()) &&
         all(t.substr(0, t.size() - 1), small);
}

bool uuid(std::string_view t) {
  if (t.size() != 36) return false;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (i == 8 || i == 13 || i == 18 || i == 23 ? t[i] != '-' : !hex(t[i])) return false;
  return true;
}

bool long_hex(std::string_view t) { return t.size() >= 16 && all(t, hex); }

/// 404-555-0123, (404) 555-0123, +44 20 7946 0018: what E.164 is not.
bool display_phone(std::string_view t) {
  const auto good = [](char c) {
    return digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '+';
  };
  const auto digits = digits_of(t);
  return digits >= 7 && digits <= 15 && digits < t.size() && !e164(t) && t.size() <= 24 &&
         std::ranges::all_of(t, good) && t.find_first_of("- (") != t.npos && !fits(Format::date, t);
}

bool money(std::string_view t) {
  if (t.starts_with('-')) t.remove_prefix(1);
  for (const std::string_view sign : {"$", "€", "£"})
    if (t.starts_with(sign)) {
      t.remove_prefix(sign.size());
      return !t.empty() && digit(t[0]) &&
             std::ranges::all_of(t, [](char c) { return digit(c) || c == '.' || c == ','; });
    }
  return false;
}

/// Walks the text; a part that is not there makes `good` false and stays so.
struct Reader {
  std::string_view rest;
  bool good = true;

  int digits(std::size_t n, int least, int most) {
    int value = 0;
    if (rest.size() < n || !all(rest.substr(0, n), digit)) return good = false, 0;
    for (const char c : rest.substr(0, n)) value = value * 10 + (c - '0');
    rest.remove_prefix(n);
    good = good && least <= value && value <= most;
    return value;
  }
  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(char c) { good = take(c) && good; }

  std::chrono::year_month_day date() {
    const int y = digits(4, 0, 9999);
    expect('-');
    const int m = digits(2, 1, 12);
    expect('-');
    const int d = digits(2, 1, 31);
    const std::chrono::year_month_day date{std::chrono::year{y},
                                           std::chrono::month{static_cast<unsigned>(m)},
                                           std::chrono::day{static_cast<unsigned>(d)}};
    good = good && date.ok();
    return date;
  }

  int fraction() {
    int value = 0, count = 0;
    for (; !rest.empty() && digit(rest.front()); ++count, rest.remove_prefix(1))
      if (count < 3) value = value * 10 + (rest.front() - '0');
    good = good && count >= 1 && count <= 9;
    for (; count < 3; ++count) value *= 10;
    return value;
  }

  std::chrono::minutes offset() {
    if (take('Z')) return {};
    take(' ');
    const bool west = take('-');
    if (!west) expect('+');
    const int hours = digits(2, 0, 23);
    take(':');
    const int minutes = digits(2, 0, 59);
    return std::chrono::minutes{(hours * 60 + minutes) * (west ? -1 : 1)};
  }
};

bool date(std::string_view t) {
  Reader in{t};
  (void)in.date();
  return in.good && in.rest.empty();
}

}  // namespace

std::optional<Instant> instant(std::string_view text) {
  using namespace std::chrono;
  Reader in{text};
  const auto day = in.date();
  if (!in.take('T')) in.expect(' ');
  const int h = in.digits(2, 0, 23);
  in.expect(':');
  const int min = in.digits(2, 0, 59);
  in.expect(':');
  const int s = in.digits(2, 0, 60);  // 60: a leap second
  const int ms = in.take('.') ? in.fraction() : 0;
  const minutes offset = in.offset();
  if (!in.good || !in.rest.empty()) return std::nullopt;
  return sys_days{day} + hours{h} + minutes{min} + seconds{s} + milliseconds{ms} - offset;
}

bool fits(Format format, std::string_view text) {
  if (text.empty()) return false;
  switch (format) {
    case Format::e164: return e164(text);
    case Format::email: return email(text);
    case Format::uri: return uri(text);
    case Format::zone: return zone(text);
    case Format::color: return color(text);
    case Format::uuid: return uuid(text);
    case Format::hex: return long_hex(text);
    case Format::date_time: return instant(text).has_value();
    case Format::display_phone: return display_phone(text);
    case Format::country: return text.size() == 2 && all(text, capital);
    case Format::money: return money(text);
    case Format::date: return date(text);
  }
  return false;
}

std::string id_form(std::string_view text) {
  if (text.empty() || text.size() > 64) return "text";
  if (all(text, digit)) return "digits";
  if (uuid(text)) return "uuid";
  const auto prefix = static_cast<std::size_t>(
      std::ranges::find_if_not(text, [](char c) { return capital(c) || c == '_'; }) - text.begin());
  const auto tail = text.substr(prefix);
  if (prefix >= 2 && prefix <= 6 && tail.size() >= 8 && all(tail, hex))
    return std::string{text.substr(0, prefix)} + " + " + std::to_string(tail.size()) + " hex";
  if (long_hex(text)) return std::to_string(text.size()) + " hex";
  // A word is not an id: k8mc8 is one, answered is not.
  if (all(text, alphanumeric) && digits_of(text) > 0) return "letters and digits";
  return "text";
}

bool is_word(std::string_view text) {
  const auto good = [](char c) { return alphanumeric(c) || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= 40 && letter(text[0]) && std::ranges::all_of(text, good) &&
         !uuid(text) && !long_hex(text);
}

}  // namespace callrail::sketch
