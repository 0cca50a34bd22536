#include <callrail/fake/vocabulary.hpp>
#include <callrail/fake/writer.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

namespace vocab = vocabulary;

constexpr std::uint64_t nasty_every = 16, long_every = 1000;

template <class List>
const auto& any_of(const List& list, Dice& dice) {
  return list[dice.below(list.size())];
}

/// Places where people or scripts wrote something, hence anything may stand.
bool may_be_nasty(Look look) {
  return look == Look::person || look == Look::place || look == Look::prose || look == Look::phrase;
}

}  // namespace

void Writer::words(const FieldPlan& plan, Dice& dice) {
  if (world_.options().nasty && may_be_nasty(plan.look) && dice.one_in(nasty_every)) {
    out_ += plan.look == Look::prose && dice.below(long_every / nasty_every) == 0
                ? vocab::long_note()
                : any_of(vocab::nasty(), dice);
    return;
  }
  switch (plan.look) {
    case Look::choice: {
      // Words of an enumeration need no escape: the generator makes identifiers of them.
      out_ += any_of(plan.field->values, dice);
      return;
    }
    case Look::phone:
      out_ += "+1";
      phone(dice);
      return;
    case Look::display_phone: {
      const std::size_t begin = out_.size();
      phone(dice);
      out_.insert(begin + 6, 1, '-');
      out_.insert(begin + 3, 1, '-');
      return;
    }
    case Look::email: {
      static constexpr Text users[] = {"front.desk", "ada", "dana", "pat.sample", "kim", "oncall"};
      out_ += any_of(std::span{users}, dice);
      out_ += '.';
      append_number(out_, static_cast<std::int64_t>(dice.below(10'000)));
      out_ += "@example.com";
      return;
    }
    case Look::uri: uri(plan, dice); return;
    case Look::zone: out_ += any_of(vocab::zones(), dice); return;
    case Look::uuid: {
      constexpr int parts[] = {8, 4, 4, 4, 12};
      for (int i = 0; i < 5; ++i) {
        if (i != 0) out_ += '-';
        hex(dice, parts[i]);
      }
      return;
    }
    case Look::hex: hex(dice, 32); return;
    case Look::country: {
      static constexpr Text countries[] = {"US", "US", "US", "US", "CA", "MX", "GB"};
      out_ += any_of(std::span{countries}, dice);
      return;
    }
    case Look::money:
      if (dice.one_in(4) && plan.texts.size() > 1) return pattern(plan.texts.back(), dice);
      out_ += '$';
      if (dice.one_in(4)) out_ += "1,";
      append_number(out_, static_cast<std::int64_t>(dice.below(900) + 100));
      out_ += '.';
      append_number(out_, static_cast<std::int64_t>(dice.below(100)), 2);
      return;
    case Look::color: {
      static constexpr Text colors[] = {"gray", "blue",   "cyan",   "purple", "pink",
                                        "red",  "orange", "yellow", "green"};
      out_ += any_of(std::span{colors}, dice);
      out_ += dice.one_in(2) ? '1' : '2';
      return;
    }
    case Look::person: person(dice); return;
    case Look::place:
      if (!plan.texts.empty() && dice.one_in(2)) return pattern(any_of(plan.texts, dice), dice);
      out_ += any_of(vocab::places(), dice);
      return;
    case Look::prose: {
      const std::uint64_t sentences = 1 + dice.below(3);
      for (std::uint64_t i = 0; i < sentences; ++i) {
        if (i != 0) out_ += ' ';
        out_ += any_of(vocab::sentences(), dice);
      }
      return;
    }
    case Look::token:
      if (plan.texts.empty()) return hex(dice, 16);
      if (const Pattern& example = any_of(plan.texts, dice);
          plan.field->type == Type::id || plan.field->type == Type::list || example.empty() ||
          example.front().what != Piece::What::literal || dice.one_in(4))
        return pattern(example, dice);
      else
        out_ += example.front().text;
      out_ += '.';
      return hex(dice, 8);
    case Look::instant:
      append_instant(out_, row_.at, row_.zone->offset(row_.at), plan.spellings.front());
      return;
    case Look::phrase:
      if (!plan.texts.empty() && !dice.one_in(4)) {
        pattern(any_of(plan.texts, dice), dice);
      } else {
        out_ += any_of(vocab::words(), dice);
        out_ += dice.one_in(3) ? " — " : " ";
        out_ += any_of(vocab::words(), dice);
      }
      if (!plan.numbered) return;
      out_ += ' ';
      append_number(out_, static_cast<std::int64_t>(row_.number + 1));
      return;
  }
}

void Writer::pattern(const Pattern& pattern, Dice& dice) {
  for (const Piece& piece : pattern) {
    switch (piece.what) {
      case Piece::What::literal: out_ += piece.text; break;
      case Piece::What::random_key:
        out_ += piece.text;
        hex(dice, 32);
        break;
      case Piece::What::key: {
        const auto& of = world_.model().endpoints[static_cast<std::size_t>(piece.endpoint)];
        const auto target = &of == row_.plan ? std::optional{row_}
                                             : world_.referred(row_, of, join(row_.seed, of.salt));
        if (target) {
          of.keys.append(out_, {target->account, target->number}, target->at);
        } else {
          out_ += of.keys.prefix();
          hex(dice, 32);
        }
        break;
      }
      case Piece::What::legacy: {
        const auto& root = world_.model().endpoints[static_cast<std::size_t>(world_.model().root)];
        append_number(out_, world_.legacy_id(world_.row(root, row_.account, row_.account)));
        break;
      }
    }
  }
}

void Writer::phone(Dice& dice) {
  out_ += any_of(vocab::area_codes(), dice);
  out_ += "55501";
  append_number(out_, static_cast<std::int64_t>(dice.below(100)), 2);
}

void Writer::hex(Dice& dice, int digits) {
  std::uint64_t value = 0;
  for (int i = 0; i < digits; ++i) {
    if (i % 16 == 0) value = dice.next();
    out_ += "0123456789abcdef"[value & 15];
    value >>= 4;
  }
}

void Writer::person(Dice& dice) {
  const std::size_t begin = out_.size();
  out_ += any_of(vocab::first_names(), dice);
  out_ += ' ';
  out_ += any_of(vocab::last_names(), dice);
  if (!dice.one_in(3)) return;
  // As caller ID has it: capitals, filled up with blanks to 15 characters.
  bool ascii = true;
  for (std::size_t i = begin; i < out_.size(); ++i) {
    if (static_cast<unsigned char>(out_[i]) >= 0x80) ascii = false;
    if (out_[i] >= 'a' && out_[i] <= 'z') out_[i] = static_cast<char>(out_[i] - ('a' - 'A'));
  }
  if (ascii && out_.size() - begin < 15) out_.append(15 - (out_.size() - begin), ' ');
}

void Writer::uri(const FieldPlan& plan, Dice& dice) {
  if (!plan.texts.empty()) {
    const Pattern& example = any_of(plan.texts, dice);
    pattern(example, dice);
    const bool has_query = !example.empty() && example.front().text.find('?') != std::string::npos;
    if (has_query && dice.one_in(2)) {
      out_ += "\\u0026n=";
      append_number(out_, static_cast<std::int64_t>(dice.below(100'000)));
    }
    return;
  }
  out_ += "https://www.example.com/";
  out_ += any_of(vocab::words(), dice);
  out_ += "?n=";
  append_number(out_, static_cast<std::int64_t>(dice.below(100'000)));
}

}  // namespace callrail::fake
