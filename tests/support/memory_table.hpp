#pragma once

#include "memory_files.hpp"

#include <callrail/checkpoint.hpp>
#include <callrail/sink.hpp>

#include <map>
#include <string>
#include <vector>

namespace callrail::test {

/// A database in memory: rows by their key, kept together with the checkpoint. Each commit is a
/// call of `files`, so that it can fail, and the process can die before and after it.
class MemoryTable final : public Sink, public Checkpoint {
 public:
  using Tables = std::map<std::string, std::map<std::string, std::string>>;
  struct Commit {
    Tables tables;
    std::map<std::string, SavedEndpoint> saved;
    std::vector<std::string> windows;
  };
  std::vector<Commit> history = {Commit{}};  ///< the last one counts
  std::uint64_t written = 0;                 ///< rows that came, again or not

  explicit MemoryTable(MemoryFiles& files) : files_{files} {}
  const Commit& now() const { return history.back(); }
  /// As a database that did not wait for its disk comes back after a power cut.
  void lose_commits(std::size_t n) {
    history.resize(std::max<std::size_t>(1, history.size() - std::min(history.size(), n)));
  }
  /// A new process: what was not committed is gone.
  void restart() { batches_.clear(); }
  void clear_checkpoint() { history.back().saved.clear(); }

  bool follows_windows() const override { return true; }
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table& table, const Position& position) override {
    return std::make_unique<TableWriter>(*this, table, position);
  }
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override {
    return true;
  }

  Result<std::optional<SavedEndpoint>> load(Text endpoint) override {
    const auto at = now().saved.find(std::string{endpoint});
    return at == now().saved.end() ? std::nullopt : std::optional{at->second};
  }
  Status save(Text endpoint, const CheckpointChange& change) override {
    if (files_.dead()) return {};
    const std::string name{endpoint};
    Commit next = now();
    SavedEndpoint& saved = next.saved[name];
    const SavedEndpoint before = saved;
    saved = *change.facts;
    if (!change.seen_anew) saved.seen = before.seen + saved.seen;
    if (!change.lists) {
      saved.windows = before.windows;
      saved.lists = before.lists;
      for (const std::size_t n : change.windows) {
        saved.windows.at(n) = change.facts->windows[n];
        saved.lists.at(saved.windows[n].list) = change.facts->lists[saved.windows[n].list];
      }
    }
    Batch& batch = batches_[name];
    for (auto& [key, row] : batch.rows) next.tables[name][key] = row;
    next.windows.insert(next.windows.end(), batch.windows.begin(), batch.windows.end());
    return files_.act("commit", endpoint, [&] {
      history.push_back(std::move(next));
      batches_.erase(name);
    });
  }
  Status forget(Text endpoint) override {
    if (files_.dead()) return {};
    return files_.act("forget", endpoint, [&] {
      history.push_back(now());
      history.back().saved.erase(std::string{endpoint});
      batches_.erase(std::string{endpoint});
    });
  }

 private:
  struct Batch {
    std::map<std::string, std::string> rows;
    std::vector<std::string> windows;
  };
  class TableWriter final : public Writer {
   public:
    TableWriter(MemoryTable& all, const Table& table, const Position& position)
        : all_{all}, table_{table}, bytes_{position.bytes} {}
    Status write(const Rows& rows) override {
      for (std::size_t i = 0; i < rows.count; ++i) {
        std::string line;
        for (const Column& column : table_.columns)
          line += std::string{rows.at(i, column.field).text()} + '|';
        bytes_ += line.size();
        ++all_.written;
        batch().rows[std::string{rows.at(i, table_.key).text()}] = std::move(line);
      }
      return {};
    }
    void settled(const Scope& scope, const WindowProof& proof, bool) override {
      std::string text{table_.name};
      for (const auto& [parameter, value] : scope) text += ' ' + value;
      batch().windows.push_back(text + ' ' + proof.from + ".." + proof.to);
    }
    Result<Position> commit() override {
      return Position{.bytes = bytes_, .rows = 0, .sha256 = {}};
    }
    Result<Position> finish() override { return commit(); }
    Status publish(const TableProof&) override { return {}; }
    void discard() override {}
    std::uint64_t bytes() const override { return bytes_; }
    bool all_or_nothing() const override { return false; }
    std::string where() const override { return "memory:" + std::string{table_.name}; }

   private:
    Batch& batch() { return all_.batches_[std::string{table_.name}]; }
    MemoryTable& all_;
    const Table& table_;
    std::uint64_t bytes_;
  };

  MemoryFiles& files_;
  std::map<std::string, Batch> batches_;
};

}  // namespace callrail::test
