#include "makers.hpp"

#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

namespace callrail::bench {

namespace {

/// Pages to cells, which is to say to typed records: a record is a row of cells.
class Cells : public Contender {
 public:
  Cells(const Task& task, Reader reader) : task_{task}, decoder_{reader} {}

  Result<Made> read(Body& body) override {
    Drift drift;
    const Status status =
        decoder_.read({*task_.endpoint, Reflect<api::Call>::paging, task_.fields, task_.asked},
                      body.text(), page_, drift);
    if (!status) return std::unexpected(status.error());
    return make();
  }

  std::uint64_t look() override { return sum(); }

 protected:
  virtual Result<Made> make() { return Made{rows().count, 0}; }
  Rows rows() const { return page_.rows(); }
  const Task& task() const { return task_; }

  /// Every value as its type.
  std::uint64_t sum() const {
    Sum sum;
    const Rows rows = this->rows();
    for (std::size_t r = 0; r < rows.count; ++r)
      for (std::size_t f = 0; f < rows.width; ++f)
        add(rows.at(r, f), task_.endpoint->fields[f], sum);
    return sum.value;
  }

 private:
  static void add(const Cell& cell, const Field& field, Sum& sum) {
    switch (cell.kind) {
      case Kind::absent: return;
      case Kind::null: return sum.null();
      case Kind::boolean: return sum.boolean(cell.size == 4);
      case Kind::json: return sum.nested(cell.size);
      case Kind::text: return sum.text(cell.size);
      case Kind::number: break;
    }
    std::int64_t integer = 0;
    double number = 0;
    if (field.type == Type::integer && callrail::read(cell, integer))
      sum.integer(integer);
    else if (field.type == Type::number && callrail::read(cell, number))
      sum.number(number);
    else
      sum.text(cell.size);
  }

  const Task& task_;
  PageDecoder decoder_;
  Page page_;
};

/// Typed records, and every number in them read.
class Values final : public Cells {
 public:
  using Cells::Cells;
  std::uint64_t look() override { return sum_; }

 private:
  Result<Made> make() override {
    sum_ = sum();
    return Made{rows().count, 0};
  }
  std::uint64_t sum_ = 0;
};

/// Cells first, and text made of them.
class CellText final : public Cells {
 public:
  CellText(const Task& task, Reader reader, FileFormat format)
      : Cells{task, reader}, format_{make_text_format({.format = format})} {
    std::string head;
    format_->begin(task.table, head);
  }
  std::uint64_t look() override { return hash_of(out_); }

 private:
  Result<Made> make() override {
    out_.clear();
    format_->rows(task().table, rows(), out_);
    return Made{rows().count, out_.size()};
  }

  std::unique_ptr<TextFormat> format_;
  std::string out_;
};

/// Text spelled while the page is read.
class Fused final : public Contender {
 public:
  Fused(const Task& task, FileFormat format) : task_{task} {
    lines_ = *make_text_format({.format = format})->lines(task.table);
  }

  Result<Made> read(Body& body) override {
    Drift drift;
    const Status status =
        decoder_.read({*task_.endpoint, Reflect<api::Call>::paging, none_, task_.asked, &lines_},
                      body.text(), page_, drift);
    if (!status) return std::unexpected(status.error());
    return Made{page_.size(), page_.text().size()};
  }

  std::uint64_t look() override {
    std::string text;
    for (std::size_t row = 0; row < page_.size(); ++row) text.append(page_.line(row));
    return hash_of(text);
  }

 private:
  const Task& task_;
  const Selection none_;
  RowLines lines_;
  PageDecoder decoder_;
  Page page_;
};

}  // namespace

std::unique_ptr<Contender> cells_of(const Task& task, Reader reader) {
  return std::make_unique<Cells>(task, reader);
}
std::unique_ptr<Contender> values_of(const Task& task, Reader reader) {
  return std::make_unique<Values>(task, reader);
}
std::unique_ptr<Contender> text_of_cells(const Task& task, Reader reader, FileFormat format) {
  return std::make_unique<CellText>(task, reader, format);
}
std::unique_ptr<Contender> fused_text(const Task& task, FileFormat format) {
  return std::make_unique<Fused>(task, format);
}

}  // namespace callrail::bench
