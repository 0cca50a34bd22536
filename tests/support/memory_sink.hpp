#pragma once

#include <callrail/sink.hpp>

#include <map>
#include <string>
#include <vector>

namespace callrail::test {

/// Keeps finished tables as text: one row a string, cells joined by '|'. Refuses on demand.
class MemorySink final : public Sink {
 public:
  std::map<std::string, std::vector<std::string>> tables;  ///< only finished ones
  std::map<std::string, TableProof> proofs;
  std::string fail_on;  ///< table whose first write fails
  int opened = 0;
  bool follow = false;                 ///< be told of windows without rows, too
  std::vector<std::string> told = {};  ///< of windows and commits: "shops 1 a..b: 3 rows, proven"

  bool follows_windows() const override { return follow; }
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table& table, const Position&) override {
    ++opened;
    return std::make_unique<Rows>(*this, table);
  }

  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override {
    return false;
  }

 private:
  class Rows final : public Writer {
   public:
    Rows(MemorySink& sink, const Table& table) : sink_{sink}, table_{table} {}

    Status write(const callrail::Rows& rows) override {
      if (sink_.fail_on == table_.name)
        return fail(Code::sink_failed, where() + ": no space left on device");
      for (std::size_t i = 0; i < rows.count; ++i) {
        std::string line;
        for (const Column& column : table_.columns) {
          const Cell& cell = rows.at(i, column.field);
          if (!line.empty() || &column != &table_.columns.front()) line += '|';
          line += cell.is_absent() ? "-" : cell.is_null() ? "null" : std::string{cell.text()};
        }
        bytes_ += line.size();
        lines_.push_back(std::move(line));
      }
      return {};
    }
    void settled(const Scope& scope, const WindowProof& proof, bool whole_list) override {
      std::string text{table_.name};
      for (const auto& [parameter, value] : scope) text += ' ' + value;
      if (!proof.from.empty()) text += ' ' + proof.from + ".." + proof.to;
      text += ": " + std::to_string(lines_.size() - told_rows_) + " rows, ";
      text += proof.proof ? std::string{to_text(*proof.proof)} : "no proof";
      if (whole_list) text += ", whole";
      told_rows_ = lines_.size();
      sink_.told.push_back(std::move(text));
    }
    Result<Position> commit() override {
      if (sink_.follow) sink_.told.push_back("commit");
      return Position{.bytes = bytes_, .rows = lines_.size(), .sha256 = {}};
    }
    Result<Position> finish() override {
      return Position{.bytes = bytes_, .rows = lines_.size(), .sha256 = {}};
    }
    Status publish(const TableProof& proof) override {
      sink_.proofs[std::string{table_.name}] = proof;
      sink_.tables[std::string{table_.name}] = std::move(lines_);
      return {};
    }
    void discard() override {}
    std::uint64_t bytes() const override { return bytes_; }
    std::string where() const override { return "memory/" + std::string{table_.name}; }

   private:
    MemorySink& sink_;
    const Table& table_;
    std::vector<std::string> lines_;
    std::uint64_t bytes_ = 0;
    std::size_t told_rows_ = 0;
  };
};

}  // namespace callrail::test
