#pragma once

#include <callrail/processor.hpp>

#include <gtest/gtest.h>

#include <string>

namespace callrail {

/// The batch in `rows`, the JSON of an array, decoded as a page of the golden schemas.
template <Record R>
Batch<R> batch_of(const std::string& rows, Drift& drift) {
  const auto& endpoint = Processor<R>::endpoint();
  auto batch = Processor<R>::decode(Body{"{\"" + std::string{endpoint.rows} + "\":" + rows + "}"},
                                    Selection::everything(endpoint), drift);
  if (!batch) ADD_FAILURE() << batch.error().what;
  return batch ? std::move(*batch) : Batch<R>{Page{}};
}

}  // namespace callrail
