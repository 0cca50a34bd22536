#include "completion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string verb_names() {
  std::string out;
  for (const VerbFacts& verb : verbs()) out.append(out.empty() ? "" : " ").append(verb.name);
  return out;
}

std::string endpoint_names(const Api& api) {
  std::string out;
  for (const Endpoint* endpoint : api.endpoints)
    out.append(out.empty() ? "" : " ").append(endpoint->name);
  return out;
}

std::string field_names(const Endpoint& endpoint) {
  std::string out;
  for (const Field& field : endpoint.fields)
    if (field.sent != Sent::single) out.append(out.empty() ? "" : " ").append(field.name);
  return out;
}

/// "--limit|-l"
std::string pattern(const Option& option) {
  std::string out = "--" + option.name;
  if (option.letter != 0) out += std::string{"|-"} + option.letter;
  return out;
}

std::vector<const Option*> flat(std::span<const OptionGroup> groups) {
  std::vector<const Option*> options;
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options) options.push_back(&option);
  return options;
}

std::string bash_values(const Option& option) {
  switch (option.completes) {
    case Completes::choices:
      return "__callrail_batch_offer '' \"" + joined(option.choices) + "\" ' '";
    case Completes::endpoints: return "__callrail_batch_list \"$endpoints\"";
    case Completes::fields: return "__callrail_batch_fields";
    case Completes::file:
      return "compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- \"$word\"))";
    case Completes::folder:
      return "compopt -o nospace 2>/dev/null; COMPREPLY=($(compgen -d -S / -- \"$word\"))";
    case Completes::nothing: break;
  }
  return ":";
}

// Words are taken from the line, not from COMP_WORDS, because bash splits those at ":" and "=".
constexpr const char* bash_frame =
    R"BASH(# callrail-batch completion for bash: source it, or put it where bash-completion looks.

__callrail_batch_fields_of() {{
  case $1 in
{fields}  esac
}}

