#include "by_hand.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>

namespace callrail::bench {

namespace {

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

void bind(sqlite3_stmt* statement, int place, const HandValue& value) {
  const auto* const data = value.text.data();
  const auto size = value.text.size();
  switch (value.kind) {
    case HandValue::Kind::null: sqlite3_bind_null(statement, place); return;
    case HandValue::Kind::integer: sqlite3_bind_int64(statement, place, value.integer); return;
    case HandValue::Kind::text:
      sqlite3_bind_text64(statement, place, data, size, SQLITE_STATIC, SQLITE_UTF8);
      return;
    case HandValue::Kind::blob:
      sqlite3_bind_blob64(statement, place, data, size, SQLITE_STATIC);
      return;
  }
}

class SqliteByHand final : public Side {
 public:
  SqliteByHand(const Calls& calls, const Place& place) : rows_{calls.task()}, place_{place} {}

  Status begin() override {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(place_.name().c_str(), &opened,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(opened);
    if (result != SQLITE_OK) return failed();
    // As the warehouse has them.
    if (auto set =
            run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;");
        !set)
      return set;
    return prepare();
  }

  Status load(const Calls::Part& part) override {
    if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
    std::vector<HandValue> values(rows_.columns().size());
    for (std::size_t row = 0; row < part.rows.count; ++row) {
      rows_.spell(part.rows, row, values.data());
      if (auto put = merge(part.rows, row, values); !put) return put;
      rows_.forget();
    }
    return run("COMMIT");
  }

  Status end() override {
    look_up_.reset(), insert_.reset(), update_.reset();
    children_.clear();
    db_.reset();
    return {};
  }

  Result<Read> ask(std::string_view question) override {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(db_.get(), question.data(), static_cast<int>(question.size()), &prepared,
                           nullptr) != SQLITE_OK)
      return failed();
    const Statement statement{prepared};
    const int columns = sqlite3_column_count(prepared);
    Read read;
    int result = SQLITE_OK;
    while ((result = sqlite3_step(prepared)) == SQLITE_ROW) {
      ++read.rows;
      for (int n = 0; n < columns; ++n)
        if (sqlite3_column_text(prepared, n) != nullptr)
          read.bytes += static_cast<std::size_t>(sqlite3_column_bytes(prepared, n));
    }
    if (result != SQLITE_DONE) return failed();
    return read;
  }

  std::int64_t server() const override { return 0; }

 private:
  struct Child {
    Statement remove, insert;
  };

  std::unexpected<Error> failed() {
    return fail(Code::sink_failed, std::string{"by hand: "} + sqlite3_errmsg(db_.get()));
  }
  Status run(const char* text) {
    if (sqlite3_exec(db_.get(), text, nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
    return {};
  }
  Status prepare(const std::string& text, Statement& statement) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(db_.get(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
      return failed();
    statement.reset(prepared);
    return {};
  }

  Status prepare() {
    const auto& columns = rows_.columns();
    std::string names, places, set;
    for (std::size_t n = 0; n < columns.size(); ++n) {
      names += (n ? ", " : "") + columns[n];
      places += (n ? ", ?" : "?") + std::to_string(n + 1);
      if (columns[n] != "_first_seen_at")
        set += fmt::format("{}{} = ?{}", set.empty() ? "" : ", ", columns[n], n + 1);
    }
    const std::size_t id = rows_.key() + 1, account_place = rows_.hash();
    auto status = prepare(
        "SELECT _row_hash, _removed_at FROM calls WHERE _account_id = ?1 AND id = ?2", look_up_);
    if (status)
      status = prepare(fmt::format("INSERT INTO calls ({}) VALUES ({})", names, places), insert_);
    if (status)
      status =
          prepare(fmt::format("UPDATE calls SET {}, _removed_at = NULL, _removed_reason = NULL "
                              "WHERE _account_id = ?{} AND id = ?{}",
                              set, account_place, id),
                  update_);
    for (const HandRows::Child& child : rows_.children()) {
      Child& made = children_.emplace_back();
      std::string all;
      for (std::size_t n = 0; n < child.columns.size(); ++n) all += n ? ", ?" : "?";
      if (status)
        status = prepare(
            fmt::format("DELETE FROM {} WHERE _account_id = ? AND call_id = ?", child.table),
            made.remove);
      if (status)
        status = prepare(fmt::format("INSERT INTO {} ({}) VALUES ({})", child.table,
                                     fmt::join(child.columns, ", "), all),
                         made.insert);
    }
    return status;
  }

  Status step(sqlite3_stmt* statement) {
    const int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (result != SQLITE_DONE) return failed();
    return {};
  }

  Status merge(const Rows& rows, std::size_t row, const std::vector<HandValue>& values) {
    const HandValue &key = values[rows_.key()], &hash = values[rows_.hash()];
    bind(look_up_.get(), 1, values[rows_.hash() - 1]);
    bind(look_up_.get(), 2, key);
    const bool known = sqlite3_step(look_up_.get()) == SQLITE_ROW;
    bool same = false;
    if (known) {
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(look_up_.get(), 0));
      const void* const there = sqlite3_column_blob(look_up_.get(), 0);
      same = size == hash.text.size() && std::memcmp(there, hash.text.data(), size) == 0 &&
             sqlite3_column_type(look_up_.get(), 1) == SQLITE_NULL;
    }
    sqlite3_reset(look_up_.get());
    if (same) return {};
    sqlite3_stmt* const put = known ? update_.get() : insert_.get();
    for (std::size_t n = 0; n < values.size(); ++n)
      if (!known || rows_.columns()[n] != "_first_seen_at")
        bind(put, static_cast<int>(n + 1), values[n]);
    if (auto done = step(put); !done) return done;
    for (std::size_t n = 0; n < children_.size(); ++n) {
      if (known) {
        bind(children_[n].remove.get(), 1, values[rows_.hash() - 1]);
        bind(children_[n].remove.get(), 2, key);
        if (auto done = step(children_[n].remove.get()); !done) return done;
      }
      of_child_.clear();
      const HandRows::Child& child = rows_.children()[n];
      rows_.spell_children(rows, row, child, of_child_);
      for (std::size_t at = 0; at < of_child_.size(); at += child.columns.size()) {
        for (std::size_t c = 0; c < child.columns.size(); ++c)
          bind(children_[n].insert.get(), static_cast<int>(c + 1), of_child_[at + c]);
        if (auto done = step(children_[n].insert.get()); !done) return done;
      }
    }
    return {};
  }

  HandRows rows_;
  const Place& place_;
  std::unique_ptr<sqlite3, Close> db_;
  Statement look_up_, insert_, update_;
  std::vector<Child> children_;
  std::vector<HandValue> of_child_;
};

}  // namespace

std::unique_ptr<Side> sqlite_by_hand(const Calls& calls, const Place& place) {
  return std::make_unique<SqliteByHand>(calls, place);
}

}  // namespace callrail::bench
