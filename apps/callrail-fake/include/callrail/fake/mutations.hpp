#pragma once

#include <callrail/fake/faults.hpp>
#include <callrail/fake/listing.hpp>

#include <string>

namespace callrail::fake {

/// Something that happens to the rows before a request is answered.
struct Mutation {
  enum class Action : std::uint8_t { insert, hide, edit, remove };
  enum class Where : std::uint8_t { newest, oldest, any };

  Trigger trigger;
  Action action = Action::insert;
  Where where = Where::newest;
  std::uint64_t count = 1;
  std::string field, value;  ///< of edit: a field and its new value as JSON
};

/// "calls:2=insert", "calls:*=hide:oldest", "tags:1=edit:any:name=\"New\"", "calls:3=insert:any:5"
Result<Mutation> read_mutation(Text, const Api&);

/// Does it to the rows of the endpoint in one account. `nth` makes each time different.
Status mutate(World&, const Listing&, const EndpointPlan&, std::uint32_t account, const Mutation&,
              std::uint64_t nth, Instant now);

}  // namespace callrail::fake