# $1: what stands before the part to complete; $2: words for it; $3: what follows a word
__callrail_batch_offer() {{
  local part=${{word#"$1"}} known skip=
  # bash replaces only what stands behind its last word break
  case $COMP_WORDBREAKS in *:*) [[ $word == *:* ]] && skip=${{word%:*}}: ;; esac
  COMPREPLY=()
  for known in $2; do
    [[ $known == "$part"* ]] && COMPREPLY+=("$(printf '%s%s%s' "${{1#"$skip"}}" "$known" "$3")")
  done
}}

# Words with commas between.
__callrail_batch_list() {{
  local before=
  [[ $word == *,* ]] && before=${{word%,*}},
  compopt -o nospace 2>/dev/null
  __callrail_batch_offer "$before" "$1" ''
}}

# Fields of the endpoint before the colon, else of those named on the line, else of all.
__callrail_batch_fields() {{
  local names=$named name all= before=
  [[ -z $names ]] && names=$endpoints
  compopt -o nospace 2>/dev/null
  if [[ $word == *:* ]]; then
    names=${{word%:*}} names=${{names##*,}}
    before=${{word%:*}}:
    [[ ${{word##*:}} == *,* ]] && before=${{word%,*}},
    __callrail_batch_offer "$before" "$(__callrail_batch_fields_of "$names")" ''
    return
  fi
  for name in $names; do all+=" $(__callrail_batch_fields_of "$name")"; done
  all=$(printf '%s\n' $all | sort -u)
  for name in $names; do all+=" $name:"; done
  __callrail_batch_list "$all"
}}

_callrail_batch() {{
  local endpoints="{endpoints}" verbs="{verbs}"
  local options="{options}"
  local line=${{COMP_LINE:0:COMP_POINT}} word previous= named= verb= w
  local -a words
  [[ -z $line ]] && line="${{COMP_WORDS[*]:0:COMP_CWORD+1}}"
  [[ $line == *[[:space:]] ]] && line+="''"
  read -ra words <<<"$line"
  word=${{words[${{#words[@]}}-1]}}
  [[ $word == "''" ]] && word=
  words=("${{words[@]:1:${{#words[@]}}-2}}")
  for w in "${{words[@]}}"; do
    case $previous in
      -e|--endpoints) named+=" ${{w//,/ }}" ;;
      {with_value}) ;;
      *) case $w in
           --endpoints=*) w=${{w#*=}} named+=" ${{w//,/ }}"; w= ;;
           -*) ;;
           *) [[ -z $verb ]] && verb=$w ;;
         esac ;;
    esac
    previous=$w
  done
  COMPREPLY=()
  if [[ $word == --*=* ]]; then
    previous=${{word%%=*}} word=${{word#*=}}
  fi
  case $previous in
{values}  esac
  if [[ $word == -* ]]; then
    __callrail_batch_offer '' "$options" ' '
  elif [[ -z $verb ]]; then
    __callrail_batch_offer '' "$verbs" ' '
  elif [[ $verb == endpoints ]]; then
    __callrail_batch_offer '' "$endpoints" ' '
  elif [[ $verb == completion ]]; then
    __callrail_batch_offer '' "bash zsh fish" ' '
  elif [[ $verb == replay ]]; then
    compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o nospace -F _callrail_batch callrail-batch
)BASH";

/// Text for a single-quoted string of zsh's _arguments or of fish.
std::string quotable(std::string_view text, std::string_view escaped) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "’";
    } else {
      if (escaped.find(c) != escaped.npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh_action(const Option& option) {
  switch (option.completes) {
    case Completes::choices: return "(" + joined(option.choices) + ")";
    case Completes::endpoints: return "_sequence compadd - $endpoints";
    case Completes::fields: return "_sequence compadd - $fields";
    case Completes::file: return "_files";
    case Completes::folder: return "_files -/";
    case Completes::nothing: break;
  }
  return " ";
}

}  // namespace

std::string bash_completion(const Api& api, std::span<const OptionGroup> groups) {
  std::string fields, with_value, values;
  std::vector<std::string> options;
  for (const Endpoint* endpoint : api.endpoints)
    fields += fmt::format("    {}) echo \"{}\" ;;\n", endpoint->name, field_names(*endpoint));
  for (const Option* option : flat(groups)) {
    options.push_back("--" + option->name);
    if (option->value.empty()) continue;
    with_value += (with_value.empty() ? "" : "|") + pattern(*option);
    values += fmt::format("    {}) {}; return ;;\n", pattern(*option), bash_values(*option));
  }
  return fmt::format(bash_frame, fmt::arg("fields", fields),
                     fmt::arg("endpoints", endpoint_names(api)), fmt::arg("verbs", verb_names()),
                     fmt::arg("options", joined(options)), fmt::arg("with_value", with_value),
                     fmt::arg("values", values));
}

std::string zsh_completion(const Api& api, std::span<const OptionGroup> groups) {
  std::string fields, arguments;
  std::vector<std::string_view> all;
  for (const Endpoint* endpoint : api.endpoints)
    for (const Field& field : endpoint->fields)
      if (field.sent != Sent::single && std::ranges::find(all, field.name) == all.end())
        all.push_back(field.name);
  for (const Option* option : flat(groups)) {
    const std::string doc = quotable(option->doc, "[]:\\");
    const std::string value =
        option->value.empty() ? "" : ":" + option->value + ":" + zsh_action(*option);
    const char* repeat = option->repeatable ? "*" : "";
    arguments += fmt::format("    '{}--{}[{}]{}' \\\n", repeat, option->name, doc, value);
    if (option->letter != 0)
      arguments += fmt::format("    '{}-{}[{}]{}' \\\n", repeat, option->letter, doc, value);
  }
  return fmt::format(
      "#compdef callrail-batch\n"
      "# callrail-batch completion for zsh: put it into a folder of $fpath as _callrail-batch.\n\n"
      "_callrail-batch() {{\n"
      "  local -a endpoints=({}) fields=({})\n"
      "  _arguments -s \\\n{}"
      "    '1:verb:({})' \\\n"
      "    '*:name:{{compadd -- $endpoints bash zsh fish; _files}}'\n"
      "}}\n"
      "if [ \"$funcstack[1]\" = _callrail-batch ]; then\n"
      "  _callrail-batch \"$@\"\n"
      "else\n"
      "  compdef _callrail-batch callrail-batch\n"
      "fi\n",
      endpoint_names(api), fmt::join(all, " "), arguments, verb_names());
}

std::string fish_completion(const Api& api, std::span<const OptionGroup> groups) {
  std::string out =
      "# callrail-batch completion for fish: put it into ~/.config/fish/completions/.\n\n"
      "complete -c callrail-batch -f\n";
  for (const VerbFacts& verb : verbs())
    out += fmt::format("complete -c callrail-batch -n __fish_use_subcommand -a {} -d '{}'\n",
                       verb.name, quotable(verb.doc, "\\"));
  out += fmt::format(
      "complete -c callrail-batch -n '__fish_seen_subcommand_from endpoints' -a '{}'\n"
      "complete -c callrail-batch -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n"
      "complete -c callrail-batch -n '__fish_seen_subcommand_from replay' -F\n",
      endpoint_names(api));
  for (const Option* option : flat(groups)) {
    out += "complete -c callrail-batch -l " + option->name;
    if (option->letter != 0) out += std::string{" -s "} + option->letter;
    if (!option->value.empty()) out += " -r";
    std::string fields;
    switch (option->completes) {
      case Completes::choices: out += " -a '" + joined(option->choices) + "'"; break;
      case Completes::endpoints:
        out += " -a '(__fish_append , " + endpoint_names(api) + ")'";
        break;
      case Completes::fields:
        for (const Endpoint* endpoint : api.endpoints) fields += " " + field_names(*endpoint);
        out += " -a '(__fish_append ," + fields + ")'";
        break;
      case Completes::file: out += " -F"; break;
      case Completes::folder: out += " -a '(__fish_complete_directories)'"; break;
      case Completes::nothing: break;
    }
    out += fmt::format(" -d '{}'\n", quotable(option->doc, "\\"));
  }
  return out;
}

}  // namespace callrail::cli
