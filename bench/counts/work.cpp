#include "work.hpp"

#include "allocations.hpp"

namespace callrail::counts {
namespace {

constexpr std::size_t input = 1'000'000;  ///< bytes: a page of wide rows

}  // namespace

const std::vector<Task>& tasks() {
  static const std::vector<Task> all{
      {"full/typed/all/ours"},           {"full/csv/all/ours"},
      {"full/ndjson/all/ours"},          {"full/csv/12/ours"},
      {"narrow/csv/all/ours"},           {"full/stage1/all/simdjson", true},
      {"full/touch/all/simdjson", true},
  };
  return all;
}

Work::Work(const Task& task, bench::Variant variant, Text contender)
    : name_{task.name},
      pages_{bench::make_pages({.variant = variant, .bytes = input, .seed = 1})},
      judge_{bench::all_contenders(), variant, pages_},
      entry_{bench::find(judge_.entries(), contender)} {
  Hash hash;
  for (const Body& body : pages_.bodies) hash.add(body.text());
  hash_ = hash.value();
}

Result<std::unique_ptr<Work>> Work::make(const Task& task) {
  const auto slash = task.name.find('/');
  const auto variant = bench::variant_of(task.name.substr(0, slash));
  if (!variant) return fail(Code::bad_request, "no variant of the pages is called so");
  std::unique_ptr<Work> work{new Work{task, *variant, task.name.substr(slash + 1)}};
  if (work->entry_ == nullptr) return fail(Code::bad_request, "no contender is called so");
  auto checked = work->judge_.check(*work->entry_);
  if (!checked) return std::unexpected(std::move(checked).error());
  work->checked_ = *std::move(checked);
  work->contender_ = work->entry_->make(work->judge_.task(*work->entry_));
  return work;
}

double Work::bytes_per_row() const {
  return static_cast<double>(pages_.bytes) / static_cast<double>(pages_.rows);
}

Result<std::vector<Count>> Work::counts() {
  // The first round makes room, and is not counted.
  if (auto ran = go(); !ran) return std::unexpected(std::move(ran).error());
  const std::uint64_t before = allocations();
  if (auto ran = go(); !ran) return std::unexpected(std::move(ran).error());
  const auto per_row = [&](std::uint64_t n) {
    return static_cast<double>(n) / static_cast<double>(pages_.rows);
  };
  std::vector<Count> out;
  out.push_back({name_ + ".allocations_per_row", per_row(allocations() - before), hash_, {}});
  if (checked_.bytes != 0)
    out.push_back(
        {name_ + ".bytes_written_per_row", per_row(checked_.bytes), hash_, bytes_per_row()});
  return out;
}

}  // namespace callrail::counts
