// Runs a fuzz target without libFuzzer: replay NAME RUNS [SEED]. The seeds and corpus/NAME first,
// then RUNS mutations of them, the same for the same SEED. An input that ends the program is
// written to fuzz-failure-NAME.
#include "figures.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <unistd.h>

namespace {

const std::string* current = nullptr;
std::string failure_file;

/// Only what a signal handler may call.
void keep_input(int number) {
  const int fd = ::open(failure_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd >= 0 && current != nullptr) {
    const ssize_t written = ::write(fd, current->data(), current->size());
    (void)written;
    ::close(fd);
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void run(const std::string& input) {
  current = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Changes an input in one of the ways that find most.
std::string mutated(const std::vector<std::string>& inputs, std::mt19937_64& random) {
  const auto pick = [&](std::size_t n) {
    return n == 0 ? std::size_t{0} : static_cast<std::size_t>(random() % n);
  };
  static constexpr std::string_view pieces[] = {"\"",
                                                "\\",
                                                "{",
                                                "}",
                                                "[",
                                                "]",
                                                ",",
                                                ":",
                                                "0",
                                                "-",
                                                "1e9",
                                                "null",
                                                "true",
                                                "\\u0",
                                                "\n",
                                                "\r\n",
                                                "\\ud83d",
                                                "\\u0000",
                                                "://",
                                                "@",
                                                "\x1b[",
                                                "\xff",
                                                "é",
                                                "\xe2",
                                                "\u202e",
                                                "9999999999",
                                                "[[[[[[[[",
                                                "<",
                                                "]]>",
                                                "&#0;",
                                                "2026-03",
                                                "T",
                                                "Z",
                                                "+05:30",
                                                "GMT",
                                                "%2e%2e",
                                                ".",
                                                "/../",
                                                "=",
                                                "#",
                                                " ",
                                                "\t",
                                                "{\"a\":{\"a\":",
                                                "'",
                                                ";"};
  std::string text = inputs[pick(inputs.size())];
  for (std::size_t n = 1 + pick(4); n > 0; --n) {
    const std::size_t at = pick(text.size() + 1);
    switch (pick(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << pick(8)));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(pick(256));
        break;
      case 2: text.erase(at, pick(16)); break;
      case 3: text.resize(at); break;
      case 4: text.insert(at, text.substr(pick(text.size() + 1), pick(64))); break;
      case 5: text.insert(at, pieces[pick(std::size(pieces))]); break;
      default: {
        const std::string& other = inputs[pick(inputs.size())];
        text.replace(at, std::string::npos,
                     other.substr(std::min(pick(other.size() + 1), other.size())));
      }
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s NAME RUNS [SEED]\n", argv[0]);
    return 2;
  }
  const std::string name = argv[1];
  const auto runs = std::strtoull(argv[2], nullptr, 10);
  std::mt19937_64 random{argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1};
  failure_file = "fuzz-failure-" + name;
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
    std::signal(number, keep_input);

  std::vector<std::string> inputs = callrail::fuzz::seeds();
  for (std::string& kept : callrail::fuzz::files("tests/fuzz/corpus/" + name, ""))
    inputs.push_back(std::move(kept));
  if (inputs.empty()) {
    std::fprintf(stderr, "no seeds\n");
    return 1;
  }
  run({});
  for (const std::string& input : inputs) run(input);
  for (unsigned long long i = 0; i < runs; ++i) run(mutated(inputs, random));
  callrail::test::note_figure("fuzz executions " + name, inputs.size() + runs + 1);
  std::printf("%s: %zu inputs and %llu mutations\n", name.c_str(), inputs.size(), runs);
  return 0;
}
