#include <algorithm>
#include <string>
#include <string_view>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/option_table.hpp"

namespace nines::scenarios {
namespace {

void append_options(std::string& out, Command command) {
  for (const Option& option : options()) {
    if ((option.commands & bit(command)) == 0) continue;
    std::string left = "  --" + std::string(long_name(option));
    if (const std::string_view letter = short_name(option); !letter.empty()) left = "  -" + std::string(letter) + "," + left.substr(1);
    if (option.value[0] != '\0') left += std::string(" ") + option.value;
    left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
    out += left + option.help + '\n';
  }
}

}  // namespace

std::string help_text() {
  std::string out =
      "nines: how many nines does a Raft-replicated cluster have, why not more, and at what price?\n"
      "\n"
      "usage: nines COMMAND [options]\n\n";
  std::string aside;
  for (const CommandText& text : commands()) {
    if (text.aside) {
      aside += std::string(aside.empty() ? "" : ", ") + text.name;
      continue;
    }
    std::string left = std::string("  ") + text.name;
    left.resize(12, ' ');
    out += left + text.summary + '\n';
  }
  out += "  and " + aside + '\n';
  out +=
      "\nnines COMMAND --help tells its options. Answers go to standard output, progress and messages to standard error.\n"
      "Exit codes: 0 fine, 1 internal error, 2 usage, 3 scenario invalid, 4 expectation failed, 5 comparison regression,\n"
      "6 interrupted, 7 expectation undecided, 8 input or output cannot be read or written.\n"
      "\nexample: nines run camunda-three-zones\n";
  return out;
}

std::string help_text(Command command) {
  const CommandText& text = text_of(command);
  std::string out = std::string("usage: nines ") + text.synopsis + "\n\n" + text.summary + "\n\n";
  append_options(out, command);
  return out + "\nexample: " + text.example + '\n';
}

}  // namespace nines::scenarios
