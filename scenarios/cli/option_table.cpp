#include "scenarios/cli/option_table.hpp"

#include <algorithm>
#include <iterator>

namespace nines::scenarios {
namespace {

constexpr unsigned all_commands = ~0u;

constexpr unsigned of_run = bit(Command::run);
constexpr unsigned of_incident = bit(Command::incident);
constexpr unsigned of_answering = bit(Command::run) | bit(Command::explain);
constexpr unsigned of_simulating = of_run | bit(Command::compare);
constexpr unsigned of_sweep = bit(Command::sweep);
constexpr unsigned of_submit = bit(Command::submit);
constexpr unsigned of_import = bit(Command::import);
constexpr unsigned of_space = of_sweep | of_submit;
constexpr unsigned of_sweeps = of_sweep | bit(Command::merge);
constexpr unsigned of_reading = of_answering | of_incident | bit(Command::compare) | bit(Command::validate) | bit(Command::cost) | of_sweep;
constexpr Option option_rows[] = {
    {"format", "KIND", "table, json, markdown, csv; jsonl (run, sweep); junit, github (not explain); mermaid, dot (explain)",
     of_reading | of_sweeps | bit(Command::fuzz) | bit(Command::list) | bit(Command::version),
     "table json jsonl csv markdown junit github mermaid dot"},
    {"seconds", "N", "how long, unless --seeds is given (default: 60)", bit(Command::fuzz)},
    {"seeds", "N", "how many seeds, one run each", bit(Command::fuzz)},
    {"out,o", "FILE", "also write FILE: .h5, .json, .jsonl (run), .csv, .md or .xml (JUnit)",
     of_run | of_incident | bit(Command::compare) | of_sweeps | of_submit | of_import | bit(Command::init) | bit(Command::schema)},
    {"incident", "NAME", "which of the scenario's incidents (default: the first; the loss of a zone where it has none)", of_incident},
    {"length", "TIME", "for how long it is watched, such as 10min", of_incident},
    {"rate", "RATE", "so many commands a second, such as 100/s, whatever becomes of them", of_incident},
    {"clients", "N", "so many clients instead, each of which waits for the end of its command", of_incident},
    {"flow-control", "off", "nobody is rejected for being too many", of_incident, "off"},
    {"against", "reference", "only where it departs from the reference architecture, and what each departure costs in minutes a year",
     bit(Command::explain), "reference"},
    {"set", "PATH=VALUE", "lay a value over the scenario, for example cluster.replication=5; may be repeated", of_reading | of_submit},
    {"method", "KIND", "simulate (default), exact (solve), rare (run: losses hardly ever seen) or adaptive (sweep: both)", of_simulating | of_space,
     "simulate exact rare adaptive"},
    {"only", "POINT", "a point's number, or AXIS=VALUE: no others; may be repeated", of_space},
    {"list", "", "print the points, and do nothing else", of_sweep},
    {"dry-run", "", "say how many points and units there are and about how long they take", of_sweep},
    {"shard", "K/N", "the K-th of N parts, from 1, for 'nines merge' (default: as Slurm, Kubernetes or AWS Batch says)", of_sweep},
    {"engine", "KIND", "who is to work on it: slurm (an array of tasks) or kubernetes (an Indexed Job)", of_submit, "slurm kubernetes"},
    {"shards", "N", "in how many parts: tasks of half a minute at least are worth their start", of_submit},
    {"image", "NAME", "of containers: one that has nines in its PATH", of_submit},
    {"resume", "", "go on with the journal that an earlier run has left", of_sweep},
    {"keep-journal", "", "do not remove the journal when the result is there", of_sweep},
    {"years", "N", "years of one replication", of_simulating | of_space},
    {"replications", "R", "how many replications", of_simulating | of_space},
    {"seed", "S", "a whole number; the same seed gives the same answer", of_answering | bit(Command::compare) | of_incident | of_space | bit(Command::fuzz)},
    {"fidelity", "KIND", "sleep (skip quiet time, exactly) or full (every message)", of_simulating | of_space, "sleep full"},
    {"jobs,j", "N", "threads; the answer does not depend on them (default: all processors)",
     of_answering | bit(Command::compare) | of_sweeps | of_submit | bit(Command::fuzz)},
    {"profile", "NAME", "one profile of the catalogue as it is (default: all of them, and rules mixed at random)", bit(Command::fuzz), "@profiles"},
    {"max-time", "TIME", "stop after so long, for example 60s; undecided expectations go on until then", of_answering | bit(Command::compare) | of_space},
    {"relative-error", "SHARE", "go on until the downtime is known so well, such as 5%; --max-time and --replications limit it", of_run},
    {"slo", "SHARE", "whose error budget it is, such as 99.95% (default: what is expected of uptime.all, else 99.9%)", of_run},
    {"uptime", "SHARE", "adds the expected cost of downtime at this availability, such as 99.95%; see operations.downtimeCost", bit(Command::cost)},
    {"as-of", "DATE", "the day on which prices of more than half a year ago are warned of (default: today)", bit(Command::cost)},
    {"only-replication", "K", "only the replication with this number, from 0: repeats one that broke", of_run},
    {"elements", "N", "how many were watched, also those that never failed", bit(Command::fit)},
    {"window", "TIME", "for how long, such as 3years", bit(Command::fit)},
    {"scope", "KIND", "what they are: broker, node (default), rack, zone, region, cluster", bit(Command::fit), "broker node rack zone region cluster"},
    {"effect", "KIND", "what a fault does to them (default: stop)", bit(Command::fit),
     "stop planned-stop pause cut cut-out replace corrupt hung-disk"},
    {"column", "WHAT=NAME", "the column of start, end, element or cause, if it is called otherwise; several of element or cause", bit(Command::fit)},
    {"time-format", "FORMAT", "such as '%m/%d/%Y %H:%M' (default: ISO 8601, or seconds)", bit(Command::fit)},
    {"where", "NAME=VALUE", "only records with this value in this column; may be repeated", bit(Command::fit)},
    {"values,f", "FILE", "helm: a file of values; may be repeated, and the later one wins", of_import},
    {"chart-version", "VERSION", "of Camunda, whose chart's defaults lie underneath (default: 8.9, or 8.7 by the sections)", of_import,
     "8.5 8.6 8.7 8.8 8.9 8.10"},
    {"zones", "N", "helm: how many zones each region has, which no values tell (default: 3)", of_import},
    {"nodes", "N", "helm: how many nodes there are for brokers, over all zones (default: two for each)", of_import},
    {"machine", "TYPE", "of the nodes, such as m6i.xlarge, which no values tell", of_import},
    {"region", "NAME,...", "the name of the region, or of each of them", of_import},
    {"gate", "", "the second must not be worse than the first: exit code 5 if it is", bit(Command::compare)},
    {"fail-on", "METRIC,...", "what --gate judges (downtime, cost.month; if simulated failover.p99, data_loss, throughput.long_run)", bit(Command::compare)},
    {"tolerance", "METRIC=AMOUNT", "how much worse it may be, such as cost.month=5% or failover.p99=500ms; may be repeated", bit(Command::compare)},
    {"strict", "", "what cannot be told apart, or not be compared, does not pass: exit code 7", bit(Command::compare)},
    {"explain", "", "print every value of the scenario and where it comes from", bit(Command::validate)},
    {"quiet,q", "", "no progress and no warnings", all_commands},
    {"help,h", "", "what there is to give, on one screen", all_commands},
};

constexpr CommandText command_rows[] = {
    {Command::run, "run", "run FILE|NAME [options]", "simulate a scenario: how many nines, and why not more; of a result's .h5 file, once more",
     "nines run camunda-three-zones --years 10 --set cluster.replication=5 -o answer.h5"},
    {Command::incident, "incident", "incident FILE|NAME [options]",
     "what happens, second by second, when a zone dies under load: every command simulated",
     "nines incident camunda-three-zones --length 15min --rate 200/s -o zone-dies.h5"},
    {Command::explain, "explain", "explain FILE|NAME [options]",
     "why not more nines: causes, single points of failure, what survives, what would help; also as a picture", "nines explain camunda-three-zones"},
    {Command::cost, "cost", "cost FILE|NAME [options]", "what a scenario costs a month, item by item, with the source of every price",
     "nines cost camunda-three-zones --set costs.purchase=reserved-1y"},
    {Command::compare, "compare", "compare FILE|NAME FILE|NAME... [options]",
     "scenarios side by side: nines, throughput, price; of two, what the second changes; with --gate, whether it is worse",
     "nines compare main.yaml branch.yaml --gate --tolerance cost.month=5%"},
    {Command::sweep, "sweep", "sweep FILE|NAME [options]", "a scenario's design space, point by point: which designs are worth their price",
     "nines sweep sweep-camunda-sizes --method adaptive -o sizes.h5"},
    {Command::merge, "merge", "merge FILE... [options]", "put the shards of a sweep together, by the result's name or the journals' folders",
     "nines sweep big.yaml --shard 1/2 -o big.h5; nines sweep big.yaml --shard 2/2 -o big.h5; nines merge big.h5", true},
    {Command::submit, "submit", "submit FILE|NAME -o RESULT [options]",
     "print what has a cluster work on a sweep: a script for Slurm, a manifest for Kubernetes",
     "nines submit big.yaml -o big.h5 --engine slurm --shards 100 >big.sh && sh big.sh"},
    {Command::fuzz, "fuzz", "fuzz [options]",
     "look for bugs in the Raft core: random clusters, random faults, every property checked after every event", "nines fuzz --seconds 600 --jobs 8"},
    {Command::validate, "validate", "validate FILE|NAME... [options]", "check scenarios; with --explain print every value and its source",
     "nines validate my-cluster.yaml --explain"},
    {Command::list, "list", "list [scenarios|sweeps|profiles|faults|distances|disks|prices] [options]", "what is built in: scenarios and catalogues",
     "nines list profiles"},
    {Command::init, "init", "init [FILE] [options]", "write a commented scenario to begin with",
     "nines init my-cluster.yaml && nines run my-cluster.yaml"},
    {Command::fit, "fit", "fit FILE.csv --elements N --window TIME [options]",
     "failure rates and durations of your own from a log of incidents, as YAML for a scenario",
     "nines fit incidents.csv --elements 40 --window 2years >> my-cluster.yaml"},
    {Command::import, "import", "import helm|kubectl [FILE...] [options]",
     "a scenario of the cluster you have: from Helm's values, or from what 'kubectl get nodes,pods -o json' prints",
     "nines import helm -f values.yaml --zones 3 -o mine.yaml; nines import kubectl nodes.json pods.json -o mine.yaml"},
    {Command::schema, "schema", "schema [options]", "print the JSON Schema of scenario files, for editors", "nines schema -o nines.schema.json", true},
    {Command::completion, "completion", "completion bash|zsh|fish", "print a script that lets a shell complete commands, options and names",
     "source <(nines completion bash)", true},
    {Command::manual, "manual", "manual [COMMAND]", "print the manual page of nines, or of a command", "nines manual run | man -l -", true},
    {Command::version, "version", "version [options]", "print the version", "nines version", true},
    {Command::help, "help", "help [COMMAND]", "print help", "nines help run", true},
};

}  // namespace

std::span<const Option> options() { return option_rows; }
std::span<const CommandText> commands() { return command_rows; }

const CommandText& text_of(Command command) {
  return *std::find_if(std::begin(command_rows), std::end(command_rows), [&](const CommandText& text) { return text.command == command; });
}

std::string_view long_name(const Option& option) {
  const std::string_view name = option.name;
  return name.substr(0, name.find(','));
}

std::string_view short_name(const Option& option) {
  const std::string_view name = option.name;
  const std::size_t comma = name.find(',');
  return comma == std::string_view::npos ? std::string_view() : name.substr(comma + 1);
}

bool may_repeat(const Option& option) {
  const std::string_view name = long_name(option);
  return option.value[0] == '\0' || name == "set" || name == "column" || name == "where" || name == "tolerance" || name == "only" || name == "values";
}

const Option* option_named(std::string_view name) {
  const auto found = std::find_if(std::begin(option_rows), std::end(option_rows), [&](const Option& option) { return long_name(option) == name; });
  return found == std::end(option_rows) ? nullptr : found;
}

Operands operands_of(const CommandText& text) {
  Operands operands;
  std::string_view rest = text.synopsis;
  bool value = false;  // Of the option before it.
  for (std::size_t start = rest.find(' '); start != std::string_view::npos; start = rest.find(' ')) {
    rest = rest.substr(start + 1);
    std::string_view token = rest.substr(0, rest.find(' '));
    if (token.starts_with("--") || value) {
      value = !value;
      continue;
    }
    if (token == "[options]") continue;
    if (token.starts_with('[') && token.ends_with(']')) token = token.substr(1, token.size() - 2);
    if (token.ends_with("...")) token.remove_suffix(3);
    if (token.starts_with("FILE")) operands.files = true;
    if (token == "FILE|NAME") operands.scenarios = true;
    if (token == "COMMAND") operands.commands = true;
    if (token.starts_with("FILE") || token == "COMMAND" || token.find('|') == std::string_view::npos) continue;
    for (std::size_t from = 0; from <= token.size();) {
      const std::size_t bar = std::min(token.find('|', from), token.size());
      operands.words.emplace_back(token.substr(from, bar - from));
      from = bar + 1;
    }
  }
  return operands;
}

}  // namespace nines::scenarios
