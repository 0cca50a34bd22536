#include "speller.hpp"

#include "nasty_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace callrail {
namespace {

using namespace test;

/// Memory between two pages that must not be touched.
class Guarded {
 public:
  explicit Guarded(std::size_t least) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    size_ = (least + page - 1) / page * page;
    all_ = size_ + 2 * page;
    void* const at = ::mmap(nullptr, all_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc{};
    whole_ = static_cast<char*>(at);
    begin_ = whole_ + page;
    if (::mprotect(begin_, size_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc{};
  }
  Guarded(const Guarded&) = delete;
  ~Guarded() { ::munmap(whole_, all_); }

  char* first() { return begin_; }
  char* last(std::size_t size) { return begin_ + size_ - size; }
  Text at_begin(Text text) { return put(first(), text); }
  Text at_end(Text text) { return put(last(text.size()), text); }

 private:
  static Text put(char* at, Text text) {
    return {std::copy(text.begin(), text.end(), at) - text.size(), text.size()};
  }

  char *whole_, *begin_;
  std::size_t size_, all_;
};

/// What the spellers have to write, character by character.
std::string in_quotes(Text text) {
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string csv_of(const Cell& cell) {
  if (!cell.has_value()) return {};
  const bool is_text = cell.kind == Kind::text;
  if (cell.kind == Kind::json ||
      (is_text && (cell.size == 0 || cell.text().find_first_of(",\"\r\n") != Text::npos)))
    return in_quotes(cell.text());
  return std::string{cell.text()};
}

std::string csv_of(std::span<const Cell> cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_of(cells[i]);
  return out;
}

std::string json_string_of(Text text) {
  std::string out = "\"";
  for (const char c : text) {
    constexpr Text special = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto code = static_cast<unsigned char>(c);
    if (const auto at = special.find(c); at != Text::npos)
      out += {'\\', letters[at]};
    else if (code < 0x20)
      out += {'\\', 'u', '0', '0', "01"[code >> 4], "0123456789abcdef"[code & 15]};
    else
      out += c;
  }
  return out + '"';
}

std::string json_of(std::span<const Cell> cells, const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    if (cell.is_absent()) continue;
    out += (out.empty() ? "" : ",") + json_string_of(names[i]) + ':';
    if (cell.kind == Kind::text)
      out += json_string_of(cell.text());
    else
      out += cell.is_null() ? "null" : cell.text();
  }
  return "{" + out + "}";
}

class Spellers : public testing::TestWithParam<const Speller*> {
 protected:
  /// Writes at the end of memory, into no more room than was asked for.
  template <class Spell>
  std::string written(std::size_t room, Spell spell) {
    char* const begin = out_.last(room);
    char* const end = spell(begin);
    EXPECT_LE(static_cast<std::size_t>(end - begin), room - speller_slack);
    return std::string(begin, end);
  }
  std::string csv(std::span<const Cell> cells) {
    return written(csv_room(cells), [&](char* at) { return speller_.csv(cells, at); });
  }
  std::string json(std::span<const Cell> cells, const JsonKeys& keys) {
    return written(json_room(cells, keys),
                   [&](char* at) { return speller_.json(cells, keys, at); });
  }
  std::string json_string(Text text) {
    return written(json_string_room(text.size()),
                   [&](char* at) { return speller_.json_string(text, at); });
  }

  void expect_all_forms_of(Text text) {
    ASSERT_EQ(json_string(text), json_string_of(text));
    for (const Kind kind : {Kind::null, Kind::text, Kind::number, Kind::json}) {
      const Cell cell = kind == Kind::null ? Cell::null() : Cell::of(text, kind);
      ASSERT_EQ(csv({&cell, 1}), csv_of(cell));
      ASSERT_EQ(json({&cell, 1}, key_), json_of({&cell, 1}, {"name"}));
    }
    char* const at = out_.last(text.size() + speller_slack);
    const bool is_plain = speller_.copy_plain_xml(text, at);
    const bool has_marks = std::ranges::any_of(
        text, [](char c) { return (c >= 0 && c < 0x20) || Text{"&<>\xef"}.find(c) != Text::npos; });
    ASSERT_NE(is_plain, has_marks);
    if (is_plain) {
      ASSERT_EQ((Text{at, text.size()}), text);
    }
  }

  const Speller& speller_ = *GetParam();
  Guarded in_{1}, out_{1 << 20};
  JsonKeys key_ = [] {
    JsonKeys keys;
    keys.add("name");
    return keys;
  }();
};

TEST_P(Spellers, FindEachByteThatCannotStandAsItIsWhereverItStands) {
  for (std::size_t size = 0; size < 150; ++size)
    for (const char mark : Text{"a,\"\r\n\\\t\x01\x1f\x20\x7f&<>\xef\x80\xff"}) {
      for (std::size_t at = 0; at < size; at += size < 40 ? 1 : 7) {
        std::string text(size, 'x');
        text[at] = mark;
        SCOPED_TRACE(testing::Message() << size << " bytes, " << int{mark} << " at " << at);
        ASSERT_NO_FATAL_FAILURE(expect_all_forms_of(in_.at_end(text)));
      }
    }
}

TEST_P(Spellers, FindEachByteValue) {
  for (int byte = 0; byte < 256; ++byte)
    for (const std::size_t size : {1U, 3U, 5U, 8U, 21U, 32U, 70U}) {
      SCOPED_TRACE(testing::Message() << size << " bytes " << byte);
      ASSERT_NO_FATAL_FAILURE(
          expect_all_forms_of(in_.at_end(std::string(size, static_cast<char>(byte)))));
    }
}

TEST_P(Spellers, ReadNothingBeforeOrBehindACell) {
  NastyText nasty{7};
  for (int i = 0; i < 3000; ++i) {
    const std::string text = nasty.text();
    if (text.size() > 4096) continue;
    SCOPED_TRACE(testing::Message() << "text " << i);
    ASSERT_NO_FATAL_FAILURE(expect_all_forms_of(in_.at_begin(text)));
    ASSERT_NO_FATAL_FAILURE(expect_all_forms_of(in_.at_end(text)));
  }
  for (const std::string& text : {std::string(4096, 'x'), std::string(4096, '"')})
    ASSERT_NO_FATAL_FAILURE(expect_all_forms_of(in_.at_end(text)));
}

TEST_P(Spellers, SpellWholeRows) {
  NastyText nasty{8};
  for (int i = 0; i < 500; ++i) {
    OwnedRows rows{1};
    JsonKeys keys;
    std::vector<std::string> names;
    for (auto columns = nasty.number() % 40; columns > 0; --columns) {
      rows.add(nasty_cell(nasty, rows, json_string_of));
      keys.add(names.emplace_back(nasty.text().substr(0, 100)));
    }
    const std::span<const Cell> cells{static_cast<Rows>(rows).cells, rows.size()};
    ASSERT_EQ(csv(cells), csv_of(cells));
    ASSERT_EQ(json(cells, keys), json_of(cells, names));
  }
}

std::vector<const Speller*> here() {
  std::vector<const Speller*> all{&plain_speller(), avx2_speller(), avx512_speller()};
  std::erase(all, nullptr);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Machine, Spellers, testing::ValuesIn(here()), [](const auto& speller) {
  std::string name = speller.param->name;
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace callrail
