// How the commands about sweeps end: the file of results, what people and programs are told, and the exit code.
#pragma once

#include <optional>
#include <string>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/exit.hpp"
#include "scenarios/cli/sweep_setup.hpp"
#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/result.hpp"

namespace nines::scenarios {

// What a file of this name holds; nothing where the extension says nothing of results.
std::optional<ResultKind> result_kind_of(const std::string& path);

// Before the work: whether the file of -o can be written, and every axis has a name of its own in it; says on standard error why not.
std::optional<Exit> refuse_target(const Arguments& arguments, const SweepSetup& setup);

// Writes the file of -o, prints, and says how the expectations fared. `stop_reason`: why there is no more of it. `note`: a sentence for people; may be
// empty. Exit::interrupted where the file cannot be written after all, and the journal still has everything.
Exit conclude_sweep(const Arguments& arguments, const SweepSetup& setup, Journal& journal, const std::string& stop_reason, const std::string& note);

}  // namespace nines::scenarios
