// What the commands about sweeps begin with: the files read, the space, and what tells this sweep from every other.
#pragma once

#include <memory>
#include <string>

#include "analysis/stats/provenance.hpp"
#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/exit.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/sweep/course.hpp"
#include "scenarios/sweep/points.hpp"

namespace nines::scenarios {

struct SweepSetup {
  std::shared_ptr<const Catalogs> catalogs;  // The space looks into it.
  LoadedSweep loaded;
  Sweep::Method method = Sweep::Method::simulate;
  std::shared_ptr<const Points> points;
  analysis::Provenance provenance;  // As far as it is known before the work.
  // Version of nines and its catalogues, every file that was read, and what was typed, as JSON: of two runs with the same, each can go on with the
  // journal of the other, and `nines merge` needs nothing else.
  std::string identity;
  std::uint64_t selected = 0;  // Points, at most.
};

// A line for a shell that works on the points of this unit, and on no others, as those arguments do.
std::string to_repeat(Arguments arguments, const Unit& unit);

// From a file or a name of the library; says on standard error what is wrong.
tl::expected<SweepSetup, Exit> set_up_sweep(const Arguments& arguments);

// From what a journal begins with. The arguments are those of the run that began it.
tl::expected<SweepSetup, Exit> recall_sweep(const std::string& identity, const std::string& folder);

// The same, for a rank that works on units; empty where that cannot be, which is told on standard error.
Perform open_sweep(const std::string& identity);

}  // namespace nines::scenarios
