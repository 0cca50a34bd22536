#pragma once

#include <callrail/fake/dates.hpp>
#include <callrail/fake/faults.hpp>
#include <callrail/fake/listing.hpp>
#include <callrail/fake/route.hpp>

#include <expected>
#include <string>
#include <vector>

namespace callrail::fake {

/// A reply, and how many rows stand in it.
struct Answer {
  Reply reply;
  std::uint64_t rows = 0;
};

/// Answers requests whose key, path and method were right.
class Answers {
 public:
  Answers(const World& world, const Listing& listing) : world_{world}, listing_{listing} {}

  /// `fault` (may be null) changes what stands in the page.
  Answer answer(const Route&, const Ask&, const Fault*) const;
  Reply error(int status, Text text) const;

 private:
  struct Size {
    std::uint64_t page, per_page;
  };
  struct Page;

  Answer one(const Route&, const Ask&, std::uint32_t account, const Fault*) const;
  Answer list(const Route&, const Ask&, const Row& root, const Fault*) const;
  Answer details(const Route&, const Ask&, const Row& parent, const Fault*) const;
  Answer sums(const Route&, const Ask&, std::uint32_t account, const Fault*) const;
  /// The row above, of a list below one; nothing if there is none.
  std::optional<Row> parent(const Route&, std::uint32_t account) const;
  std::expected<std::uint32_t, Reply> account(const Route&) const;
  std::expected<void, Reply> scope(const Route&, const Ask&, Wanted&) const;
  std::expected<void, Reply> dates(const Ask&, Wanted&, const Zone*& zone) const;
  std::expected<void, Reply> order(const Ask&, Wanted&) const;
  std::expected<Window, Reply> window(const Ask&, const Dates&) const;
  std::expected<Size, Reply> size(const Ask&, const Endpoint&, bool relative) const;
  /// The fields of the row above that stand beside the list; a 400 if `ask` names others.
  std::expected<std::vector<std::size_t>, Reply> beside(const Ask&, const EndpointPlan&,
                                                        const Row& parent) const;
  /// "\"id\":1,\"name\":\"x\""
  std::string members(const Row&, std::span<const std::size_t> fields,
                      const World::Patch* = nullptr) const;
  std::string next_address(const Page&, std::uint64_t page) const;
  void envelope_before(std::string& out, Page&) const;
  void rows(std::string& out, const Page&) const;

  const World& world_;
  const Listing& listing_;
};

/// The fields a request gets, as indexes; the text of a 400 if it names one it must not.
std::expected<std::vector<std::size_t>, std::string> fields_for(const EndpointPlan&,
                                                                const std::string* named,
                                                                bool single, const Quirks&);

/// Changes the finished answer the way the fault says.
void spoil(Answer&, const Fault&, const Ask&);
/// The patch for the first row of a page; may take a field out of all of them.
World::Patch patch_for(const Fault&, const EndpointPlan&, std::vector<std::size_t>& fields);

}  // namespace callrail::fake
