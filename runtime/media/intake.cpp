#include "intake.hpp"

#include <callrail/error_message.hpp>

#include <algorithm>
#include <array>

namespace callrail {

namespace {

constexpr std::size_t enough = 16;  ///< bytes that tell what something is

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

/// "Audio/MPEG; x=1" → "audio/mpeg"
std::string bare(std::string_view content_type) {
  std::string out = lower(content_type.substr(0, content_type.find(';')));
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

/// How files of a type begin, where that is known.
bool begins_like(std::string_view type, std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (type == "audio/mpeg")  // ID3, or the eleven bits a frame begins with
    return bytes.starts_with("ID3") ||
           (bytes.size() >= 2 && byte(0) == 0xff && (byte(1) & 0xe0) == 0xe0);
  return false;
}

bool is_text(std::string_view content_type) {
  constexpr std::array words{"json", "html", "xml", "javascript"};
  return content_type.starts_with("text/") || std::ranges::any_of(words, [&](const char* word) {
           return content_type.find(word) != content_type.npos;
         });
}

}  // namespace

std::string why_not_media(std::string_view type, std::string_view content_type,
                          std::string_view beginning) {
  const std::string wanted{type}, came = bare(content_type);
  if (beginning.empty()) return "the answer is empty instead of " + wanted;
  if (is_text(came)) return "the answer is " + one_line(came, 40) + " instead of " + wanted;
  const std::size_t first = beginning.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  const char c = first == beginning.npos ? '\0' : beginning[first];
  if (c == '<' || c == '{' || c == '[') return "the answer is a page of text instead of " + wanted;
  const std::string family = wanted.substr(0, wanted.find('/') + 1);
  if (came.starts_with(family) || begins_like(type, beginning)) return {};
  return "the answer is " + (came.empty() ? "of no type" : one_line(came, 40)) +
         " and does not begin like " + wanted;
}

bool Intake::take(const MediaHead& head, std::string_view bytes) {
  const auto refuse = [&](std::uint64_t size) {
    if (size > room_.file)
      refusal_ = "it has more than " + std::to_string(room_.file) + " bytes";
    else
      over_budget_ = size > room_.budget;
    return !refusal_.empty() || over_budget_;
  };
  bytes_ += bytes.size();
  if (refuse(std::max(bytes_, head.announced.value_or(0)))) return false;
  if (writer_ != nullptr) return write(bytes);
  content_type_ = head.content_type;
  beginning_.append(bytes);
  return beginning_.size() < enough || begin();
}

bool Intake::begin() {
  refusal_ = why_not_media(type_, content_type_, beginning_);
  if (!refusal_.empty()) return false;
  auto writer = open_();
  if (!writer) {
    error_ = std::move(writer).error();
    return false;
  }
  writer_ = *std::move(writer);
  return write(beginning_);
}

bool Intake::write(std::string_view bytes) {
  if (auto written = writer_->write(bytes); !written) error_ = std::move(written).error();
  return !error_;
}

bool Intake::keep() {
  if (writer_ == nullptr && !begin()) return false;
  if (auto kept = writer_->keep(); !kept) error_ = std::move(kept).error();
  return !error_;
}

}  // namespace callrail
