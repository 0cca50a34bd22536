#include "pages.hpp"

#include "count.hpp"

#include <callrail/fake/fake_api.hpp>

#include <chrono>

namespace callrail::counts {

double Pages::bytes_per_row() const {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  return static_cast<double>(bytes) / static_cast<double>(rows);
}

Pages make_pages(const Api& api, Text endpoint, Width width, int pages) {
  fake::WorldOptions options;
  const auto size = static_cast<std::uint64_t>(api.paging.most);
  for (const Endpoint* e : api.endpoints) options.rows[std::string{e->name}] = 1;
  options.rows[std::string{endpoint}] = size * static_cast<std::uint64_t>(pages);
  options.until = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10};
  const fake::World world{api, options};
  const fake::EndpointPlan& plan = *world.model().find(endpoint);

  Pages out;
  out.endpoint = plan.facts;
  std::vector<std::size_t> fields = fake::dumped_fields(world, plan);
  if (width == Width::by_default)
    std::erase_if(fields,
                  [&](std::size_t i) { return plan.facts->fields[i].sent != Sent::always; });
  const fake::Listing listing{world};
  const auto reading = world.reading();
  fake::Wanted wanted;
  wanted.plan = &plan;
  Hash hash;
  for (int page = 0; page < pages; ++page) {
    const auto slice = listing.slice(wanted, static_cast<std::uint64_t>(page) * size, size);
    std::string text = "{\"" + std::string{plan.facts->rows} + "\":[";
    for (const fake::Row& row : slice.rows) {
      if (text.back() != '[') text += ',';
      world.append_row(text, row, fields);
    }
    text += "]}";
    hash.add(text);
    out.rows += slice.rows.size();
    out.texts.push_back(std::move(text));
  }
  out.hash = hash.value();
  return out;
}

}  // namespace callrail::counts
