#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/run/compare.hpp"
#include "scenarios/run/exact_answer.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {

Exit compare(const Arguments& arguments) {
  std::vector<Loaded> loaded;
  for (const std::string& operand : arguments.operands) {
    Arguments one = arguments;
    one.operands = {operand};
    auto read = load(one);
    if (!read) return read.error();
    loaded.push_back(std::move(*read));
  }
  listen_to_signals();
  std::vector<Compared> answers;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    const Scenario& scenario = loaded[i].scenario;
    Question question;
    question.scenario = &scenario;
    question.world = to_world(scenario);
    question.provenance.scenario = scenario.metadata.name;
    question.provenance.seed = scenario.simulation.seed;
    question.replications = static_cast<std::uint64_t>(scenario.simulation.replications);
    question.jobs = arguments.threads();
    question.max_time = arguments.max_time;
    question.interrupted = [] { return stop_asked(); };
    auto answered = arguments.method == Method::exact ? exact_answer(question) : Result<Answer>(answer(question));
    if (!answered) {
      log_errors(answered.error());
      log_error("the exact method cannot express " + arguments.operands[i]);
      return Exit::scenario_invalid;
    }
    for (const Broken& broken : answered->broken) log_error("a replication broke an invariant of nines itself: " + broken.what);
    const bool interrupted = answered->stop == Stop::interrupted;
    const Exit exit = !answered->broken.empty() ? Exit::internal_error : Exit::interrupted;
    if (answered->under_way) std::_Exit(static_cast<int>(exit));  // Not to wait for a replication that is still under way.
    if (!answered->broken.empty() || interrupted) return exit;
    // Two files may hold scenarios of one name: then what was typed tells them apart.
    std::string name = scenario.metadata.name;
    const auto same = [&](const Loaded& other) { return other.scenario.metadata.name == name; };
    if (std::count_if(loaded.begin(), loaded.end(), same) > 1) name = arguments.operands[i];
    answers.push_back({std::move(name), std::move(answered->report.metrics)});
  }
  const Book book = comparison(answers);
  switch (arguments.format.value_or(Format::table)) {
    case Format::json: return print(json(book));
    case Format::markdown: return print(markdown(book));
    default: return print(text(book));
  }
}

}  // namespace nines::scenarios
