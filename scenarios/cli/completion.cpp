#include "scenarios/cli/completion.hpp"

#include <sstream>
#include <string_view>

namespace nines::scenarios {
namespace {

std::string with_blanks(const std::vector<std::string>& words, const char* between = " ") {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

std::size_t complaints(const std::vector<std::string>& words) {
  std::vector<const char*> typed{"nines"};
  for (const std::string& word : words) typed.push_back(word.c_str());
  const auto read = read_arguments(static_cast<int>(typed.size()), typed.data());
  return read ? 0 : read.error().size();
}

bool takes_value(const Option& option) { return option.value[0] != '\0'; }
bool takes_file(const Option& option) { return std::string_view(option.value) == "FILE"; }

std::vector<const Option*> options_of(Command command) {
  std::vector<const Option*> taken;
  for (const Option& option : options())
    if ((option.commands & bit(command)) != 0) taken.push_back(&option);
  return taken;
}

// What stands behind a command, besides files.
std::vector<std::string> operand_words(const CommandText& text, const BuiltIn& names) {
  const Operands operands = operands_of(text);
  std::vector<std::string> words = operands.words;
  if (operands.scenarios) words.insert(words.end(), names.scenarios.begin(), names.scenarios.end());
  if (operands.commands)
    for (const CommandText& other : commands()) words.emplace_back(other.name);
  return words;
}

// As typed: "--out", and "-o" where there is one.
std::vector<std::string> spellings(const Option& option) {
  std::vector<std::string> words{"--" + std::string(long_name(option))};
  if (const std::string_view letter = short_name(option); !letter.empty()) words.push_back("-" + std::string(letter));
  return words;
}

std::string shell_text(std::string_view text, const char* apostrophe) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(apostrophe) : std::string(1, c);
  return out + "'";
}

std::string bash_command(const CommandText& text, const BuiltIn& names) {
  std::vector<std::string> all, free;
  std::string cases;
  for (const Option* option : options_of(text.command)) {
    all.push_back(spellings(*option).front());
    if (!takes_value(*option)) continue;
    const std::vector<std::string> spelled = spellings(*option), chosen = choices(text.command, *option, names);
    if (takes_file(*option)) {
      cases += "        " + with_blanks(spelled, " | ") + ") options= words= files=yes ;;\n";
    } else if (!chosen.empty()) {
      cases += "        " + with_blanks(spelled, " | ") + ") options= words='" + with_blanks(chosen) + "' files= ;;\n";
    } else {
      free.insert(free.end(), spelled.begin(), spelled.end());
    }
  }
  if (!free.empty()) cases += "        " + with_blanks(free, " | ") + ") return ;;\n";
  std::string out =
      std::string("    ") + text.name + ")\n      options='" + with_blanks(all) + "'\n      words='" + with_blanks(operand_words(text, names)) + "'\n";
  if (operands_of(text).files) out += "      files=yes\n";
  if (!cases.empty()) out += "      case $before in\n" + cases + "      esac\n";
  return out + "      ;;\n";
}

std::string bash(const BuiltIn& names) {
  std::vector<std::string> with_value, all;
  for (const Option& option : options()) {
    if (!takes_value(option)) continue;
    const std::vector<std::string> spelled = spellings(option);
    with_value.insert(with_value.end(), spelled.begin(), spelled.end());
  }
  for (const CommandText& text : commands()) all.emplace_back(text.name);
  std::string out = R"sh(# Completion of `nines` for bash, as `nines completion bash` prints it.
_nines() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= options= words= files= i
  # The '=' of --format=json is a word to bash.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      WITH_VALUE)
        [[ ${COMP_WORDS[i + 1]} != = ]] || ((++i))
        ((++i))
        ;;
      -*) ;;
      *)
        command=${COMP_WORDS[i]}
        break
        ;;
    esac
  done
  case $command in
    '')
      options='--help --version'
      words='COMMANDS'
      ;;
)sh";
  out.replace(out.find("WITH_VALUE"), 10, with_blanks(with_value, " | "));
  out.replace(out.find("COMMANDS"), 8, with_blanks(all));
  for (const CommandText& text : commands()) out += bash_command(text, names);
  return out + R"sh(  esac
  [[ $word != -* || -z $options ]] || words=$options files=
  mapfile -t COMPREPLY < <(
    compgen -W "$words" -- "$word"
    [[ -z $files ]] || compgen -f -- "$word"
  )
  [[ -z $files ]] || compopt -o filenames 2>/dev/null
}
complete -F _nines nines
)sh";
}

