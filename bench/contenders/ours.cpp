#include "makers.hpp"

#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

#include <optional>

namespace callrail::bench {

namespace {

/// Pages to cells, which is to say to typed records: a record is a row of cells.
class Cells : public Contender {
 public:
  explicit Cells(const Task& task) : task_{task} {}

  Result<Made> read(Body& body) override {
    page_.reset();
    Drift drift;
    auto page = decoder_.decode(*task_.endpoint, Reflect<api::Call>::paging, std::move(body),
                                task_.fields, task_.asked, drift);
    if (!page) return std::unexpected(std::move(page).error());
    page_ = std::move(*page);
    Result<Made> made = make();
    body = std::move(*page_).give_up_body();  // the bytes stay where they are, and so do the cells
    return made;
  }

  std::uint64_t look() override { return sum(); }

 protected:
  virtual Result<Made> make() { return Made{rows().count, 0}; }
  Rows rows() const { return page_->rows(); }
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
  std::optional<Page> page_;
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

class Lines final : public Cells {
 public:
  Lines(const Task& task, FileFormat format)
      : Cells{task}, format_{make_text_format({.format = format})} {
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

}  // namespace

std::unique_ptr<Contender> general_cells(const Task& task) { return std::make_unique<Cells>(task); }
std::unique_ptr<Contender> general_values(const Task& task) {
  return std::make_unique<Values>(task);
}
std::unique_ptr<Contender> general_text(const Task& task, FileFormat format) {
  return std::make_unique<Lines>(task, format);
}

}  // namespace callrail::bench
