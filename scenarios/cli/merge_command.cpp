#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/cli/stoppable.hpp"
#include "scenarios/cli/sweep_answer.hpp"
#include "scenarios/cli/sweep_setup.hpp"

namespace nines::scenarios {
namespace {

// "sweep.h5" and "sweep.h5.journal" mean the same.
std::string folder_of(const std::string& operand) {
  const std::string_view extension = ".journal";
  return operand.ends_with(extension) ? operand : operand + std::string(extension);
}

Exit merged(const Arguments& arguments, const std::vector<std::string>& folders, const std::string& identity) {
  auto setup = recall_sweep(identity, folders.front());
  if (!setup) return setup.error();
  if (const auto refused = refuse_target(arguments, *setup)) return *refused;
  auto journal = Journal::read(folders, identity);
  if (!journal) {
    log_errors(journal.error());
    return Exit::input_or_output;
  }
  for (const std::string& damage : journal->damage()) log_warning(damage);
  const Survey surveyed = survey(*setup->points, setup->method, arguments.threads());
  Working nobody{.jobs = arguments.threads()};
  nobody.work = [](Queue& queue, const Execute&, Journal&, const Watch&) {
    Worked worked;
    worked.stop = queue.size() > 0 ? Stop::interrupted : Stop::budget;
    return worked;
  };
  const Course course = work_through(*setup->points, surveyed, setup->method, *journal, nobody);
  if (!course.complete()) {
    log_error(analysis::grouped(course.finished) + " of " + analysis::counted(course.units, "units") +
              " are there; the others are not finished: run the shards that are missing, or again with --resume, and merge then");
    return Exit::interrupted;
  }
  return conclude_sweep(arguments, *setup, *journal, course.stop_reason(), "");
}

}  // namespace

Exit merge(const Arguments& typed) {
  Arguments arguments = typed;
  std::vector<std::string> folders;
  for (const std::string& operand : typed.operands) folders.push_back(folder_of(operand));
  const std::string& first = folders.front();
  if (arguments.out.empty()) arguments.out = first.substr(0, first.size() - std::string_view(".journal").size());
  if (!result_kind_of(arguments.out)) {
    log_error("the extension of '" + arguments.out + "' must say what to write: .h5, .csv or .jsonl; -o names another file");
    return Exit::usage;
  }
  const auto identity = Journal::identity_of(first);
  if (!identity) {
    log_errors(identity.error());
    return Exit::input_or_output;
  }
  listen_to_signals();
  Exit exit = Exit::internal_error;
  work_unless_stopped([&] { exit = merged(arguments, folders, *identity); }, {}, "before it was done; the journals are as they were");
  return exit;
}

}  // namespace nines::scenarios
