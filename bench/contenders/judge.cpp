#include "judge.hpp"

#include <fmt/format.h>

namespace callrail::bench {

const Task& Judge::task(const Entry& entry) {
  const Text fields = fields_of(entry.name);
  auto at = tasks_.find(fields);
  if (at == tasks_.end()) at = tasks_.emplace(fields, task_of(variant_, fields)).first;
  return at->second;
}

Result<Answer> Judge::answer(const Entry& entry) {
  const auto contender = entry.make(task(entry));
  Answer answer;
  for (Body& body : pages_.bodies) {
    const auto made = contender->read(body);
    if (!made)
      return fail(made.error().code, fmt::format("{}: page {}: {}", entry.name,
                                                 answer.looks.size() + 1, made.error().what));
    answer.rows += made->rows;
    answer.bytes += made->bytes;
    answer.looks.push_back(contender->look());
  }
  return answer;
}

Result<const Answer*> Judge::truth(const std::string& name) {
  auto at = truths_.find(name);
  if (at == truths_.end()) {
    const Entry* const entry = find(entries_, name);
    if (entry == nullptr) return fail(Code::bad_request, "no contender is called " + name);
    auto answer = this->answer(*entry);
    if (!answer) return std::unexpected(std::move(answer).error());
    if (answer->rows != pages_.rows)
      return fail(Code::bad_answer,
                  fmt::format("{}: {} rows instead of {}", name, answer->rows, pages_.rows));
    at = truths_.emplace(name, std::move(*answer)).first;
  }
  return &at->second;
}

Result<Answer> Judge::check(const Entry& entry) {
  auto answer = this->answer(entry);
  if (!answer || entry.truth.empty()) return answer;
  const auto truth = this->truth(entry.truth);
  if (!truth) return std::unexpected(truth.error());
  if (answer->rows != (*truth)->rows)
    return fail(Code::bad_answer, fmt::format("{}: {} rows, and {} of {}", entry.name, answer->rows,
                                              (*truth)->rows, entry.truth));
  for (std::size_t i = 0; i < answer->looks.size(); ++i)
    if (answer->looks[i] != (*truth)->looks[i])
      return fail(Code::bad_answer, fmt::format("{}: page {} became something else than with {}",
                                                entry.name, i + 1, entry.truth));
  return answer;
}

Status Judge::run(Contender& contender, const Answer& checked) {
  std::size_t rows = 0, bytes = 0;
  for (Body& body : pages_.bodies) {
    const auto made = contender.read(body);
    if (!made) return std::unexpected(made.error());
    rows += made->rows;
    bytes += made->bytes;
  }
  if (rows != checked.rows || bytes != checked.bytes)
    return fail(Code::bad_answer, "another answer than when it was checked");
  return {};
}

}  // namespace callrail::bench
