#include "formats.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>

namespace callrail {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool all(Text t, bool (*is)(char)) { return std::all_of(t.begin(), t.end(), is); }

/// Of any country: up to 15 digits; three-digit short codes and extensions are not E.164.
bool e164(Text t) {
  return t.size() >= 5 && t.size() <= 16 && t[0] == '+' && t[1] != '0' && all(t.substr(1), digit);
}

bool email(Text t) {
  const auto at = t.rfind('@');
  return at != Text::npos && at > 0 && at + 1 < t.size() && t.find(' ') == Text::npos;
}

/// Also the protocol-relative "//cdn…" of script addresses.
bool uri(Text t) {
  return (t.starts_with("//") || t.find("://") != Text::npos) && t.find(' ') == Text::npos;
}

bool zone(Text t) { return t == "UTC" || (t.find('/') != Text::npos && t.find(' ') == Text::npos); }

bool color(Text t) {
  return letter(t[0]) && digit(t.back()) && all(t.substr(0, t.size() - 1), letter);
}

bool uuid(Text t) {
  if (t.size() != 36) return false;
  for (std::size_t i = 0; i < t.size(); ++i)
    if (i == 8 || i == 13 || i == 18 || i == 23 ? t[i] != '-' : !hex(t[i])) return false;
  return true;
}

bool country(Text t) { return t.size() == 2 && all(t, letter); }

}  // namespace

bool fits(Format format, Text text) {
  if (text.empty()) return true;
  switch (format) {
    case Format::e164: return e164(text);
    case Format::email: return email(text);
    case Format::uri: return uri(text);
    case Format::zone: return zone(text);
    case Format::color: return color(text);
    case Format::uuid: return uuid(text);
    case Format::hex: return all(text, hex);
    case Format::date_time: return parse_timestamp(text).has_value();
    case Format::country: return country(text);
    case Format::any:
    case Format::display_phone:  // display text follows the user's locale
    case Format::money: return true;
  }
  return true;
}

}  // namespace callrail
