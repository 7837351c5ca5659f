// Why a scenario has no more nines: causes, structure, what survives and what would help, put into words and tables. `nines explain`.
#pragma once

#include <memory>
#include <vector>

#include "scenarios/run/answer.hpp"
#include "scenarios/run/sheets.hpp"

namespace nines::scenarios {

struct Explained {
  Book book;
  Stop stop = Stop::budget;
  std::vector<Broken> broken;
  std::shared_ptr<void> under_way;  // See Done.
};

// What independent atoms cannot express (a script, a trace, coupled repair) is said, and structure and survival are shown without numbers that would
// need them.
Explained explain(const Question& question);

// Of it only the departures from the reference architecture, and what each costs.
Book against_reference(const Question& question);

}  // namespace nines::scenarios
