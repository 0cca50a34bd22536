#include <callrail/selection.hpp>

namespace callrail {

Selection Selection::everything(const Endpoint& endpoint) {
  Selection all;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    if (endpoint.fields[i].sent != Sent::single) all.add(i);
  return all;
}

}  // namespace callrail
