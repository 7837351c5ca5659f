// Scenarios, sweeps and incidents by a file's path or a name of the library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/cli/arguments.hpp"
#include "scenarios/cli/exit.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/standalone.hpp"
#include "scenarios/sweep/space.hpp"

namespace nines::scenarios {

struct Loaded {
  Scenario scenario;
  std::string text;               // As it was read; of an incident's own file where that is what was named.
  std::vector<SourceFile> texts;  // All that was read, by the names in messages.
};

// A sweep, its scenario's own or that of a file beside it.
struct LoadedSweep {
  Metadata metadata;              // Of the file that holds the sweep.
  std::string text;               // Of the same, as it was read.
  Scenario scenario;              // What varies, before anything does.
  SpaceSource source;             // For Space::of().
  std::vector<SourceFile> texts;  // All that was read, by the names in messages.
};

// Why not, for standard error, and the exit code that goes with it.
struct Refusal {
  Exit exit = Exit::scenario_invalid;
  std::string text;
};

// Errors of several files, each under the line it speaks of.
std::string render(const Errors& errors, const std::vector<SourceFile>& texts, std::string_view severity = "error");

// The embedded catalogues. An error in one of them is a bug of this build.
std::optional<Catalogs> built_in_catalogs();  // Says on standard error what is wrong with them.

// What an operand holds; a scenario where it cannot be read: whoever loads it says why.
FileKind kind_of_operand(const std::string& operand);

// "-" is standard input; a file wins over a name of the library. Of files that hold no scenario, an incident's is loaded where it is wanted.
// `text_of_it`: what stands in it, where the operand is the file of a result.
enum class Wanted : unsigned char { scenario, scenario_or_incident };
tl::expected<Loaded, Refusal> load(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings,
                                   Wanted wanted = Wanted::scenario, const std::string& text_of_it = {});
tl::expected<LoadedSweep, Refusal> load_sweep(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings);
// The same from texts that were read before: the file that holds the sweep, then the scenario it names where it names one.
tl::expected<LoadedSweep, Refusal> read_sweep(std::vector<SourceFile> texts, std::optional<TraceFile> trace, const Catalogs& catalogs,
                                              const std::vector<Setting>& settings);

// The instants of the incident's recorded load, whose path is relative to the scenario's file.
tl::expected<void, Refusal> load_arrivals(const Arguments& arguments, const Loaded& loaded, Incident& incident);

// The command's scenario, with what there is to say of it on standard error; or the exit code.
tl::expected<Loaded, Exit> load(const Arguments& arguments, Wanted wanted = Wanted::scenario);

}  // namespace nines::scenarios
