#pragma once

#include "side.hpp"

#include <array>
#include <byte_store.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

struct evp_md_ctx_st;
struct evp_md_st;

namespace callrail::bench {

/// A value as both libraries want it.
struct HandValue {
  enum class Kind : std::uint8_t { null, integer, text, blob } kind = Kind::null;
  std::int64_t integer = 0;
  Text text = {};
};

/// Rows of calls as values, spelled without the warehouse's help, but for instants and for the
/// members of an element, which are read by the same functions.
class HandRows {
 public:
  explicit HandRows(const Task&);

  static constexpr Text now = "2027-01-04T12:00:00.000Z";
  static constexpr std::int64_t run = 1;

  /// The columns of the table in the order of the schema, then `_account_id`, `_row_hash`,
  /// `_first_seen_at`, `_updated_at`, `_run_id`.
  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t key() const { return key_; }  ///< which of them is the id
  std::size_t hash() const { return columns_.size() - 4; }
  struct Child {
    std::string table;
    std::vector<std::string> columns;  ///< account, call, `_n`, and those of the element
    const ChildTable* facts;
  };
  const std::vector<Child>& children() const { return children_; }

  /// Good until `forget`.
  void spell(const Rows&, std::size_t row, HandValue* values);
  /// The rows of a child, one after the other; appended.
  void spell_children(const Rows&, std::size_t row, const Child&, std::vector<HandValue>& out);
  void forget();

 private:
  void hash_of(const Rows&, std::size_t row, std::array<char, 16>& hash);

  const Endpoint& endpoint_;
  const StoredTable& table_;
  std::vector<std::string> columns_;
  std::vector<Child> children_;
  std::size_t key_ = 0, id_ = 0;
  std::deque<std::string> texts_;
  ByteStore store_;
  std::string hashed_;
  std::shared_ptr<evp_md_st> sha256_;
  std::shared_ptr<evp_md_ctx_st> context_;
};

std::unique_ptr<Side> sqlite_by_hand(const Calls&, const Place&);
std::unique_ptr<Side> postgresql_by_hand(const Calls&, const Place&);

}  // namespace callrail::bench
