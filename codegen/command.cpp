#include "command.hpp"

#include "commands/accept.hpp"
#include "commands/diff.hpp"
#include "commands/files.hpp"
#include "commands/infer.hpp"
#include "emit/output.hpp"
#include "model/schema.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <ostream>

namespace callrail::codegen {
namespace {

constexpr const char* usage = R"(callrail-codegen turns the description of the API into code.

  callrail-codegen emit SCHEMA --out DIR [--stamp FILE]   write what differs, remove what is gone
  callrail-codegen check SCHEMA --out DIR                 say what emit would change
  callrail-codegen list SCHEMA                            name the files emit writes
  callrail-codegen diff OLD NEW | diff --against REV [SCHEMA]
                                                          what a change of the schema breaks, and for whom;
                                                          exit code 3: migrate, 4: breaks
  callrail-codegen accept PATCH [--schema FILE] [--out DIR] [--quiet]
                                                          apply a patch of the schema, emit, show what changed
  callrail-codegen infer PAGE… [--schema FILE] [--name NAME] [--path PATH] [--rows NAME] [--examples] [--facts]
                                                          draft an endpoint from saved answers or a recording
  callrail-codegen --help | --version

Exit code: 0 all is well, 1 the schema has mistakes, a patch does not fit or files are not current, 2 wrong use.
)";

struct Arguments {
  std::string action, schema, out, stamp;
};

/// What is wrong with the arguments, or nothing.
std::optional<std::string> read(const std::vector<std::string>& given, Arguments& read) {
  std::vector<std::string> places;
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string* option = nullptr;
    if (given[i] == "--out") option = &read.out;
    if (given[i] == "--stamp") option = &read.stamp;
    if (!option && given[i].starts_with('-')) return "unknown option " + given[i];
    if (!option) {
      places.push_back(given[i]);
    } else {
      if (i + 1 == given.size()) return given[i] + " wants a value";
      *option = given[++i];
    }
  }
  if (places.empty()) return "no command";
  read.action = places[0];
  if (read.action != "emit" && read.action != "check" && read.action != "list")
    return "unknown command " + read.action;
  if (places.size() != 2) return read.action + " wants one schema file";
  read.schema = places[1];
  if (read.action != "list" && read.out.empty()) return read.action + " wants --out DIR";
  if (read.action == "list" && !read.out.empty()) return "list has no --out";
  if (read.action != "emit" && !read.stamp.empty()) return read.action + " has no --stamp";
  return std::nullopt;
}

std::unique_ptr<Output> output_for(const Arguments& arguments, std::ostream& out,
                                   std::ostream& complaints) {
  if (arguments.action == "emit")
    return std::make_unique<DiskOutput>(arguments.out, out, complaints);
  if (arguments.action == "check") return std::make_unique<CheckOutput>(arguments.out, complaints);
  return std::make_unique<ListOutput>(out);
}

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints) {
  if (arguments == std::vector<std::string>{"--help"}) {
    out << usage;
    return 0;
  }
  if (arguments == std::vector<std::string>{"--version"}) {
    out << "callrail-codegen " << CALLRAIL_VERSION << '\n';
    return 0;
  }
  if (!arguments.empty() && arguments.front() == "diff")
    return diff({arguments.begin() + 1, arguments.end()}, out, complaints);
  if (!arguments.empty() && arguments.front() == "accept")
    return accept({arguments.begin() + 1, arguments.end()}, out, complaints);
  if (!arguments.empty() && arguments.front() == "infer")
    return infer({arguments.begin() + 1, arguments.end()}, out, complaints);
  Arguments wanted;
  if (const auto wrong = read(arguments, wanted)) {
    complaints << "callrail-codegen: " << *wrong << "\n\n" << usage;
    return 2;
  }
  const std::string source = read_file(wanted.schema).value_or("");
  if (source.empty()) {
    complaints << "callrail-codegen: " << wanted.schema << " is empty or cannot be read\n";
    return 2;
  }

  const Loaded loaded = load_schema(source, public_name(wanted.schema));
  if (!loaded.mistakes.empty()) {
    for (const auto& line : loaded.mistakes.lines(wanted.schema)) complaints << line << '\n';
    return 1;
  }
  const auto output = output_for(wanted, out, complaints);
  for (const auto& file : emit_all(loaded.schema)) output->put(file);
  if (!output->done()) return 1;
  if (!wanted.stamp.empty()) std::ofstream{wanted.stamp} << "";
  return 0;
}

}  // namespace callrail::codegen
