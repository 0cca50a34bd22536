#include "extra_members.hpp"

#include "value_check.hpp"

#include <callrail/unescape.hpp>

#include <cstring>

namespace callrail {

namespace {

/// Copies a valid value without blanks and without what sounds like a credential.
class Copy {
 public:
  Copy(Text json, std::string& out, Drift& drift) : at_{json.data()}, out_{out}, drift_{drift} {}

  void value(const Place& place) {
    skip_blanks();
    if (*at_ == '{') return list('}', [&] { member(place); });
    if (*at_ == '[') return list(']', [&] { value({&place, {}}); });
    if (*at_ == '"') return (void)string();
    while (std::strchr("+-.0123456789Eaeflnrstu", *at_) != nullptr && *at_ != '\0') take();
  }

 private:
  void take() { out_ += *at_++; }
  void skip_blanks() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r') ++at_;
  }

  template <class Element>
  void list(char end, Element element) {
    take();
    bool first = true;
    for (skip_blanks(); *at_ != end; skip_blanks()) {
      if (*at_ == ',') ++at_;
      const std::size_t before = out_.size();
      if (!first) out_ += ',';
      const std::size_t begin = out_.size();
      element();
      if (out_.size() == begin)
        out_.resize(before);  // left out
      else
        first = false;
    }
    take();
  }

  void member(const Place& outer) {
    skip_blanks();
    const std::size_t begin = out_.size();
    const Text sent = string();
    std::string room(sent.size(), '\0');
    const Text key = unescape(sent, room.data()).value_or(sent);
    const Place place{&outer, key};
    skip_blanks();
    take();  // the colon
    if (!sounds_secret(key)) return value(place);
    Drift::note(drift_.withheld, place.text(), {});
    // Whatever is in there needs no word of its own.
    Drift none;
    Copy rest{{at_, 0}, out_, none};
    rest.value(place);
    at_ = rest.at_;
    out_.resize(begin);
  }

  Text string() {
    const char* const from = at_;
    do {
      if (*at_ == '\\') ++at_;
      ++at_;
    } while (*at_ != '"');
    ++at_;
    out_.append(from, at_);
    return {from + 1, static_cast<std::size_t>(at_ - from - 2)};
  }

  const char* at_;
  std::string& out_;
  Drift& drift_;
};

}  // namespace

void ExtraMembers::add(Text spelled, Text key, Text json, Drift& drift) {
  if (sounds_secret(key)) return Drift::note(drift.withheld, key, {});
  text_ += text_.empty() ? '{' : ',';
  text_.append(1, '"').append(spelled).append("\":");
  Copy{json, text_, drift}.value({nullptr, key});
}

Cell ExtraMembers::take(Arena& arena) {
  if (text_.empty()) return {};
  text_ += '}';
  char* const room = arena.room(text_.size());
  std::memcpy(room, text_.data(), text_.size());
  const Cell cell = Cell::of(arena.keep({room, text_.size()}), Kind::json);
  text_.clear();
  return cell;
}

}  // namespace callrail
