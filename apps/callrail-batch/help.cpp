#include "texts.hpp"

#include <fmt/format.h>

namespace callrail::cli {
namespace {

constexpr std::size_t width = 98, doc_column = 28;

std::string notes(const Option& option) {
  std::string out;
  if (!option.fallback.empty())
    out = "default " + option.fallback;
  else if (!option.fallback_doc.empty())
    out = "default: " + option.fallback_doc;
  if (!option.environment.empty()) out += (out.empty() ? "" : "; ") + option.environment;
  return out.empty() ? out : " [" + out + "]";
}

void entry(std::string& out, std::string head, const std::string& doc) {
  head = "  " + head;
  if (columns(head) + 2 > doc_column)
    head += "\n" + std::string(doc_column, ' ');
  else
    head.resize(head.size() + doc_column - columns(head), ' ');
  out += head + wrapped(doc, width - doc_column, doc_column) + "\n";
}

std::string first_names(const Api& api, std::size_t from, std::size_t count) {
  std::string out;
  for (std::size_t i = from; i < api.endpoints.size() && i < from + count; ++i)
    out.append(out.empty() ? "" : ",").append(api.endpoints[i]->name);
  return out;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return n;
}

std::string wrapped(std::string_view text, std::size_t most, std::size_t indent) {
  std::string out, line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && columns(line) + 1 + columns(word) > most) {
      out += line + "\n" + std::string(indent, ' ');
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(word);
  }
  return out + line;
}

std::string help_text(const Api& api, std::span<const OptionGroup> groups) {
  std::string out =
      "callrail-batch reads all of an account's CallRail data into files and databases.\n\n"
      "Usage: callrail-batch [VERB] [OPTIONS]\n\n"
      "Verbs:\n";
  for (const VerbFacts& verb : verbs())
    entry(out, fmt::format("{}{}{}", verb.name, verb.words.empty() ? "" : " ", verb.words),
          std::string{verb.doc});
  for (const OptionGroup& group : groups) {
    out += "\n" + group.title + ":\n";
    for (const Option& option : group.options)
      entry(out, spelling(option), option.doc + notes(option));
  }
  out += "\nThe key of the API is never an option, because everybody on a machine sees them:\n";
  entry(out, "CALLRAIL_API_KEY", "the key");
  entry(out, "CALLRAIL_API_KEY_FILE", "or a file with the key, which only its owner can read");
  out += "An option wins over the environment, that over .env, that over the default.\n";
  out += fmt::format(
      "\nExamples:\n"
      "  callrail-batch --endpoints {}\n"
      "  callrail-batch --all --format jsonl --output out/\n"
      "  callrail-batch -e {} --start-date 2026-01-01 --end-date 2026-01-31 -o -\n"
      "  callrail-batch --all --output sqlite:callrail.db --migrate\n"
      "\nExit codes: 0 complete; 1 an endpoint failed or was refused, or a row was rejected; "
      "2 wrong\n"
      "options, or tables that are not there, nothing was requested; 3 the key was refused; 4 API "
      "out\n"
      "of reach or quota used up; 5 the destination failed; 6 answers differ from the schema\n"
      "(--strict); 7 a list did not add up (--strict); 8 another run holds the destination; 129, "
      "130,\n"
      "143 interrupted.\n",
      first_names(api, 0, 2), first_names(api, api.endpoints.size() > 1 ? 1 : 0, 1));
  return out;
}

}  // namespace callrail::cli
