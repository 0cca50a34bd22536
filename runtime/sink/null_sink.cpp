#include "slices.hpp"

#include <callrail/file_sink.hpp>

#include <utility>

namespace callrail {

namespace {

class NullWriter : public Writer {
 public:
  NullWriter(const Table& table, const TextOptions& options, std::uint64_t& rows,
             std::uint64_t& bytes)
      : table_{table}, format_{make_text_format(options)}, all_rows_{rows}, all_bytes_{bytes} {
    format_->begin(table_, text_);
    count();
  }

  Status write(const Rows& rows) override {
    all_rows_ += rows.count;
    return in_slices(rows, [&](const Rows& slice) -> Status {
      format_->rows(table_, slice, text_);
      count();
      return {};
    });
  }

  Result<Position> commit() override { return Position{.bytes = bytes_, .rows = 0, .sha256 = {}}; }
  Result<Position> finish() override {
    if (!std::exchange(ended_, true)) format_->end(table_, text_);
    count();
    return commit();
  }
  Status publish(const TableProof&) override { return {}; }
  void discard() override {}

  std::uint64_t bytes() const override { return bytes_; }
  std::string where() const override { return "nowhere (dry run)"; }

 private:
  void count() {
    bytes_ += text_.size();
    all_bytes_ += text_.size();
    text_.clear();
  }

  const Table& table_;
  std::unique_ptr<TextFormat> format_;
  std::string text_;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
  std::uint64_t& all_rows_;
  std::uint64_t& all_bytes_;
};

}  // namespace

Result<bool> NullSink::publish_finished(const Table&, const Position&, const TableProof&) {
  return false;
}

Result<std::unique_ptr<Writer>> NullSink::open(const Table& table, const Position&) {
  return std::make_unique<NullWriter>(table, options_, rows_, bytes_);
}

}  // namespace callrail
