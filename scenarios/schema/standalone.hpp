// Files that stand beside a scenario and name it: `kind: Sweep` and `kind: Incident`. Nothing here opens a file: whoever does is told its name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/decode.hpp"
#include "scenarios/schema/node.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

enum class FileKind : std::uint8_t { scenario, sweep, incident };

// What a text says it holds; a scenario where it says nothing, something else or is no YAML: its reader says what is wrong.
FileKind kind_of(std::string_view text);

// What both kinds begin with.
struct Beside {
  Metadata metadata;
  WrittenText scenario;           // A path beside this file, or a name of the library.
  std::vector<Setting> settings;  // `set:`, under those of the command line.
};

struct SweepFile {
  Beside beside;
  Sweep sweep;  // Its expectations, axes and condition are read against the scenario: Space::of().
};
Result<SweepFile> read_sweep_file(std::string_view text, const std::string& file);

struct IncidentFile {
  Beside beside;
  Node incident;  // Its script and all the rest, under its name.
};
Result<IncidentFile> read_incident_file(std::string_view text, const std::string& file);

// The scenario that it names, with the incident as its only one.
Result<Scenario> read_incident_scenario(const IncidentFile& incident, std::string_view text, const std::string& file, const Catalogs& catalogs,
                                        const std::vector<Setting>& settings);

std::string sweep_file_schema(Definitions& definitions);
std::string incident_file_schema(Definitions& definitions);

}  // namespace nines::scenarios
