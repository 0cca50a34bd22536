#include "dress.hpp"

#include "raw_json.hpp"

#include <callrail/fake/random.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <array>

namespace callrail::bench {

namespace {

using fake::Dice;
namespace vocabulary = fake::vocabulary;

template <class List>
Text any_of(const List& list, Dice& dice) {
  return list[dice.below(list.size())];
}

constexpr std::array<Text, 4> devices{"desktop", "mobile", "mobile", "tablet"};
constexpr std::array<Text, 4> browsers{"Chrome", "Mobile Safari", "Chrome Mobile", "Firefox"};
constexpr std::array<Text, 4> sources{"Google Ads", "Google Organic", "Bing Paid", "Direct"};
constexpr std::array<Text, 3> media{"CPC", "organic", "direct"};
constexpr std::array<Text, 3> campaigns{"spring_implants", "Brand — Atlanta", "emergency roof"};
constexpr std::array<Text, 4> searches{"dentist near me", "roof repair atlanta", "plumber open now",
                                       "garden pool prices"};

/// What the visit behind a call looked like: the same wherever a row speaks of it.
struct Visit {
  std::string click;
  Text campaign, search;
  std::string landing;

  explicit Visit(Dice& dice) {
    click = "EXAMPLE" + hex(dice) + hex(dice);
    campaign = campaigns[dice.below(2) * 2];
    search = any_of(searches, dice);
    landing = "https://www.example.com/";
    landing.append(any_of(vocabulary::words(), dice)).append(1, '/');
    landing.append(any_of(vocabulary::words(), dice)).append("?gclid=").append(click);
    landing += "\\u0026utm_source=google\\u0026utm_medium=cpc\\u0026utm_campaign=";
    add_encoded(campaign);
    landing += "\\u0026utm_term=";
    add_encoded(search);
  }

 private:
  static std::string hex(Dice& dice) {
    std::string out;
    std::uint64_t value = dice.next();
    for (int i = 0; i < 16; ++i, value >>= 4) out += "0123456789abcdef"[value & 15U];
    return out;
  }
  void add_encoded(Text words) {
    for (const char c : words) landing += c == ' ' ? '+' : c;
  }
};

void quote(Text text, std::string& out) { out.append(1, '"').append(text).append(1, '"'); }

void conversation(Dice& dice, std::string& out) {
  const std::uint64_t turns = 8 + dice.below(32);
  out += '"';
  for (std::uint64_t i = 0; i < turns; ++i) {
    out += i % 2 == 0 ? "Agent: " : "Caller: ";
    out.append(any_of(vocabulary::sentences(), dice)).append("\\n");
  }
  out += '"';
}

/// Addresses and names of the visit in the place of made-up words; everything else as it is.
void touch(Text step, const Visit& visit, Dice& dice, std::string& out) {
  char before = '{';
  each_member(step, [&](Text key, Text value) {
    out.append(1, before).append(key).append(1, ':');
    before = ',';
    const Text name = unquoted(key);
    const bool text = value.front() == '"';
    if (name == "landing" && text)
      quote(visit.landing, out);
    else if (name == "referrer" && text)
      quote("https://www.google.com/", out);
    else if (name == "source" && text)
      quote(any_of(sources, dice), out);
    else if (name == "medium" && text)
      quote(any_of(media, dice), out);
    else if (name == "campaign" && text)
      quote(visit.campaign, out);
    else if (name == "keywords" && text)
      quote(visit.search, out);
    else if (name == "device" && text)
      quote(any_of(devices, dice), out);
    else if (name == "session_browser" && text)
      quote(any_of(browsers, dice), out);
    else if (name == "ad_position" && text)
      quote("none", out);
    else if (name == "match_type" && text)
      quote("exact", out);
    else if (name == "landing_page_url_params" && value.front() == '{')
      out.append(R"({"gclid":")").append(visit.click).append(R"(","utm_source":"google"})");
    else if (name == "url_utm_params" && value.front() == '{')
      out.append(R"({"utm_source":"google","utm_medium":"cpc","utm_campaign":")")
          .append(visit.campaign)
          .append(R"("})");
    else
      out.append(value);
  });
  out += before == '{' ? "{}" : "}";
}

void milestones(Text steps, const Visit& visit, Dice& dice, std::string& out) {
  char before = '{';
  each_member(steps, [&](Text key, Text value) {
    out.append(1, before).append(key).append(1, ':');
    before = ',';
    if (value.front() == '{')
      touch(value, visit, dice, out);
    else
      out.append(value);
  });
  out += before == '{' ? "{}" : "}";
}

}  // namespace

void dress_call(Text row, std::uint64_t number, std::uint64_t seed, std::string& out) {
  Dice dice{fake::join(seed, number)};
  const Visit visit{dice};
  char before = '{';
  each_member(row, [&](Text key, Text value) {
    out.append(1, before).append(key).append(1, ':');
    before = ',';
    const Text name = unquoted(key);
    if (name == "transcription")
      number % 5 == 0 ? conversation(dice, out) : void(out += "null");
    else if (name == "landing_page_url" && value.front() == '"')
      quote(visit.landing, out);
    else if (name == "milestones" && value.front() == '{')
      milestones(value, visit, dice, out);
    else
      out.append(value);
  });
  out += '}';
}

}  // namespace callrail::bench
