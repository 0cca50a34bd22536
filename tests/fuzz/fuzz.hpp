#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A fuzz target is one file with these two functions. libFuzzer drives it in the preset `fuzz`; in
/// every other build replay.cpp does, over the seeds, the folder corpus/<target> and a fixed number
/// of mutations of both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace callrail::fuzz {

/// Inputs to start from. What once went wrong belongs into corpus/<target>/ as a file.
std::vector<std::string> seeds();

/// Ends the program, loudly, if a promise does not hold.
void require(bool holds, std::string_view promise, std::string_view detail = {});

/// The contents of the files below a folder of the project whose names end like this, in the order
/// of their names.
std::vector<std::string> files(const std::string& folder, std::string_view ending);

/// Takes an input apart, front to back; behind its end everything is zero or empty.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_{reinterpret_cast<const char*>(data), size} {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint64_t number(int bytes = 8) {
    std::uint64_t value = 0;
    while (bytes-- > 0) value = value << 8 | byte();
    return value;
  }
  /// At most `most` bytes; how many, the input says.
  std::string_view text(std::size_t most) {
    const std::size_t wanted = most < 256 ? byte() : number(2);
    const auto taken = rest_.substr(0, wanted % (most + 1));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The same text with everything that is no UTF-8 replaced: what a page can hold.
std::string as_utf8(std::string_view);

/// Whether a text is UTF-8 that can be shown on one line: no control character, nothing that turns
/// the reading direction.
bool is_harmless_line(std::string_view);

}  // namespace callrail::fuzz
