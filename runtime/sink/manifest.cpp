#include "io.hpp"
#include "json_text.hpp"

#include <callrail/manifest.hpp>

#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace callrail {

namespace {

constexpr std::int64_t format_version = 1;
constexpr std::size_t piece_size = 256 * 1024;
namespace dom = simdjson::dom;

/// One object, its members a line each or all on one.
class Members {
 public:
  Members(std::string& out, std::string_view between) : out_{out}, between_{between} {
    out_ += '{';
  }
  std::string& operator()(Text name) {
    out_ += first_ ? between_.substr(between_.empty() ? 0 : 1) : between_;
    first_ = false;
    append_json_string(name, out_);
    return out_ += ": ";
  }
  void text(Text name, Text value) {
    if (!value.empty()) append_json_string(value, (*this)(name));
  }
  void number(Text name, std::uint64_t value) { (*this)(name) += std::to_string(value); }

 private:
  std::string& out_;
  std::string_view between_;
  bool first_ = true;
};

void append_proof(std::optional<Proof> proof, std::string& out) {
  if (proof)
    append_json_string(to_text(*proof), out);
  else
    out += "null";
}

void append_window(const WindowProof& window, std::string& out) {
  Members members{out, ", "};
  members.text("scope", window.scope);
  members.text("from", window.from);
  members.text("to", window.to);
  members.text("zone", window.zone);
  members.number("rows", window.rows);
  if (window.announced) members.number("announced", *window.announced);
  append_proof(window.proof, members("proof"));
  members.text("why", window.why);
  out += '}';
}

/// Of very many lists.
void append_sum(const ListSum& sum, std::string& out) {
  Members members{out, ", "};
  members.number("lists", sum.lists);
  members.number("rows", sum.rows);
  if (sum.counted) members.number("announced", sum.announced);
  for (std::size_t i = 0; i < sum.windows.size(); ++i)
    members.number(to_text(static_cast<Proof>(i)), sum.windows[i]);
  members.number("unread", sum.unread);
  members.number("unknown", sum.unknown);
  members.number("left_out", sum.left_out);
  members.number("doubtful", sum.doubtful);
  out += '}';
}

template <class List, class Append>
void append_list(const List& list, std::string_view indent, std::string& out, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : list) {
    out += first ? "\n" : ",\n";
    first = false;
    out += indent;
    append(item, out);
  }
  if (!first) out.append("\n").append(indent.substr(2));
  out += ']';
}

void append_file(const ManifestFile& file, std::string& out) {
  Members members{out, ",\n      "};
  members.text("file", file.file);
  members.text("endpoint", file.table);
  members.number("rows", file.rows);
  members.number("bytes", file.bytes);
  members.text("sha256", file.sha256);
  members.text("replaces", file.replaces);
  append_proof(file.proof.proof, members("proof"));
  members.text("program", file.from.program);
  members.text("began_at", file.from.began_at);
  std::string& options = members("options");
  {
    Members each{options, ", "};
    for (const auto& [name, value] : file.from.options) append_json_string(value, each(name));
    options += '}';
  }
  if (file.proof.sum) append_sum(*file.proof.sum, members("sum"));
  append_list(file.proof.windows, "        ", members("windows"), append_window);
  out += '}';
}

// Reading: what is not there stays as it is, what is of another type is an error.

std::string text_of(dom::object object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return std::string{text};
}

