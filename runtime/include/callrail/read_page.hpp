#pragma once

#include <callrail/processor.hpp>

#include <string_view>

namespace callrail {

/// The rows of a saved answer as records, with every field that came. The batch has its own copy of
/// the text.
template <Record R>
Result<Batch<R>> read_page(std::string_view text, Drift& drift) {
  const auto& endpoint = Processor<R>::endpoint();
  return Processor<R>::decode(Body{text}, Selection::everything(endpoint), drift);
}

template <Record R>
Result<Batch<R>> read_page(std::string_view text) {
  Drift unseen;
  return read_page<R>(text, unseen);
}

}  // namespace callrail
