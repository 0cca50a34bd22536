#include "faulty_connection.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace callrail::test {

const char* FaultyConnection::name_of(Call call) {
  constexpr std::array words{"run",    "change",    "query",   "load",     "begin",
                             "commit", "savepoint", "release", "reconnect"};
  return words[static_cast<std::size_t>(call)];
}

std::size_t FaultyConnection::count() const {
  std::size_t all = 0;
  for (const std::size_t n : counts_) all += n;
  return all - count(Call::reconnect);
}

bool FaultyConnection::is_due(Call call) {
  ++counts_[static_cast<std::size_t>(call)];
  on_call(name_of(call));
  if (!fault_) return false;
  if (fault_->gone && call == Call::reconnect && hits_ != 0 && hits_ < fault_->times)
    return ++hits_, true;
  if (fault_->call ? *fault_->call != call : call == Call::reconnect) return false;
  std::size_t now = 0;
  for (std::size_t n = 0; n < calls; ++n) {
    const bool counts = fault_->call ? n == static_cast<std::size_t>(call)
                                     : n != static_cast<std::size_t>(Call::reconnect);
    if (counts) now += counts_[n] - since_[n];
  }
  const bool due = now >= fault_->nth && now - fault_->nth < fault_->times && hits_ < fault_->times;
  if (due) ++hits_;
  return due;
}

bool FaultyConnection::is_poisoned(std::string_view statement,
                                   std::span<const SqlValue> values) const {
  if (poison_.empty() || statement.find(poisoned_table_) == statement.npos) return false;
  for (const SqlValue& value : values)
    if (value.text.find(poison_) != value.text.npos) return true;
  return false;
}

std::unexpected<Error> FaultyConnection::say(Trouble trouble, std::string_view what) {
  trouble_ = trouble;
  return callrail::fail(Code::sink_failed,
                        fmt::format("{}: {}; mend it and run again", where(), what));
}

/// What was begun is undone on the other side.
void FaultyConnection::lose() {
  (void)real_->reconnect();
  lost_ = true;
}

std::unexpected<Error> FaultyConnection::strike(Call call, Trouble trouble) {
  const bool postgres = dialect() == Dialect::postgresql;
  switch (trouble) {
    case Trouble::connection: lose(); return say(trouble, "the connection is lost");
    case Trouble::destination:
      // Full. SQLite has undone everything then, and what follows would be done at once.
      if (postgres && call != Call::commit && real_->in_transaction())
        (void)real_->run("SELECT 1/0");
      else if (call != Call::begin)
        real_->roll_back();
      return say(trouble, "no space is left");
    case Trouble::again:
    case Trouble::row:
    case Trouble::none: break;
  }
  if (postgres && call == Call::commit)
    real_->roll_back();  // a transaction ends with its commit, whatever comes of it
  else if (postgres && real_->in_transaction())
    (void)real_->run("SELECT 1/0");
  return say(trouble, trouble == Trouble::row ? "a value is refused" : "somebody else was faster");
}

/// The server finds something wrong by itself, so that what it says is its own, too.
std::unexpected<Error> FaultyConnection::raise(Call call, std::string_view state) {
  auto raised =
      real_->run(state == "57P01" ? "SELECT pg_terminate_backend(pg_backend_pid())"
                                  : fmt::format("DO $$ BEGIN RAISE SQLSTATE '{}'; END $$", state));
  if (raised) std::abort();
  trouble_ = real_->trouble();
  if (call == Call::commit) real_->roll_back();
  return std::unexpected(std::move(raised).error());
}

template <class Work>
auto FaultyConnection::turn(Call call, std::string_view statement, std::span<const SqlValue> values,
                            const Work& work) -> decltype(std::declval<Work>()()) {
  const bool due = is_due(call);
  if (lost_ && call != Call::reconnect) return say(Trouble::connection, "the connection is lost");
  if (due && !fault_->after) {
    if (fault_->dies) throw Crash{};
    const bool raises =
        !fault_->state.empty() && dialect() == Dialect::postgresql && call != Call::reconnect;
    auto struck = raises ? raise(call, fault_->state) : strike(call, fault_->trouble);
    in_transaction_ = real_->in_transaction();
    return struck;
  }
  if (is_poisoned(statement, values)) return strike(call, Trouble::row);
  auto done = work();
  trouble_ = done ? Trouble::none : real_->trouble();
  in_transaction_ = real_->in_transaction();
  if (due && fault_->dies) throw Crash{};
  if (due && done) return strike(call, fault_->trouble);
  return done;
}

Status FaultyConnection::run(std::string_view statements) {
  return turn(Call::run, statements, {}, [&] { return real_->run(statements); });
}

Result<std::uint64_t> FaultyConnection::change(std::string_view statement,
                                               std::span<const SqlValue> values) {
  return turn(Call::change, statement, values, [&] { return real_->change(statement, values); });
}

Status FaultyConnection::query(std::string_view statement, std::span<const SqlValue> values,
                               const std::function<void(const SqlRow&)>& take) {
  return turn(Call::query, statement, values,
              [&] { return real_->query(statement, values, take); });
}

Status FaultyConnection::load(std::string_view table, std::span<const std::string_view> columns,
                              std::span<const SqlValue> values,
                              std::optional<std::size_t>& bad_row) {
  bad_row.reset();
  const bool poisoned = is_poisoned(table, values);
  auto loaded =
      turn(Call::load, table, values, [&] { return real_->load(table, columns, values, bad_row); });
  if (loaded || trouble_ != Trouble::row || bad_row) return loaded;
  if (!poisoned) {
    if (fault_) bad_row = fault_->bad_row;
  } else if (says_which_) {
    std::size_t n = 0;
    while (!is_poisoned(table, values.subspan(n, 1))) ++n;
    bad_row = n / columns.size();
  }
  return loaded;
}

Status FaultyConnection::begin() {
  return turn(Call::begin, {}, {}, [&] { return real_->begin(); });
}
Status FaultyConnection::commit() {
  return turn(Call::commit, {}, {}, [&] { return real_->commit(); });
}
Status FaultyConnection::savepoint() {
  return turn(Call::savepoint, {}, {}, [&] { return real_->savepoint(); });
}
Status FaultyConnection::release_savepoint() {
  return turn(Call::release, {}, {}, [&] { return real_->release_savepoint(); });
}

void FaultyConnection::roll_back() {
  if (!lost_) real_->roll_back();
  in_transaction_ = false;
}
void FaultyConnection::roll_back_to_savepoint() {
  if (!lost_) real_->roll_back_to_savepoint();
}

Status FaultyConnection::reconnect() {
  in_transaction_ = false;
  auto connected = turn(Call::reconnect, {}, {}, [&] { return real_->reconnect(); });
  if (connected) lost_ = false;
  return connected;
}

}  // namespace callrail::test