std::optional<std::uint64_t> number_of(dom::object object, std::string_view name) {
  std::uint64_t number = 0;
  if (object[name].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::optional<Proof> proof_of(dom::object object) {
  const std::string text = text_of(object, "proof");
  for (const Proof proof :
       {Proof::proven, Proof::proven_with_churn, Proof::unproven, Proof::contradicted})
    if (text == to_text(proof)) return proof;
  return std::nullopt;
}

std::optional<ManifestFile> read_file_entry(dom::object object) {
  ManifestFile file;
  file.file = text_of(object, "file");
  file.table = text_of(object, "endpoint");
  file.sha256 = text_of(object, "sha256");
  file.replaces = text_of(object, "replaces");
  const auto rows = number_of(object, "rows"), bytes = number_of(object, "bytes");
  const bool is_name = !file.file.empty() && file.file.find('/') == file.file.npos;
  if (!is_name || file.sha256.size() != 64 || !rows || !bytes) return std::nullopt;
  file.rows = *rows;
  file.bytes = *bytes;
  file.proof.proof = proof_of(object);
  file.from.program = text_of(object, "program");
  file.from.began_at = text_of(object, "began_at");
  dom::object options;
  if (object["options"].get(options) == simdjson::SUCCESS)
    for (const auto& [name, value] : options) {
      std::string_view text;
      if (value.get(text) == simdjson::SUCCESS)
        file.from.options.emplace_back(std::string{name}, std::string{text});
    }
  dom::object sum;
  if (object["sum"].get(sum) == simdjson::SUCCESS) {
    ListSum& of = file.proof.sum.emplace();
    of.lists = number_of(sum, "lists").value_or(0);
    of.rows = number_of(sum, "rows").value_or(0);
    const auto announced = number_of(sum, "announced");
    of.announced = announced.value_or(0);
    of.counted = announced.has_value();
    for (std::size_t i = 0; i < of.windows.size(); ++i)
      of.windows[i] = number_of(sum, to_text(static_cast<Proof>(i))).value_or(0);
    of.unread = number_of(sum, "unread").value_or(0);
    of.unknown = number_of(sum, "unknown").value_or(0);
    of.left_out = number_of(sum, "left_out").value_or(0);
    of.doubtful = number_of(sum, "doubtful").value_or(0);
  }
  dom::array windows;
  if (object["windows"].get(windows) != simdjson::SUCCESS) return std::nullopt;
  for (const dom::element element : windows) {
    dom::object window;
    if (element.get(window) != simdjson::SUCCESS) return std::nullopt;
    file.proof.windows.push_back({.scope = text_of(window, "scope"),
                                  .from = text_of(window, "from"),
                                  .to = text_of(window, "to"),
                                  .zone = text_of(window, "zone"),
                                  .rows = number_of(window, "rows").value_or(0),
                                  .announced = number_of(window, "announced"),
                                  .proof = proof_of(window),
                                  .why = text_of(window, "why")});
  }
  return file;
}

std::unexpected<Error> damaged(const std::string& why) {
  return fail(Code::bad_answer,
              std::string{Manifest::name} + " cannot be read: " + why + "; move it away");
}

std::string path_of(const std::string& folder, std::string_view name) {
  std::string path = folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

/// Hands the bytes of a file on, piece by piece.
template <class Take>
Status read_all(const std::string& path, FileSystem& files, Take take) {
  const int fd = open_file(files, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return fail(Code::not_found, path + ": there is no such file");
  if (fd < 0) return std::unexpected(file_error(path, errno));
  std::string piece(piece_size, '\0');
  for (;;) {
    const ssize_t got = files.read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    const int error = got < 0 ? errno : 0;
    if (got <= 0) {
      files.close(fd);
      return error == 0 ? Status{} : Status{std::unexpected(file_error(path, error))};
    }
    take(std::string_view{piece.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace

const ManifestFile* Manifest::find(std::string_view file) const {
  const auto at = std::ranges::find(files, file, &ManifestFile::file);
  return at == files.end() ? nullptr : &*at;
}

void Manifest::put(ManifestFile file) {
  const auto at = std::ranges::find(files, file.file, &ManifestFile::file);
  if (at != files.end())
    *at = std::move(file);
  else
    files.push_back(std::move(file));
  std::ranges::sort(files, {}, &ManifestFile::file);
}

std::string manifest_text(const Manifest& manifest) {
  std::string out = "{\n  \"format\": " + std::to_string(format_version) + ",\n  \"files\": ";
  append_list(manifest.files, "    ", out, append_file);
  return out += "\n}\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(simdjson::padded_string{text}).get(root); error)
    return damaged(simdjson::error_message(error));
  std::int64_t version = 0;
  dom::array files;
  if (root["format"].get(version) || root["files"].get(files))
    return damaged("it has no format and files");
  if (version != format_version)
    return damaged("it is of format " + std::to_string(version) + ", this program knows " +
                   std::to_string(format_version));
  Manifest manifest;
  for (const dom::element element : files) {
    dom::object object;
    if (element.get(object)) return damaged("a file is no object");
    auto file = read_file_entry(object);
    if (!file) return damaged("an entry lacks its file, rows, bytes, sha256 or windows");
    manifest.put(*std::move(file));
  }
  return manifest;
}

Result<Manifest> read_manifest(const std::string& folder, FileSystem& files) {
  std::string text;
  const auto read = read_all(path_of(folder, Manifest::name), files,
                             [&](std::string_view piece) { text += piece; });
  if (!read && read.error().code == Code::not_found) return Manifest{};
  if (!read) return std::unexpected(read.error());
  return parse_manifest(text);
}

Status write_manifest(const std::string& folder, const Manifest& manifest, FileSystem& files) {
  // Under one name while it is written, so that whoever dies here leaves it to the next.
  auto file = AtomicFile::go_on(path_of(folder, Manifest::name), {}, files);
  if (!file) return std::unexpected(std::move(file).error());
  auto done = (*file)->append(manifest_text(manifest));
  if (done) done = (*file)->finish();
  if (!done) (*file)->discard();
  return done;
}

Result<Position> measure_file(const std::string& path, FileSystem& files) {
  Position position;
  Sha256 hash;
  const auto read = read_all(path, files, [&](std::string_view piece) {
    hash.add(piece);
    position.bytes += piece.size();
  });
  if (!read) return std::unexpected(read.error());
  position.sha256 = hash.hex();
  return position;
}

}  // namespace callrail
