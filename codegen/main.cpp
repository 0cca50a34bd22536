#include "command.hpp"

#include <iostream>

int main(int count, char** values) {
  return callrail::codegen::run({values + 1, values + count}, std::cout, std::cerr);
}
