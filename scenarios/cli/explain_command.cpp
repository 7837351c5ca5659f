#include <cstdlib>
#include <string>

#include <unistd.h>

#include "analysis/why/picture.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/run/explain.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {

Exit explain(const Arguments& arguments) {
  const auto loaded = load(arguments);
  if (!loaded) return loaded.error();
  const Scenario& scenario = loaded->scenario;

  Question question;
  question.scenario = &scenario;
  question.world = to_world(scenario);
  const Format format = arguments.format.value_or(Format::table);
  if (format == Format::mermaid) return print(analysis::mermaid(question.world));
  if (format == Format::dot) return print(analysis::dot(question.world));
  question.provenance.scenario = scenario.metadata.name;
  question.provenance.question = scenario.metadata.question;
  question.provenance.seed = scenario.simulation.seed;
  question.jobs = arguments.threads();
  question.max_time = arguments.max_time;
  question.interrupted = [] { return stop_asked(); };
  const auto print_book = [&](const Book& book) {
    return print(format == Format::json ? json(book) : format == Format::markdown ? markdown(book) : text(book));
  };
  if (arguments.against_reference) return print_book(against_reference(question));
  listen_to_signals();
  const Explained explained = explain(question);
  const Exit printed = print_book(explained.book);
  for (const Broken& broken : explained.broken) log_error("a life broke an invariant of nines itself: " + broken.what);
  const Exit exit = !explained.broken.empty() ? Exit::internal_error : explained.stop == Stop::interrupted ? Exit::interrupted : printed;
  // Not to wait for a life that is still under way.
  if (explained.under_way) std::_Exit(static_cast<int>(exit));
  return exit;
}

}  // namespace nines::scenarios
