#pragma once

#include <callrail/redact.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The steps of `redact`, each text to text.
namespace callrail::hiding {

std::string hide_key(std::string_view text, std::string_view key);
std::string hide_credentials(std::string_view text, const Redaction&);
std::string mask_phones(std::string_view text);
std::string mask_emails(std::string_view text);

struct Span {
  std::size_t from = 0, to = 0;
};
/// Where pieces of the key stand, and credentials: the parts the steps above replace. In `json` no
/// value reaches beyond its string.
std::string replace(std::string_view text, std::span<const Span>, std::string_view by);
std::vector<Span> key_spans(std::string_view text, std::string_view key);
std::vector<Span> user_info_spans(std::string_view text);
std::vector<Span> credential_spans(std::string_view text, const Redaction&, bool json = false);

// Locale-free, and safe for bytes beyond ASCII.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_word(char c) { return is_digit(c) || is_letter(c) || c == '_'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace callrail::hiding
