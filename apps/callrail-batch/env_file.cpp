#include "env_file.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

namespace callrail::cli {
namespace {

constexpr std::uintmax_t most_bytes = 1u << 20;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  return true;
}

/// Up to a # that stands at the beginning or behind a blank.
std::string_view before_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '#' && (i == 0 || is_blank(text[i - 1]))) return trim(text.substr(0, i));
  return trim(text);
}

/// A value that begins with a quote; the error is the reason.
std::expected<std::string, std::string> quoted(std::string_view text) {
  const char quote = text[0];
  std::string out;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != quote; ++i) {
    const bool escape = quote == '"' && text[i] == '\\' && i + 1 < text.size();
    if (escape && text[i + 1] == 'n') {
      out += '\n';
      ++i;
    } else if (escape && (text[i + 1] == '"' || text[i + 1] == '\\')) {
      out += text[++i];
    } else {
      out += text[i];
    }
  }
  if (i == text.size()) return std::unexpected{"the value's quote is not closed on its line"};
  if (!before_comment(text.substr(i + 1)).empty())
    return std::unexpected{"text follows the closing quote"};
  return out;
}

}  // namespace

Result<EnvFile> parse_env_file(std::string_view text, std::string place) {
  EnvFile file{.place = std::move(place), .values = {}};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trim(line);
    if (line.empty() || line[0] == '#') continue;

    // Lines are not quoted: they may hold the key.
    const auto wrong = [&](const std::string& why) {
      return fail(Code::bad_request, file.place + ":" + std::to_string(number) + ": " + why);
    };
    if (line.starts_with("export") && line.size() > 6 && is_blank(line[6]))
      line = trim(line.substr(6));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return wrong("no \"=\"; lines look like NAME=value, or # comment");
    const std::string_view name = trim(line.substr(0, equals));
    if (!is_name(name))
      return wrong("what stands before \"=\" is no name of a variable (letters, digits and _)");
    const std::string_view rest = trim(line.substr(equals + 1));
    std::string value;
    if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
      auto read = quoted(rest);
      if (!read) return wrong(read.error());
      value = std::move(*read);
    } else {
      value = before_comment(rest);
    }
    if (value.find('\0') != value.npos) return wrong("the value holds a NUL byte");
    file.values.insert_or_assign(std::string{name}, EnvFile::Value{std::move(value), number});
  }
  return file;
}

Result<EnvFile> read_env_file(const std::filesystem::path& path, bool named) {
  std::error_code ignored;
  // A folder of this name is somebody's virtual environment.
  if (!named && !std::filesystem::is_regular_file(path, ignored)) return EnvFile{};
  std::ifstream in{path, std::ios::binary};
  if (!in || std::filesystem::is_directory(path, ignored))
    return fail(Code::bad_request,
                path.string() + ": cannot be read; " +
                    (named ? "name another file with --env-file"
                           : "make it readable, or go without it (--no-env-file)"));
  // A pipe has no size, and works: --env-file <(…).
  const auto size = std::filesystem::file_size(path, ignored);
  if (!ignored && size > most_bytes)
    return fail(Code::bad_request, path.string() + ": more than 1 MiB, so not a .env file");
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  return parse_env_file(text, path.string());
}

}  // namespace callrail::cli
