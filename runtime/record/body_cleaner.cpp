#include "body_cleaner.hpp"

#include "log/hiding.hpp"

#include <callrail/unescape.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace callrail {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr bool is_bare(char c) { return hiding::is_word(c) || c == '-' || c == '+' || c == '.'; }

bool is_number(std::string_view text) {
  const auto digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && hiding::is_digit(text[n])) ++n;
    text.remove_prefix(n);
    return n;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

bool is_bare_value(std::string_view text) {
  return text == "null" || text == "true" || text == "false" || is_number(text);
}

/// Whether every escape is one of JSON's. Halves of surrogates are: they are no text, but JSON.
bool has_good_escapes(std::string_view raw) {
  for (std::size_t i = raw.find('\\'); i < raw.size(); i = raw.find('\\', i)) {
    if (++i == raw.size()) return false;
    if (raw[i] != 'u') {
      if (std::string_view{"\"\\/bfnrt"}.find(raw[i]) == raw.npos) return false;
      ++i;
      continue;
    }
    const std::string_view hex = raw.substr(++i, 4);
    if (hex.size() < 4 || hex.find_first_not_of("0123456789abcdefABCDEF") != hex.npos) return false;
    i += 4;
  }
  return true;
}

/// The text of a string without its quotes; as it stands where it has no UTF-8 form.
std::string text_of(std::string_view raw) {
  if (raw.find('\\') == raw.npos) return std::string{raw};
  std::string out(raw.size(), '\0');
  const auto text = unescape(raw, out.data());
  return text ? std::string{*text} : std::string{raw};
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return hiding::lower(c); });
  return out;
}

}  // namespace

/// One walk over a body, token by token. It goes on where the JSON is wrong, because an answer that
/// was cut short has secrets too, and remembers that it was.
class BodyCleaner::Pass {
 public:
  Pass(std::string_view body, const BodyCleaner& cleaner) : body_{body}, cleaner_{cleaner} {
    out_.reserve(body.size());
  }

  void go() {
    while (at_ < body_.size()) {
      const char c = body_[at_];
      if (is_blank(c))
        copy(1);
      else if (c == '"')
        string();
      else if (c == '{' || c == '[')
        open(c);
      else if (c == '}' || c == ']')
        close(c);
      else if (c == ':' || c == ',')
        separate(c);
      else
        bare();
    }
    good_ = good_ && expect_ == Expect::end;
  }

  bool good() const { return good_; }
  std::string take() && { return std::move(out_); }

 private:
  enum class Expect { value, value_or_close, name_or_close, name, colon, comma_or_close, end };

  void copy(std::size_t size) {
    if (!hiding_) out_.append(body_.substr(at_, size));
    at_ += size;
  }
  bool value_may_come() const {
    return expect_ == Expect::value || expect_ == Expect::value_or_close;
  }
  void value_ended() {
    expect_ = open_.empty() ? Expect::end : Expect::comma_or_close;
    if (hiding_ && open_.size() <= hidden_below_) hiding_ = false;
  }
  /// A value begins; if its name is a secret's, the placeholder takes its place.
  void value_begins(bool is_null) {
    good_ = good_ && value_may_come();
    if (!std::exchange(secret_comes_, false) || hiding_ || is_null) return;
    out_.append(removed);
    hiding_ = true;
    hidden_below_ = open_.size();
  }

  void string() {
    std::size_t end = at_ + 1;
    while (end < body_.size() && body_[end] != '"') {
      if (static_cast<unsigned char>(body_[end]) < 0x20) good_ = false;
      end += body_[end] == '\\' ? 2 : 1;
    }
    const bool closed = end < body_.size();
    end = std::min(end, body_.size());
    const std::string_view raw = body_.substr(at_ + 1, end - at_ - 1);
    if (closed) ++end;
    good_ = good_ && closed && has_good_escapes(raw);

    std::size_t next = end;
    while (next < body_.size() && is_blank(body_[next])) ++next;
    const bool is_name = next < body_.size() && body_[next] == ':';
    if (is_name) {
      good_ = good_ && (expect_ == Expect::name || expect_ == Expect::name_or_close);
      expect_ = Expect::colon;
      secret_comes_ = is_secret(raw);
    } else {
      value_begins(false);
    }
    if (!hiding_) put_string(raw, closed);
    at_ = end;
    if (!is_name) value_ended();
  }

  bool is_secret(std::string_view raw) const {
    const auto& names = cleaner_.redaction_.secret_names;
    const std::string name = lowered(text_of(raw));
    return std::ranges::find(names, name) != names.end();
  }

  void put_string(std::string_view raw, bool closed) {
    out_ += '"';
    if (raw.find('\\') == raw.npos) {
      if (cleaner_.key_.in(raw))
        out_ += cleaner_.key_.hidden(raw);
      else
        out_.append(raw);
    } else if (const std::string text = text_of(raw); cleaner_.key_.in(text)) {
      // A piece could begin within an escape, so the string goes whole.
      out_.append(removed.substr(1, removed.size() - 2));
    } else {
      out_.append(raw);
    }
    if (closed) out_ += '"';
  }

  void open(char bracket) {
    value_begins(false);
    copy(1);
    open_.push_back(bracket);
    expect_ = bracket == '{' ? Expect::name_or_close : Expect::value_or_close;
  }

  void close(char bracket) {
    const bool matches = !open_.empty() && open_.back() == (bracket == '}' ? '{' : '[');
    const bool empty = expect_ == (bracket == '}' ? Expect::name_or_close : Expect::value_or_close);
    good_ = good_ && matches && (empty || expect_ == Expect::comma_or_close);
    secret_comes_ = false;
    copy(1);
    if (!open_.empty()) open_.pop_back();
    value_ended();
  }

  void separate(char c) {
    if (c == ':') {
      good_ = good_ && expect_ == Expect::colon;
      expect_ = Expect::value;
    } else {
      good_ = good_ && expect_ == Expect::comma_or_close && !open_.empty();
      secret_comes_ = false;
      expect_ = !open_.empty() && open_.back() == '{' ? Expect::name : Expect::value;
    }
    copy(1);
  }

  void bare() {
    std::size_t end = at_;
    while (end < body_.size() && is_bare(body_[end])) ++end;
    if (end == at_) ++end;  // what no JSON has outside strings
    const std::string_view word = body_.substr(at_, end - at_);
    value_begins(word == "null");
    good_ = good_ && is_bare_value(word);
    copy(word.size());
    value_ended();
  }

  std::string_view body_;
  const BodyCleaner& cleaner_;
  std::string out_;
  std::size_t at_ = 0;
  std::vector<char> open_;  ///< brackets
  Expect expect_ = Expect::value;
  bool good_ = true;  ///< JSON so far
  bool secret_comes_ = false;
  bool hiding_ = false;
  std::size_t hidden_below_ = 0;  ///< brackets open where the hidden value began
};

BodyCleaner::BodyCleaner(Redaction redaction)
    : redaction_{std::move(redaction)}, key_{redaction_.key} {
  redaction_.mask_people = false;  // they are the data
  for (std::string& name : redaction_.secret_names) name = lowered(name);
}

std::string BodyCleaner::clean(std::string_view body) const {
  Pass pass{body, *this};
  pass.go();
  if (pass.good()) return std::move(pass).take();
  return redact(std::move(pass).take(), redaction_);
}

}  // namespace callrail
