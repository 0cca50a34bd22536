#pragma once

#include <callrail/page.hpp>
#include <callrail/reflect.hpp>

namespace callrail {

/// Rows with their cells as records. A record is a standard-layout row of cells and nothing else
/// (KeyIndex asserts it).
template <Record R>
std::span<const R> records(const Rows& rows) {
  return {reinterpret_cast<const R*>(rows.cells), rows.count};
}

/// A page with its rows as records: `for (const api::Call& call : batch.rows())`.
template <Record R>
class Batch {
 public:
  explicit Batch(Page page) : page_{std::move(page)} {}
  std::span<const R> rows() const { return records<R>(page_.rows()); }
  const Envelope& envelope() const { return page_.envelope; }

 private:
  Page page_;
};

/// The typed door to an endpoint. Generated code instantiates it once per record, so that
/// applications do not pay for it again.
template <Record R>
class Processor {
 public:
  /// Facts of the endpoint; defined by the generated source of the record.
  static const Endpoint& endpoint();

  /// As PageDecoder::decode, with the rows typed.
  static Result<Batch<R>> decode(Body body, const Selection& wanted, Drift& drift) {
    PageDecoder decoder;
    auto page = decoder.decode(endpoint(), Reflect<R>::paging, std::move(body), wanted, {}, drift);
    if (!page) return std::unexpected(std::move(page).error());
    return Batch<R>{std::move(*page)};
  }
};

}  // namespace callrail
