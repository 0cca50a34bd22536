#include "hiding.hpp"

#include <callrail/bad_pages.hpp>
#include <callrail/unescape.hpp>

#include <optional>

namespace callrail {
namespace {

using namespace hiding;

void overwrite(std::string& page, std::span<const Span> spans) {
  for (const Span& span : spans)
    page.replace(span.from, span.to - span.from, span.to - span.from, '*');
}

/// Words and numbers of JSON stay what they are, so that the page can still be read.
void overwrite_bare(std::string& page, const Span& span) {
  const std::string_view value = std::string_view{page}.substr(span.from, span.to - span.from);
  const bool quoted = span.from != 0 && (page[span.from - 1] == '"' || page[span.from - 1] == '\'');
  if (!quoted && (value == "null" || value == "true" || value == "false")) return;
  if (quoted || value.find_first_not_of("0123456789+-.eE") != value.npos)
    return overwrite(page, {&span, 1});
  for (std::size_t i = span.from; i < span.to; ++i)
    if (is_digit(page[i])) page[i] = '1';
}

/// Goes from string to string of a text that may be no JSON at all.
class Members {
 public:
  Members(std::string& page, const Redaction& redaction) : page_{page}, redaction_{redaction} {}

  void mask() {
    while ((at_ = page_.find('"', at_)) != std::string::npos) {
      const Span name = string();
      skip_blanks();
      if (see() != ':' || !is_secret(name)) continue;
      ++at_;
      skip_blanks();
      value();
    }
  }

 private:
  char see() const { return at_ < page_.size() ? page_[at_] : '\0'; }
  void skip_blanks() {
    while (see() == ' ' || see() == '\n' || see() == '\t' || see() == '\r') ++at_;
  }

  /// What stands between the quotes; to the end of the text, if the second one is missing.
  Span string() {
    const std::size_t from = ++at_;
    for (; at_ < page_.size() && page_[at_] != '"'; ++at_)
      if (page_[at_] == '\\') ++at_;
    const Span inside{from, std::min(at_, page_.size())};
    at_ = std::min(at_ + 1, page_.size());
    return inside;
  }

  bool is_secret(Span name) const {
    const std::string_view sent = std::string_view{page_}.substr(name.from, name.to - name.from);
    if (sent.size() > 1000) return false;
    std::string room(sent.size(), '\0');
    const auto plain = unescape(sent, room.data());
    return names_a_secret(plain ? *plain : sent, redaction_);
  }

  /// Strings become asterisks and digits ones, so that JSON stays JSON; names of members stay.
  void value() {
    int depth = 0;
    do {
      const char c = see();
      if (c == '"') {
        const Span inside = string();
        skip_blanks();
        if (depth == 0 || see() != ':') overwrite(page_, std::span{&inside, 1});
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      if (c == ',' && depth == 0) return;
      if (is_digit(c)) page_[at_] = '1';
      ++at_;
    } while (at_ < page_.size() && (depth > 0 || is_bare(see())));
  }

  static bool is_bare(char c) { return is_word(c) || c == '-' || c == '+' || c == '.'; }

  std::string& page_;
  const Redaction& redaction_;
  std::size_t at_ = 0;
};

}  // namespace

std::string mask_page(std::string_view page, const Redaction& redaction) {
  std::string out{page};
  overwrite(out, key_spans(out, redaction.key));
  Members{out, redaction}.mask();
  overwrite(out, user_info_spans(out));
  for (const Span& span : credential_spans(out, redaction, true)) overwrite_bare(out, span);
  return out;
}

}  // namespace callrail
