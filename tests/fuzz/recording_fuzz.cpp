// Recordings: any bytes give answers or an error that names the byte.
#include "fuzz.hpp"

#include <callrail/recording.hpp>
#include <callrail/recording_writer.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace callrail;
using fuzz::require;

std::vector<std::string> callrail::fuzz::seeds() {
  const auto path =
      std::filesystem::temp_directory_path() / ("fuzz-recording-" + std::to_string(::getpid()));
  std::vector<std::string> out{"", "\x1f\x8b"};
  for (const int answers : {0, 1, 3}) {
    const RecordingHeader header{.program = "0",
                                 .schema = "x",
                                 .began_at = {},
                                 .options = {{"endpoints", {"tags"}}}};
    auto writer = RecordingWriter::create(path.string(), header, {.key = "canary", .secret_names = {}});
    require(writer.has_value(), "a recording can be made");
    for (int i = 0; i < answers; ++i) {
      Response response;
      response.status = i == 1 ? 429 : 200;
      response.body = Body{i == 2 ? std::string_view{"\xff\x00", 2} : R"({"tags":[{"id":1}]})"};
      if (i == 1) response.retry_after = "5";
      const auto added = (*writer)->add("/v3/tags.json?page=" + std::to_string(i), {}, std::move(response));
      require(added.has_value(), "an answer is kept");
    }
    require((*writer)->finish().has_value(), "a recording ends");
    std::ostringstream bytes;
    bytes << std::ifstream{path, std::ios::binary}.rdbuf();
    out.push_back(bytes.str());
  }
  std::filesystem::remove(path);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto recording = Recording::parse(bytes, "rec", 1u << 20);
  if (!recording) {
    require(recording.error().what.starts_with("rec"), "an error names the file",
            recording.error().what);
    return 0;
  }
  for (std::size_t i = 0; i < recording->answers(); ++i) {
    const auto answer = recording->answer(i);
    if (!answer) require(!answer.error().what.empty(), "an error says why");
  }
  return 0;
}
