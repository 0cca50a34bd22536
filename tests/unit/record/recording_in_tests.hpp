#pragma once

#include "gzip.hpp"
#include "sink/test_folder.hpp"

#include <callrail/recording.hpp>
#include <callrail/recording_writer.hpp>

#include <string>
#include <string_view>

namespace callrail::test {

inline const std::string canary = "zqkx7f0e1d2c3b4a5canary6978w9vjh";

inline Clock::Wall noon() {
  return std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + std::chrono::hours{12};
}

inline RecordingHeader small_header() {
  return {.program = "9.9.9",
          .schema = "0123456789abcdef",
          .began_at = noon(),
          .options = {{"endpoints", {"tags,users"}}, {"days", {"7"}}}};
}

inline Response plain_response(int status, std::string_view body) {
  Response response;
  response.status = status;
  response.body = Body{body};
  response.content_type = "application/json";
  response.wire_bytes = body.size();
  return response;
}

inline std::string pack(std::string_view text) {
  Packer packer;
  return std::string{packer.pack(text)};
}

/// The lines of a recording, as `zcat` shows them.
inline std::string unpack(const std::string& bytes) {
  Unpacker unpacker{bytes_in_memory(bytes), Recording::most_unpacked};
  std::string all;
  for (std::uint64_t at = 0;;) {
    const auto member = unpacker.read(at);
    if (!member || member->end != Unpacker::End::whole) return all;
    all += member->text;
    at += member->size;
  }
}

/// A recording of a few answers, as the writer makes it.
inline std::string small_recording(const TestFolder& folder) {
  const std::string path = folder / "small.rec";
  auto writer = RecordingWriter::create(path, small_header(), {.key = canary, .secret_names = {}});
  EXPECT_TRUE(writer);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE((*writer)->add("/v3/tags.json?page=" + std::to_string(i), noon(),
                               plain_response(200, "{\"tags\":[" + std::to_string(i) + "]}")));
  EXPECT_TRUE((*writer)->finish());
  return content(path);
}

}  // namespace callrail::test
