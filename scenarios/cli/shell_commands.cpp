#include <algorithm>
#include <string>
#include <vector>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/completion.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/manual.hpp"
#include "scenarios/cli/suggest.hpp"
#include "scenarios/run/resources.hpp"

namespace nines::scenarios {

Exit completion(const Arguments& arguments) {
  const std::vector<std::string> shells = operands_of(text_of(Command::completion)).words;
  const std::string& shell = arguments.operands.front();
  const auto found = std::find(shells.begin(), shells.end(), shell);
  if (found == shells.end()) {
    log_error("no completion for '" + shell.substr(0, 80) + "'" + suggest(shell, shells));
    return Exit::usage;
  }
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return Exit::internal_error;
  BuiltIn names{.scenarios = library_names(), .profiles = {}};
  for (const ProfileEntry& entry : catalogs->profiles) {
    names.profiles.push_back(entry.profile.name);
    names.profiles.insert(names.profiles.end(), entry.aliases.begin(), entry.aliases.end());
  }
  return print(completion_script(shell == "bash" ? Shell::bash : shell == "zsh" ? Shell::zsh : Shell::fish, names));
}

Exit manual(const Arguments& arguments) {
  if (arguments.operands.empty()) return print(manual_page());
  const auto command = command_called(arguments.operands.front());
  return command ? print(manual_page(*command)) : Exit::usage;
}

}  // namespace nines::scenarios
