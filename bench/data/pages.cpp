#include "pages.hpp"

#include "change.hpp"
#include "dress.hpp"
#include "raw_json.hpp"

#include <callrail/api.hpp>
#include <callrail/api/calls.hpp>
#include <callrail/fake/fake_api.hpp>
#include <callrail/processor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace callrail::bench {

namespace {

constexpr std::size_t rows_a_page = 250;

using fake::FakeApi;
using fake::FakeOptions;

const Endpoint& calls() { return Processor<api::Call>::endpoint(); }

std::string names_of_requested() {
  std::string names;
  for (const std::size_t i : fields_in(Variant::full)) {
    if (calls().fields[i].sent != Sent::on_request) continue;
    if (!names.empty()) names += ',';
    names += calls().fields[i].name;
  }
  return names;
}

/// The newest rows of one account, as callrail-fake answers for them.
class Source {
 public:
  Source(const PageOptions& options, std::size_t rows)
      : api_{api::description(), options_of(options, rows)} {
    const auto& model = api_.world().model();
    const auto& root = model.endpoints[static_cast<std::size_t>(model.root)];
    target_ =
        fmt::format("/v3/a/{}/calls.json?start_date=2024-11-01&end_date=2026-11-01&per_page={}",
                    api_.world().key(api_.world().row(root, 0, 0)), rows_a_page);
    if (options.variant != Variant::narrow) target_ += "&fields=" + names_of_requested();
  }

  std::string page(std::size_t number) {
    fake::Ask ask = fake::get(fmt::format("{}&page={}", target_, number), until);
    ask.headers.emplace_back("Authorization", "Token token=\"fake-key\"");
    fake::Reply reply = api_.handle(ask);
    if (reply.status != 200) throw std::runtime_error("callrail-fake answers " + reply.body);
    return std::move(reply.body);
  }

 private:
  static constexpr fake::Instant until{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};

  static FakeOptions options_of(const PageOptions& options, std::size_t rows) {
    FakeOptions out;
    out.world.seed = options.seed;
    out.world.rows = {{"accounts", 1}, {"calls", rows}};
    out.world.until = until;
    out.world.nasty = options.variant == Variant::fake;
    out.limits.emplace();
    return out;
  }

  FakeApi api_;
  std::string target_;
};

/// The rows of a page between what stands before and behind them.
std::string with_rows(Text page, const std::function<void(Text row, std::string& out)>& change) {
  const std::string head = fmt::format("\"{}\":[", calls().rows);
  const auto begin = page.find(head) + head.size();
  std::string out{page.substr(0, begin)};
  out.reserve(page.size() * 2);
  RawJson json{page.substr(begin)};
  do {
    if (out.back() == '}') out += ',';
    change(json.value(), out);
  } while (json.take(','));
  out.append(page.substr(static_cast<std::size_t>(json.at() - page.data())));
  return out;
}

std::string change_page(const PageOptions& options, Text page, std::uint64_t first_row) {
  if (options.variant == Variant::narrow || options.variant == Variant::fake)
    return std::string{page};
  std::uint64_t number = first_row;
  std::string dressed;
  std::string changed = with_rows(page, [&](Text row, std::string& out) {
    dressed.clear();
    dress_call(row, number, options.seed, dressed);
    switch (options.variant) {
      case Variant::nonascii: make_nonascii(dressed, calls(), number, out); break;
      case Variant::escaped: make_escaped(dressed, calls(), out); break;
      case Variant::shuffled: shuffle_members(dressed, out); break;
      default: out += dressed;
    }
    ++number;
  });
  if (options.variant != Variant::pretty) return changed;
  std::string indented;
  indented.reserve(changed.size() * 2);
  indent(changed, indented);
  return indented;
}

}  // namespace

std::optional<Variant> variant_of(Text name) {
  const auto at = std::ranges::find(variant_names, name);
  if (at == variant_names.end()) return std::nullopt;
  return static_cast<Variant>(at - variant_names.begin());
}

std::vector<std::size_t> fields_in(Variant variant) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < calls().fields.size(); ++i) {
    const Field& field = calls().fields[i];
    if (field.sent == Sent::always ||
        (variant != Variant::narrow && field.sent == Sent::on_request &&
         std::ranges::count(calls().refused, field.name) == 0))
      out.push_back(i);
  }
  return out;
}

Pages make_pages(const PageOptions& options) {
  // No variant has records of less than 400 bytes, so the rows never end before the pages do.
  const std::size_t rows = options.bytes / 400 / rows_a_page * rows_a_page + rows_a_page;
  Source source{options, rows};
  Pages pages;
  while (pages.bytes < options.bytes) {
    const std::size_t number = pages.bodies.size() + 1;
    const std::string page = change_page(options, source.page(number), pages.rows);
    Body& body = pages.bodies.emplace_back(page);
    body.shrink();
    pages.bytes += body.size();
    pages.rows += rows_a_page;
  }
  return pages;
}

}  // namespace callrail::bench
