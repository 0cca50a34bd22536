#include <callrail/schema_fingerprint.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace callrail {
namespace {

/// FNV-1a: the fingerprint tells versions apart, it protects from nobody.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0xff);  // "ab", "c" is not "a", "bc"
  }
  void add(std::uint8_t value) { add_byte(value); }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  void add_byte(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3u; }
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

void add_fields(Hash& hash, std::span<const Field> fields) {
  for (const Field& field : fields) {
    hash.add(field.name);
    hash.add(static_cast<std::uint8_t>(field.type));
    hash.add(field.accepts);
    hash.add(static_cast<std::uint8_t>(field.sent));
    add_fields(hash, field.members);
  }
  hash.add("");
}

void add_with_parents(const Api& api, const Endpoint* endpoint, std::vector<const Endpoint*>& all) {
  if (endpoint == nullptr || std::ranges::find(all, endpoint) != all.end()) return;
  all.push_back(endpoint);
  for (const Parent& parent : endpoint->parents)
    add_with_parents(api, api.find(parent.endpoint), all);
}

}  // namespace

std::string schema_fingerprint(const Api& api, std::span<const Endpoint* const> endpoints) {
  std::vector<const Endpoint*> all;
  for (const Endpoint* endpoint : endpoints) add_with_parents(api, endpoint, all);
  std::ranges::sort(all, {}, &Endpoint::name);
  Hash hash;
  for (const Endpoint* endpoint : all) {
    hash.add(endpoint->name);
    hash.add(endpoint->path);
    hash.add(endpoint->rows);
    hash.add(endpoint->key);
    for (const Parent& parent : endpoint->parents)
      for (const Text word : parent.values) hash.add(word);
    if (endpoint->most_rows != 0) hash.add(std::to_string(endpoint->most_rows));
    add_fields(hash, endpoint->fields);
  }
  return hash.text();
}

}  // namespace callrail
