#include "scenarios/cli/cli.hpp"

#include <cstdlib>
#include <exception>
#include <new>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/sweep_setup.hpp"

namespace nines::scenarios {
namespace {

Exit dispatch(int argc, char** argv, Ranks* ranks) {
  const auto arguments = read_arguments(argc, argv);
  if (!arguments) {
    log_errors(arguments.error());
    log_plain("Try 'nines help'.\n");
    return Exit::usage;
  }
  if (arguments->quiet) start_log(Loudness::errors_only);
  if (arguments->help) return print(arguments->command == Command::help ? help_text() : help_text(arguments->command));
  switch (arguments->command) {
    case Command::run: return run_scenario(*arguments);
    case Command::incident: return incident(*arguments);
    case Command::explain: return explain(*arguments);
    case Command::cost: return cost(*arguments);
    case Command::compare: return compare(*arguments);
    case Command::sweep: return sweep(*arguments, ranks);
    case Command::merge: return merge(*arguments);
    case Command::submit: return submit(*arguments);
    case Command::import: return import_deployment(*arguments);
    case Command::fuzz: return fuzz(*arguments);
    case Command::fit: return fit(*arguments);
    case Command::validate: return validate(*arguments);
    case Command::list: return list(*arguments);
    case Command::init: return init(*arguments);
    case Command::schema: return schema(*arguments);
    case Command::completion: return completion(*arguments);
    case Command::manual: return manual(*arguments);
    case Command::version: return version(*arguments);
    case Command::help: return help(*arguments);
  }
  return Exit::internal_error;
}

}  // namespace

int command_line(int argc, char** argv, Ranks* ranks) {
  guard_standard_streams();
  start_log(Loudness::normal);
  Exit exit = Exit::internal_error;
  try {
    if (ranks != nullptr && ranks->rank() != 0) {
      ranks->serve(open_sweep);
      return static_cast<int>(Exit::fine);
    }
    exit = dispatch(argc, argv, ranks);
    if (ranks != nullptr) ranks->end();
  } catch (const UnreadableJournal& unreadable) {
    log_errors(unreadable.errors);
    exit = Exit::input_or_output;
  } catch (const std::bad_alloc&) {
    log_error("out of memory");
  } catch (const std::exception& error) {
    log_error(std::string("this is a bug of nines, please report it: ") + error.what());
  }
  return static_cast<int>(exit);
}

}  // namespace nines::scenarios
