#include "field_refusal.hpp"

#include <algorithm>
#include <cctype>

namespace callrail {

namespace {

bool part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool names(std::string_view text, std::string_view field) {
  for (auto at = text.find(field); at != std::string_view::npos; at = text.find(field, at + 1)) {
    const auto end = at + field.size();
    if ((at == 0 || !part_of_name(text[at - 1])) &&
        (end == text.size() || !part_of_name(text[end])))
      return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> refused_fields(std::string_view message,
                                        const std::vector<std::string>& requested) {
  std::string lower{message};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (lower.find("field") == std::string::npos) return {};
  // What stands behind "must be" are the names it does allow.
  const std::string_view complaint = std::string_view{message}.substr(0, lower.find("must be"));
  std::vector<std::string> refused;
  for (const auto& field : requested)
    if (names(complaint, field)) refused.push_back(field);
  // A sentence that happens to hold all names, such as one word asked for, is not yet a refusal.
  const bool says_so =
      lower.find("not allowed") != std::string::npos || complaint.size() < message.size();
  if (!says_so && refused.size() == requested.size() && requested.size() > 1) refused.clear();
  return refused;
}

}  // namespace callrail
