#include "by_hand.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <json_member.hpp>
#include <stdexcept>
#include <stored_value.hpp>

namespace callrail::bench {

HandRows::HandRows(const Task& task)
    : endpoint_{*task.endpoint},
      table_{*task.endpoint->table},
      id_{task.endpoint->find("id")},
      sha256_{EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free},
      context_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {
  for (const StoredColumn& column : table_.columns) {
    if (column.member != StoredColumn::whole)
      throw std::runtime_error("calls have columns for members now: spell them by hand too");
    if (column.from == id_) key_ = columns_.size();
    columns_.push_back(sql_name(column.name));
  }
  for (const char* const name :
       {"_account_id", "_row_hash", "_first_seen_at", "_updated_at", "_run_id"})
    columns_.emplace_back(name);
  for (const ChildTable& facts : table_.children) {
    Child child{sql_name(facts.name), {"_account_id", "call_id", "_n"}, &facts};
    for (const StoredColumn& column : facts.columns) child.columns.push_back(sql_name(column.name));
    children_.push_back(std::move(child));
  }
}

namespace {

void spell_value(const Cell& cell, Stored as, std::deque<std::string>& texts, HandValue& value) {
  value = {};
  if (!cell.has_value()) return;
  value.kind = HandValue::Kind::text;
  value.text = cell.text();
  switch (as) {
    case Stored::text:
    case Stored::numeric: return;
    case Stored::boolean:
      value.kind = HandValue::Kind::integer;
      value.integer = cell.text() == "true" ? 1 : 0;
      return;
    case Stored::integer:
      value.kind = HandValue::Kind::integer;
      std::from_chars(cell.data, cell.data + cell.size, value.integer);
      return;
    case Stored::instant: {
      Timestamp time;
      if (read(cell, time))
        value.text = texts.emplace_back(spell_instant(time.utc));
      else
        value = {};
      return;
    }
    case Stored::json:
      if (cell.kind == Kind::json) return;
      std::string& json = texts.emplace_back();
      append_json(cell, json);
      value.text = json;
      return;
  }
}

}  // namespace

void HandRows::hash_of(const Rows& rows, std::size_t row, std::array<char, 16>& hash) {
  hashed_.clear();
  for (std::size_t field = 0; field < endpoint_.fields.size(); ++field) {
    const Cell& cell = rows.at(row, field);
    if (!cell.has_value()) continue;
    hashed_ += endpoint_.fields[field].name;
    hashed_ += static_cast<char>(cell.kind);
    for (int shift = 0; shift < 32; shift += 8) hashed_ += static_cast<char>(cell.size >> shift);
    hashed_ += cell.text();
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  EVP_DigestInit_ex2(context_.get(), sha256_.get(), nullptr);
  EVP_DigestUpdate(context_.get(), hashed_.data(), hashed_.size());
  EVP_DigestFinal_ex(context_.get(), digest, nullptr);
  std::copy_n(digest, hash.size(), hash.begin());
}

void HandRows::spell(const Rows& rows, std::size_t row, HandValue* values) {
  for (const StoredColumn& column : table_.columns)
    spell_value(rows.at(row, column.from), column.as, texts_, *values++);
  std::array<char, 16> hash;
  hash_of(rows, row, hash);
  const std::string& kept = texts_.emplace_back(hash.data(), hash.size());
  *values++ = {HandValue::Kind::text, 0, account};
  *values++ = {HandValue::Kind::blob, 0, kept};
  *values++ = {HandValue::Kind::text, 0, now};
  *values++ = {HandValue::Kind::text, 0, now};
  *values++ = {HandValue::Kind::integer, run, {}};
}

void HandRows::spell_children(const Rows& rows, std::size_t row, const Child& child,
                              std::vector<HandValue>& out) {
  const Field& list = endpoint_.fields[child.facts->field];
  std::int64_t n = 0;
  for_each_element(rows.at(row, child.facts->field), [&](Text element) {
    out.push_back({HandValue::Kind::text, 0, account});
    out.push_back({HandValue::Kind::text, 0, rows.at(row, id_).text()});
    out.push_back({HandValue::Kind::integer, ++n, {}});
    const Cell whole = cell_from_json(element, store_);
    for (const StoredColumn& column : child.facts->columns) {
      Cell cell;
      // An element that is no object is its own value, and a name.
      if (column.from == StoredColumn::whole || whole.kind != Kind::json) {
        if (whole.kind != Kind::json &&
            (column.from == StoredColumn::whole || column.name == "name"))
          cell = whole;
      } else {
        cell = member_of(whole, list.members[column.from].name, store_);
      }
      spell_value(cell, column.as, texts_, out.emplace_back());
    }
  });
}

void HandRows::forget() {
  texts_.clear();
  store_.clear();
}

std::unique_ptr<Side> by_hand(const Calls& calls, const Place& place) {
  return place.dialect() == Dialect::sqlite ? sqlite_by_hand(calls, place)
                                            : postgresql_by_hand(calls, place);
}

}  // namespace callrail::bench
