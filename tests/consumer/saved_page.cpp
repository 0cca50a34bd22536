#include <callrail/api/calls.hpp>
#include <callrail/read_page.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

int main(int, char** arguments) {
  std::ifstream file{arguments[1]};
  const std::string text{std::istreambuf_iterator{file}, {}};
  const auto page = callrail::read_page<callrail::api::Call>(text);
  if (!page) return std::cerr << page.error().what << '\n', 1;
  for (const callrail::api::Call& call : page->rows())
    std::cout << call.id.text() << ' ' << call.customer_name.value_or("unknown") << ", "
              << call.duration.value_or(0) << " s\n";
}
