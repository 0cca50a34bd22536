#include "own_tables.hpp"

#include <checkpoint_store.hpp>
#include <string_view>

namespace callrail {

namespace {

/// INSTANT and COUNT stand for the types of the dialect.
constexpr std::string_view tables = R"(
CREATE TABLE IF NOT EXISTS runs (
  run_id COUNT NOT NULL, source TEXT, endpoint TEXT NOT NULL, account TEXT, mode TEXT NOT NULL,
  status TEXT NOT NULL, started_at INSTANT NOT NULL, ended_at INSTANT, fetched COUNT NOT NULL,
  created COUNT NOT NULL, updated COUNT NOT NULL, unchanged COUNT NOT NULL,
  rejected COUNT NOT NULL, removed COUNT NOT NULL, returned COUNT NOT NULL,
  warnings COUNT NOT NULL, requests COUNT NOT NULL, retries COUNT NOT NULL, error TEXT,
  options TEXT, rows_per_second COUNT, look_back_days COUNT, pid COUNT NOT NULL, host TEXT NOT NULL,
  _print TEXT, _fields TEXT, _looked_back COUNT,
  PRIMARY KEY (run_id, endpoint));
CREATE TABLE IF NOT EXISTS rejects (
  run_id COUNT NOT NULL, endpoint TEXT NOT NULL, _account_id TEXT NOT NULL, reason TEXT NOT NULL,
  raw TEXT NOT NULL, at INSTANT NOT NULL, _print TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS rejects_again ON rejects (endpoint, _account_id, _print);
CREATE TABLE IF NOT EXISTS quality_issues (
  run_id COUNT NOT NULL, endpoint TEXT NOT NULL, _account_id TEXT NOT NULL, key TEXT NOT NULL,
  field TEXT NOT NULL, rule TEXT NOT NULL, value TEXT, at INSTANT NOT NULL);
CREATE INDEX IF NOT EXISTS quality_issues_row ON quality_issues (endpoint, _account_id, key);
CREATE TABLE IF NOT EXISTS _cursor (
  endpoint TEXT NOT NULL, list TEXT NOT NULL, value INSTANT, run_id COUNT NOT NULL,
  stopped_run COUNT, PRIMARY KEY (endpoint, list));
CREATE TABLE IF NOT EXISTS _lease (
  endpoint TEXT NOT NULL, account TEXT NOT NULL, run_id COUNT NOT NULL, pid COUNT NOT NULL,
  host TEXT NOT NULL, since INSTANT NOT NULL, beat INSTANT NOT NULL,
  PRIMARY KEY (endpoint, run_id));
CREATE TABLE IF NOT EXISTS _seen (
  endpoint TEXT NOT NULL, seen_by TEXT NOT NULL, key TEXT NOT NULL, at INSTANT NOT NULL,
  PRIMARY KEY (endpoint, seen_by, key));
CREATE TABLE IF NOT EXISTS _edit_ages (
  endpoint TEXT NOT NULL, days COUNT NOT NULL, edits COUNT NOT NULL, PRIMARY KEY (endpoint, days));
)";

void replace_all(std::string& text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
}

}  // namespace

Status make_own_tables(Database& db) {
  if (auto status = db.run(own_tables(db.dialect())); !status) return status;
  return CheckpointStore{db, std::string{checkpoint_prefix}, {}}.create();
}

std::string own_tables(Dialect dialect) {
  std::string text{tables.substr(1)};
  const bool lite = dialect == Dialect::sqlite;
  replace_all(text, "COUNT", lite ? "INTEGER" : "bigint");
  replace_all(text, "INSTANT", lite ? "TEXT" : "timestamptz(3)");
  return text;
}

}  // namespace callrail
