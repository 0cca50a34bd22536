#include <callrail/api.hpp>
#include <callrail/read_all.hpp>

#include <cstdlib>
#include <iostream>

int main(int count, char** arguments) {
  const char* const key = std::getenv("CALLRAIL_API_KEY");
  const char* const url = std::getenv("CALLRAIL_BASE_URL");
  if (key == nullptr) return std::cerr << "CALLRAIL_API_KEY is not set\n", 2;
  callrail::Connection api{callrail::api::description(),
                           {.key = key, .base_url = url == nullptr ? "" : url}};
  callrail::ReadOptions options;
  if (count == 3) options.range = {arguments[1], arguments[2]};  // the first day and the last
  std::int64_t calls = 0, seconds = 0;
  const auto add = [&](const callrail::api::Call& call) {
    ++calls;
    seconds += call.duration.value_or(0);
  };
  const auto summary = callrail::read_all<callrail::api::Call>(api, add, options);
  if (!summary) return std::cerr << summary.error().what << '\n', 1;
  std::cout << calls << " calls, " << seconds << " s, "
            << (summary->proof ? callrail::to_text(*summary->proof) : "cut short") << '\n';
}
