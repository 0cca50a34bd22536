#include "hiding.hpp"

#include <callrail/redact.hpp>

namespace callrail {
namespace hiding {
namespace {

constexpr std::string_view hidden = "[key]";
constexpr std::size_t shortest_end = 5;     // of the key's beginning or end
constexpr std::size_t shortest_middle = 8;  // shorter runs of hex digits occur by chance in ids

std::size_t common_prefix(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && a[n] == b[n]) ++n;
  return n;
}

/// Length of the longest piece of the key that `text` begins with; 0: none worth hiding.
std::size_t piece_of_key(std::string_view text, std::string_view key) {
  const std::size_t from_start = common_prefix(text, key);
  if (from_start == key.size() || from_start >= shortest_end) return from_start;
  if (key.size() >= shortest_end && text.starts_with(key.substr(key.size() - shortest_end)))
    return shortest_end;
  if (text.size() < shortest_middle) return 0;
  const std::size_t at = key.find(text.substr(0, shortest_middle));
  return at == std::string_view::npos ? 0 : common_prefix(text, key.substr(at));
}

}  // namespace

std::vector<Span> key_spans(std::string_view text, std::string_view key) {
  std::vector<Span> spans;
  if (key.empty()) return spans;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = piece_of_key(text.substr(i), key);
    if (n == 0) {
      ++i;
    } else {
      if (!spans.empty() && spans.back().to == i)
        spans.back().to += n;
      else
        spans.push_back({i, i + n});
      i += n;
    }
  }
  return spans;
}

std::string hide_key(std::string_view text, std::string_view key) {
  return replace(text, key_spans(text, key), hidden);
}

std::string replace(std::string_view text, std::span<const Span> spans, std::string_view by) {
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;
  for (const Span& span : spans) {
    out.append(text.substr(done, span.from - done)).append(by);
    done = span.to;
  }
  return out.append(text.substr(done));
}

}  // namespace hiding

std::string redact(std::string_view text, const Redaction& redaction) {
  std::string out = hiding::hide_key(text, redaction.key);
  out = hiding::hide_credentials(out, redaction);
  if (redaction.mask_people) {
    out = hiding::mask_phones(out);
    out = hiding::mask_emails(out);
  }
  return out;
}

}  // namespace callrail
