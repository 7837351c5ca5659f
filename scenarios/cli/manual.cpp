#include "scenarios/cli/manual.hpp"

#include <cctype>
#include <string_view>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/exit.hpp"
#include "scenarios/cli/option_table.hpp"

namespace nines::scenarios {
namespace {

// Text as roff prints it unchanged. Hyphens are the ones that are typed, so that options can be copied from the page.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '"': out += "\\(dq"; break;
      case '~': out += "\\(ti"; break;
      case '^': out += "\\(ha"; break;
      default: out += c;
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + '.';
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }
std::string section(const char* name) { return std::string(".SH ") + name + '\n'; }
std::string entry(const std::string& term, const std::string& text) { return ".TP\n" + term + '\n' + text + '\n'; }

std::string head(const std::string& name, std::string_view summary) {
  std::string upper;
  for (const char c : name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return ".TH " + roff(upper) + " 1 \"\" \"nines " + program_version() + "\" \"nines\"\n.nh\n.ad l\n" + section("NAME") + roff(name) + " \\- " +
         roff(summary) + '\n';
}

const char* meaning(Exit exit) {
  switch (exit) {
    case Exit::fine: return "Fine.";
    case Exit::internal_error: return "Internal error: a broken invariant, told with the command that repeats it. nines fuzz: something was found.";
    case Exit::usage: return "Usage.";
    case Exit::scenario_invalid: return "A scenario, or what it draws on, is invalid.";
    case Exit::expectation_failed: return "An expectation failed: none of its 95 % interval meets it.";
    case Exit::comparison_regression: return "A comparison found that something got worse.";
    case Exit::interrupted: return "Interrupted; what is known so far was printed.";
    case Exit::expectation_undecided: return "An expectation is undecided: its interval lies on both sides of the bound.";
    case Exit::input_or_output: return "Input or output cannot be read or written.";
  }
  return nullptr;
}

std::string exit_status() {
  std::string out = section("EXIT STATUS");
  for (int code = 0; code < 64; ++code)
    if (const char* text = meaning(static_cast<Exit>(code))) out += entry(bold(std::to_string(code)), roff(text));
  return out;
}

std::string environment() {
  return section("ENVIRONMENT") + entry(bold("NO_COLOR"), "If it is set and not empty, nothing is printed in colours.") +
         entry(bold("TERM"), "If it is " + italic("dumb") + ", progress is told in lines, as it is where there is no terminal.");
}

std::string files() {
  return section("FILES") +
         "The library of scenarios and the catalogues are part of the program, and no configuration is read: an answer depends on the command line "
         "and "
         "on the files that it names.\n";
}

std::string page_of(const CommandText& text) { return std::string("nines-") + text.name; }

std::string see_also(const CommandText* except) {
  std::string out;
  const auto add = [&](const std::string& page) { out += std::string(out.empty() ? "" : ",\n") + ".BR " + roff(page) + " (1)"; };
  if (except != nullptr) add("nines");
  for (const CommandText& text : commands())
    if (&text != except) add(page_of(text));
  return section("SEE ALSO") + out + '\n';
}

std::string options_section(Command command) {
  std::string out = section("OPTIONS");
  for (const Option& option : options()) {
    if ((option.commands & bit(command)) == 0) continue;
    std::string term;
    if (const std::string_view letter = short_name(option); !letter.empty()) term = bold("-" + std::string(letter)) + ", ";
    term += bold("--" + std::string(long_name(option)));
    if (option.value[0] != '\0') term += ' ' + italic(option.value);
    out += entry(term, roff(option.help));  // As it is: it may begin with a word to type.
  }
  return out;
}

}  // namespace

std::string manual_page() {
  std::string out = head("nines", "how many nines a Raft-replicated cluster has, why not more, and at what price");
  out += section("SYNOPSIS") + bold("nines") + ' ' + italic("COMMAND") + " [" + italic("options") + "]\n";
  out += section("DESCRIPTION");
  out +=
      "nines builds a cluster in memory, lets machines crash, zones fail and operators err as often as they do, and simulates every election message "
      "by message over thousands of years. What can be solved is solved too, and the two are held against each other.\n"
      ".PP\n"
      "What stands where, which system runs on it, what may break and what is expected is a scenario: a file in YAML, or the name of one that is "
      "built "
      "in. Answers go to standard output, progress and messages to standard error. The same scenario and seed give the same bytes for any number of "
      "threads.\n";
  out += section("COMMANDS");
  for (const CommandText& text : commands()) out += entry(bold(text.name), roff(sentence(text.summary)));
  out += exit_status() + files() + environment();
  out += section("EXAMPLES");
  for (const CommandText& text : commands()) out += entry(bold(text.example), roff(sentence(text.summary)));
  return out + see_also(nullptr);
}

std::string manual_page(Command command) {
  const CommandText& text = text_of(command);
  const Operands operands = operands_of(text);
  std::string out = head(page_of(text), text.summary);
  out += section("SYNOPSIS") + bold("nines") + ' ' + roff(text.synopsis) + '\n';
  out += section("DESCRIPTION") + roff(sentence(text.summary)) + '\n';
  if (operands.scenarios)
    out += ".PP\n" + italic("FILE") + " is a scenario in YAML, \\- standard input; " + italic("NAME") + " is one of those that " +
           bold("nines list scenarios") + " shows. A file wins over a name.\n";
  out += options_section(command) + exit_status() + files() + environment();
  out += section("EXAMPLES") + ".nf\n" + bold(text.example) + "\n.fi\n";
  return out + see_also(&text);
}

}  // namespace nines::scenarios
