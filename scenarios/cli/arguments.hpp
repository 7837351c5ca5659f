// What was typed after `nines`, read and checked; nothing is done yet.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/import/helm.hpp"
#include "scenarios/run/gate.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/sweep/shard.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

enum class Format : std::uint8_t { table, json, jsonl, csv, markdown, mermaid, dot, hdf5, junit, github };

enum class Method : std::uint8_t { simulate, exact, rare, adaptive };

enum class Command : std::uint8_t {
  run,
  incident,
  explain,
  fuzz,
  validate,
  list,
  init,
  schema,
  version,
  help,
  fit,
  cost,
  compare,
  completion,
  manual,
  sweep,
  merge,
  submit,
  import
};

// fit: what was watched, and which columns mean what.
struct FitOptions {
  std::uint64_t elements = 0;  // --elements
  Duration window{0};          // --window
  std::string scope = "node", effect = "stop";
  IncidentColumns columns;  // --column, --time-format, --where
};

// incident: which, and what is other than the scenario says.
struct IncidentOptions {
  std::string name;                   // --incident; empty: the first, or the built-in one.
  std::optional<Duration> length;     // --length
  std::optional<double> rate;         // --rate
  std::optional<int> clients;         // --clients
  bool without_flow_control = false;  // --flow-control off
};

// sweep: which part of it, and what about an earlier run.
struct SweepOptions {
  std::vector<std::string> only;  // --only
  std::optional<Shard> shard;     // --shard
  bool resume = false;            // --resume
  bool keep_journal = false;      // --keep-journal
  bool list = false;              // --list
  bool dry_run = false;           // --dry-run
};

// submit: to whom, in how many parts.
struct SubmitOptions {
  enum class Engine : std::uint8_t { slurm, kubernetes };
  std::optional<Engine> engine;  // --engine
  std::uint32_t shards = 0;      // --shards
  std::string image;             // --image, of containers
};

// import: files of values, and what no file says.
struct ImportOptions {
  std::vector<std::string> values;  // --values
  ImportSettings settings;          // --chart-version, --zones, --machine, --region
};

struct Arguments {
  Command command = Command::help;
  std::vector<std::string> operands;
  std::optional<Format> format;   // --format
  std::string out;                // -o, --out; empty: none
  std::vector<Setting> settings;  // --set, and the options below that stand for one, in the order of their precedence.
  std::optional<std::chrono::duration<double>> max_time;
  std::optional<double> relative_error;  // --relative-error, a fraction
  std::optional<double> level;           // --slo, a fraction
  std::optional<double> uptime;          // cost: --uptime, a fraction
  std::optional<cost::Date> as_of;       // cost: --as-of; absent: today
  Method method = Method::simulate;      // run: --method
  bool method_is_typed = false;
  std::optional<std::uint64_t> only_replication;
  std::uint64_t first_seed = 0;        // fuzz: --seed
  std::optional<std::uint64_t> seeds;  // fuzz: --seeds
  std::string profile;                 // fuzz: --profile; empty: all of the catalogue, and mixed rules.
  FitOptions fit;
  IncidentOptions incident;
  SweepOptions sweep;
  SubmitOptions submit;
  ImportOptions import_options;
  bool against_reference = false;  // explain: --against reference
  bool gate = false;               // compare: --gate
  GateRules gates;                 // compare: --fail-on, --tolerance, --strict
  std::string scenario_text;       // Of the operand, where it is the file of a result; see recalled().
  std::string recorded_operand;    // What was typed in its place when that result came about.
  int jobs = 0;                    // 0: as many as the machine has processors.
  bool quiet = false;
  bool explain = false;
  bool help = false;
  std::vector<std::string> short_settings;  // Options that were typed and stand for a setting: "years".

  int threads() const;  // As many as --jobs says.

  // Whether --replications, or --set simulation.replications, was typed: then it limits what --relative-error may take.
  bool limits_replications() const;

  // The command line that gives the same answer again: only what has a say in it. Its words, and as one line for a shell.
  std::vector<std::string> canonical_words() const;
  std::string canonical() const;

  // A message about a setting, in the words that were typed: '--set simulation.years=0: ...' becomes '--years 0: ...'.
  std::string as_typed(std::string message) const;
};

// Errors have no place: they speak of the command line.
Result<Arguments> read_arguments(int argc, const char* const* argv);

const char* word(Command command);
std::optional<Format> format_of_extension(const std::string& path);  // "x.h5", ".hdf5", ".json", ".jsonl", ".csv", ".md", ".xml"

std::string help_text();                 // Of nines as a whole.
std::string help_text(Command command);  // Of one command, with an example.

}  // namespace nines::scenarios