std::string zsh_option(Command command, const Option& option, const BuiltIn& names) {
  std::string help = "[";
  for (const char* c = option.help; *c != '\0'; ++c) help += *c == ']' || *c == '[' || *c == '\\' ? std::string("\\") + *c : std::string(1, *c);
  help += ']';
  const std::vector<std::string> chosen = choices(command, option, names);
  if (takes_file(option)) {
    help += ":FILE:_files";
  } else if (!chosen.empty()) {
    help += std::string(":") + option.value + ":(" + with_blanks(chosen) + ")";
  } else if (takes_value(option)) {
    help += std::string(":") + option.value + ": ";
  }
  const std::string name = "--" + std::string(long_name(option)) + (takes_value(option) ? "=" : "");
  const std::string_view letter = short_name(option);
  if (letter.empty()) return shell_text((may_repeat(option) ? "*" : "") + name + help, R"('\'')");
  const std::string brief = "-" + std::string(letter);
  const std::string once = may_repeat(option) && takes_value(option) ? "'*'{" : "'(" + brief + " --" + std::string(long_name(option)) + ")'{";
  return once + brief + (takes_value(option) ? "+" : "") + "," + name + "}" + shell_text(help, R"('\'')");
}

std::string zsh(const BuiltIn& names) {
  std::string out = R"sh(#compdef nines
# Completion of `nines` for zsh, as `nines completion zsh` prints it.
_nines_operand() {
  _alternative "names:name:($1)" ${2:+'files:file:_files'}
}
_nines() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ':command:->command' '*::argument:->argument'
  if [[ $state == command ]]; then
    local -a commands=(
)sh";
  for (const CommandText& text : commands()) out += "      " + shell_text(std::string(text.name) + ":" + text.summary, R"('\'')") + '\n';
  out += "    )\n    _describe command commands\n    return\n  fi\n  case $words[1] in\n";
  for (const CommandText& text : commands()) {
    out += std::string("    ") + text.name + ")\n      _arguments \\\n";
    for (const Option* option : options_of(text.command)) out += "        " + zsh_option(text.command, *option, names) + " \\\n";
    const std::vector<std::string> words = operand_words(text, names);
    const bool files = operands_of(text).files;
    if (words.empty())
      out += files ? "        '*:file:_files'\n" : "        ':: :'\n";
    else
      out += "        '*:name: _nines_operand \"" + with_blanks(words) + "\"" + (files ? " files" : "") + "'\n";
    out += "      ;;\n";
  }
  return out + "  esac\n}\nif [[ $funcstack[1] == _nines ]]; then\n  _nines \"$@\"\nelse\n  compdef _nines nines\nfi\n";
}

std::string fish(const BuiltIn& names) {
  const char* apostrophe = R"(\')";
  std::string out = "# Completion of `nines` for fish, as `nines completion fish` prints it.\ncomplete -c nines -f\n";
  for (const CommandText& text : commands())
    out += std::string("complete -c nines -n __fish_use_subcommand -a ") + text.name + " -d " + shell_text(text.summary, apostrophe) + '\n';
  for (const CommandText& text : commands()) {
    const std::string start = std::string("complete -c nines -n '__fish_seen_subcommand_from ") + text.name + "'";
    const std::vector<std::string> words = operand_words(text, names);
    if (!words.empty()) out += start + " -a '" + with_blanks(words) + "'\n";
    if (operands_of(text).files) out += start + " -F\n";
    for (const Option* option : options_of(text.command)) {
      out += start + " -l " + std::string(long_name(*option));
      if (const std::string_view letter = short_name(*option); !letter.empty()) out += " -s " + std::string(letter);
      const std::vector<std::string> chosen = choices(text.command, *option, names);
      if (takes_file(*option)) {
        out += " -r -F";
      } else if (takes_value(*option)) {
        out += " -x" + (chosen.empty() ? std::string() : " -a '" + with_blanks(chosen) + "'");
      }
      out += " -d " + shell_text(option->help, apostrophe) + '\n';
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> choices(Command command, const Option& option, const BuiltIn& names) {
  if (std::string_view(option.words) == "@profiles") return names.profiles;
  std::vector<std::string> taken;
  const std::string name = "--" + std::string(long_name(option));
  const std::size_t without = complaints({word(command)});
  for (std::string& choice : split(option.words))
    if (complaints({word(command), name, choice}) <= without) taken.push_back(std::move(choice));
  return taken;
}

std::string completion_script(Shell shell, const BuiltIn& names) {
  switch (shell) {
    case Shell::bash: return bash(names);
    case Shell::zsh: return zsh(names);
    case Shell::fish: return fish(names);
  }
  return {};
}

}  // namespace nines::scenarios
