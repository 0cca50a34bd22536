#include "hiding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace callrail {
namespace {

using namespace hiding;

constexpr std::string_view hidden = "[hidden]";

// The last word of a name tells: "access_key", "x-auth-token", "clientSecret" is seen as "secret".
constexpr std::array<std::string_view, 12> telling{
    "token",      "secret", "password",  "passwd",     "authorization", "signature",
    "signingkey", "apikey", "accesskey", "passphrase", "credential",    "credentials"};
// These say it only behind another word, or as a parameter of an address ("?key=").
constexpr std::array<std::string_view, 4> telling_as_parameter{"key", "auth", "sig", "code"};

constexpr bool is_name(char c) { return is_word(c) || c == '-'; }

bool is_one_of(std::string_view word, std::span<const std::string_view> list) {
  return std::ranges::find(list, word) != list.end();
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return hiding::lower(c); });
  return out;
}

/// Length of a quote at `i`, backslashes before it included ("\"token\":…" inside a string).
std::size_t quote_at(std::string_view text, std::size_t i) {
  std::size_t n = 0;
  while (i + n < text.size() && text[i + n] == '\\') ++n;
  return i + n < text.size() && (text[i + n] == '"' || text[i + n] == '\'') ? n + 1 : 0;
}

std::size_t blanks_at(std::string_view text, std::size_t i) {
  std::size_t n = 0;
  while (i + n < text.size() && (text[i + n] == ' ' || text[i + n] == '\t')) ++n;
  return n;
}

/// Length of "=" or its encoded form.
std::size_t equals_at(std::string_view text, std::size_t i) {
  if (text.substr(i).starts_with('=')) return 1;
  return text.substr(i).starts_with("%3D") || text.substr(i).starts_with("%3d") ? 3 : 0;
}

/// End of a value without quotes.
std::size_t end_of_bare(std::string_view text, std::size_t i) {
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (std::string_view{" \t\r\n\"'&;,)>]}|\\"}.find(c) != std::string_view::npos) return i;
    if (text.substr(i).starts_with("%26") || text.substr(i).starts_with("%22")) return i;
  }
  return i;
}

/// End of a quoted value: the next quote of the same kind that is escaped as deeply, or the end.
std::size_t end_of_quoted(std::string_view text, std::size_t i, std::string_view quote) {
  for (; i < text.size(); ++i) {
    if (text[i] != '\\' && text[i] != quote.back()) continue;
    const std::size_t n = quote_at(text, i);
    if (n != 0 && text[i + n - 1] == quote.back() && n <= quote.size()) return i;
    if (n > 1) i += n - 1;
  }
  return i;
}

/// The end of the line, and in JSON of the string.
std::size_t end_of_header(std::string_view text, std::size_t i, bool json) {
  for (; i < text.size() && text[i] != '\r' && text[i] != '\n'; ++i)
    if (json && text[i] == '"' && text[i - 1] != '\\') break;
  return i;
}

/// Where the value of the secret named text[from, to) stands.
std::optional<Span> value_of(std::string_view text, std::size_t from, std::size_t to, bool json) {
  const bool quoted_name = from != 0 && quote_at(text, to) != 0;
  std::size_t i = to + (quoted_name ? quote_at(text, to) : 0);
  i += blanks_at(text, i);
  const bool header = lowered(text.substr(from, to - from)).ends_with("authorization");
  if (const std::size_t n = equals_at(text, i); n != 0) {
    i += n;
  } else if (i < text.size() && text[i] == ':' && (quoted_name || header)) {
    ++i;
  } else {
    return std::nullopt;  // the word in a sentence
  }
  i += blanks_at(text, i);
  if (const std::size_t n = quote_at(text, i); n != 0) {
    const std::string_view quote = text.substr(i, n);
    return Span{i + n, end_of_quoted(text, i + n, quote)};
  }
  // "Authorization: Bearer …": schemes differ, so the rest of the line.
  if (header && !quoted_name) return Span{i, end_of_header(text, i, json)};
  if (i < text.size() && (text[i] == '{' || text[i] == '[')) return std::nullopt;
  return Span{i, end_of_bare(text, i)};
}

}  // namespace

bool names_a_secret(std::string_view name, const Redaction& redaction) {
  const std::string plain = lowered(name);
  if (std::ranges::find(redaction.secret_names, plain) != redaction.secret_names.end()) return true;
  const std::size_t cut = plain.find_last_of("_-");
  const std::string_view last = std::string_view{plain}.substr(cut == plain.npos ? 0 : cut + 1);
  if (std::ranges::any_of(telling, [&](auto word) { return last.ends_with(word); })) return true;
  return cut != plain.npos && last == "key";
}

namespace hiding {

/// "//user:password@host"
std::vector<Span> user_info_spans(std::string_view text) {
  std::vector<Span> spans;
  for (std::size_t i = text.find("://"); i != text.npos; i = text.find("://", i + 3)) {
    const std::size_t end = std::min(text.find_first_of("/ \t\r\n\"'?#", i + 3), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == text.npos || at <= i + 3) continue;
    spans.push_back({i + 3, at});
  }
  return spans;
}

std::vector<Span> credential_spans(std::string_view text, const Redaction& redaction, bool json) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_name(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_name(text[end])) ++end;
    const std::string_view name = text.substr(i, end - i);
    const bool parameter = i != 0 && (text[i - 1] == '?' || text[i - 1] == '&');
    std::optional<Span> value;
    if (names_a_secret(name, redaction) ||
        (parameter && is_one_of(lowered(name), telling_as_parameter)))
      value = value_of(text, i, end, json);
    if (value && value->to > value->from) spans.push_back(*value);
    i = value && value->to > value->from ? value->to : end;
  }
  return spans;
}

std::string hide_credentials(std::string_view whole, const Redaction& redaction) {
  const std::string text = replace(whole, user_info_spans(whole), hidden);
  return replace(text, credential_spans(text, redaction), hidden);
}

}  // namespace hiding
}  // namespace callrail
