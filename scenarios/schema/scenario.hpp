// A scenario: what the user asks, as plain values. The reader has checked every value and every name in it; nothing here refers to YAML.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/load/calibrate.hpp"
#include "models/cost/prices.hpp"
#include "models/failure/mode.hpp"
#include "models/raft/profile.hpp"
#include "models/topology/topology.hpp"
#include "models/workload/deployment.hpp"
#include "models/workload/pipeline.hpp"
#include "scenarios/schema/chart.hpp"
#include "scenarios/schema/costs.hpp"
#include "scenarios/schema/incidents.hpp"
#include "sim/base/law.hpp"
#include "sim/base/result.hpp"
#include "sim/base/time.hpp"

namespace nines::scenarios {

struct Metadata {
  std::string name;
  std::string question;
};

// Which catalogues the scenario draws on, by name. "none" for faults: nothing fails but what the scenario itself names.
struct CatalogNames {
  std::string prices = "none";
  std::string distances = "aws";
  std::string faults = "public-cloud";
};

struct Zone {
  std::string name;                // "us-east-1/a"
  std::vector<std::string> racks;  // "us-east-1/a/r1"
};

struct Region {
  std::string name;
  std::vector<Zone> zones;
};

// A round trip between two places, as it is measured and published.
struct RoundTrip {
  Duration p50{0};
  Duration p99{0};
  Duration max{0};                   // Where the law is truncated.
  double loss = 0;                   // Of each packet.
  double bandwidth_bytes_per_s = 0;  // 0: not a limit.
};

// One way of a round trip: half of it, a lognormal excess over a fixed part; `fixed_share` of p50 is the fixed part.
topology::LinkLaw one_way(const RoundTrip& trip, double fixed_share);

struct Disk {
  std::string type;
  std::int64_t size_bytes = 0;
  Law fsync;               // Of the type in the catalogue, unless the scenario says otherwise.
  double iops = 0;         // 0: not a limit. Of the type, unless the scenario says otherwise.
  double bytes_per_s = 0;  // Writing; 0: not a limit.
};

// A provider's machine type.
struct MachineType {
  std::string name;
  int cores = 0;
  std::int64_t memory_bytes = 0;
  double speed = 1;                // Of one core, relative to m6i.xlarge's.
  double network_bytes_per_s = 0;  // Each way, what may be counted on; 0: not a limit.
  std::string source;
};

struct NodePool {
  std::string name;
  std::vector<std::string> patterns;  // As written: "us-east-1/*".
  std::vector<std::string> zones;     // What they match, in the order of the topology: "us-east-1/a". Never empty.
  std::vector<std::string> occupied;  // Those of them in which it has nodes.
  int nodes = 0;                      // Over all zones, dealt as models/broker/spread.hpp says.
  std::string type;                   // The provider's machine type, as written; may be empty.
  MachineType machine;                // Of the type; four cores of speed 1 where there is none.
  Disk disk;
};

struct Topology {
  std::vector<Region> regions;
  std::vector<NodePool> pools;
  topology::LinkLaw same_node;
  topology::LinkLaw same_zone;
  topology::LinkLaw same_region;
  topology::LinkLaw other_region;              // Of pairs of regions that `between` does not name.
  std::vector<topology::LinkBetween> between;  // Pairs of regions or zones of this topology, catalogue's and scenario's.
};

// The rules are those of broker::Spread in models/broker/spread.hpp.
enum class Spread : std::uint8_t {
  zone,  // Consecutive brokers stand in different regions, then zones.
  node,  // On different nodes, zone by zone: neighbours share a zone.
  none,  // All on the first node.
};

enum class Placement : std::uint8_t { round_robin, fixed, zone_aware };

struct FixedReplica {
  int broker = 0;  // Number within the cluster.
  int priority = 1;
};

struct ZoneShare {
  std::string zone;  // "us-east-1/a", or a region's name for all of its zones.
  int replicas = 1;
  int priority = 1;
};

struct Load {
  enum class Kind : std::uint8_t { none, process_instances, appends };
  Kind kind = Kind::none;
  double process_instances_per_s = 0;  // Of the whole cluster.
  double records_per_instance = 0;     // Log records of one process instance.
  double appends_per_instance = 0;     // Raft log entries of one: each holds a command or the batch of records that follow from one.
  double appends_per_s = 0;            // Of the whole cluster: as given, or process instances x appends of one.
  std::int64_t bytes = 0;              // Of one append.
};

// What an append costs the machines of a cluster, and how much of them may be counted on.
struct AppendCosts {
  workload::Service service;  // Of one append: one round. Its bytes are the load's.
  double cpu_share = 0.85;
};

// Costs of a cluster's appends that were fitted on measurements of the user's.
struct Calibration {
  enum class Kind : std::uint8_t { cpu, closed_loop };
  Kind kind = Kind::cpu;  // closed_loop: the measured system as one core of each broker, whatever its machine has.
  std::string source;     // "fitted on 3 measurements at zeebe.yaml:14, residuals up to 3.7 %"
  // cpu: cores of a broker against commands a second; none where another cluster or machine was measured than the scenario's.
  std::optional<analysis::Line> line;
};

// Components that must work, in a catalogue's words. Without parts: one of them, or partitions.
struct Need {
  std::string name;  // A component's, or one of partition_words; empty where there are parts, or nothing is needed.
  std::vector<Need> parts{};
  int at_least = 0;       // Of the parts.
  Duration after{0};      // Others go on for so long without it.
  bool at_start = false;  // Only when it starts for the first time.
  Place place{};
};
// The user's own partition, any, and all of the cluster's.
inline constexpr std::string_view partition_words[] = {"partition", "some-partition", "every-partition"};

// Where a component runs: in the brokers' own processes, as processes of its own, or at somebody else's.
enum class Runs : std::uint8_t { brokers, process, external };
enum class Enough : std::uint8_t { one, majority, all };

// A component as a product has it. `loss`: what its loss means, in a sentence.
struct ComponentSpec {
  std::string name;
  Runs runs = Runs::process;
  int replicas = 1;
  Enough needed = Enough::one;
  bool single = false;      // Only one may work at a time.
  bool stateless = false;   // It may be started on another node.
  bool management = false;  // It belongs to the management cluster.
  bool optional = false;    // It is there only where a scenario names it.
  std::string managed_as;   // The management cluster's component that can do it; empty: the one of the same name.
  Need needs;
  std::string loss;
  std::string source;
};
struct CapabilitySpec {
  std::string name;
  bool management = false;
  Need needs;
  std::string source;
};
struct ServiceCatalog {
  std::string name;
  std::vector<std::string> profiles;  // Whose clusters have them.
  std::vector<ComponentSpec> components;
  std::vector<CapabilitySpec> capabilities;
};

// A component of this scenario: what the catalogue says, and where the scenario says otherwise.
struct Component {
  ComponentSpec spec;  // With the scenario's replicas and place of running.
  std::string kind;    // The product that does it, as written; may be empty.
  std::string node_pool;
  bool of_management = false;  // It stands for the management cluster's component, see ComponentSpec::managed_as.
};

struct Cluster {
  std::string name;                // Its key under `clusters:`; "cluster" for the single `cluster:`.
  std::string path;                // Where it stands: "cluster", "clusters.orders".
  std::string profile_name;        // As written.
  raft::Profile profile;           // The catalogue's, with the scenario's client timeout.
  std::vector<std::string> pools;  // Names of NodePools. Brokers are spread as if all their nodes were one pool's, the first pool's first.
  int brokers = 0;
  int partitions = 1;
  int replication = 1;
  Spread spread = Spread::zone;
  Placement placement = Placement::round_robin;
  std::vector<std::vector<FixedReplica>> fixed;  // placement fixed: per partition.
  std::vector<ZoneShare> shares;                 // placement zone-aware: by falling priority.
  Load load;
  AppendCosts costs;
  std::optional<Calibration> calibration;            // What costs were fitted on, where they were.
  std::optional<Duration> client_round_trip;         // Between client and gateway, with all that takes as long under every load; none: as in a zone.
  workload::FlowControl flow;                        // Who is let in: the profile's, unless the scenario says otherwise.
  double cpu_limit = 0;                              // Cores that each broker may use, as a Kubernetes limit; 0: what the machine has.
  std::int64_t state_bytes = std::int64_t{1} << 30;  // Of one partition.
  bool has_services = false;                         // `components` is given: what runs beside the brokers counts.
  bool secondary_storage = true;                     // There is one that records go to.
  std::vector<Component> components;                 // In the catalogue's order; those that are off are not here.
  std::vector<CapabilitySpec> capabilities;

  bool exports() const;  // There is a secondary storage that records go to.
};

// The steps of a failover to the other region, and of the way back, each after the one before.
struct RegionFailover {
  Law detection, decision, reroute, removal, redeploy, restore;
};

// Copies of the data elsewhere, and the steps back to one.
struct Backup {
  Duration every{0}, takes{0};
  Law detection, decision;
  std::optional<Law> download;  // What it follows from the size of the state when it is not given: see download_of().
  Law start;
};
// How long it takes until the brokers of a cluster hold a backup of `state_bytes` in all.
Law download_of(const Backup& backup, double state_bytes);

struct Operations {
  std::string platform = "kubernetes";
  std::string coverage = "24x7";
  int max_unavailable = 0;  // Brokers of a cluster down for planned work at a time; 0: no limit.
  std::optional<Backup> backup;
  std::optional<RegionFailover> failover;
  std::optional<cost::Money> downtime_cost_per_h;
};

// A recorded history of faults that the run replays. The reader of a scenario opens no file: read_trace() is given the text.
struct Trace {
  enum class Elements : std::uint8_t {
    named,     // The trace calls elements as the scenario does.
    in_order,  // The first element that the trace names is the first of the scope, and so on; more than there are is an error.
    first,     // The same, and elements for which none is left are passed over.
  };
  std::string file;  // As written: relative to the scenario's file.
  Place place;
  failure::Scope scope = failure::Scope::node;
  failure::Effect effect = failure::Effect::stop;
  Elements elements = Elements::named;
  bool rotate = false;
  IncidentColumns columns;

  struct Fault {
    Duration begin{0};  // From the trace's first instant.
    Duration end{0};
    std::string element;  // As the world calls it.
    std::string mode;     // Of Scenario::faults.
  };
  bool is_read = false;
  std::vector<Fault> faults;
  Duration length{0};           // To the trace's last instant.
  std::size_t passed_over = 0;  // Elements without a counterpart.
};

struct Management {
  std::string node_pool;
  std::vector<std::string> manages;
  std::string identity;
  std::vector<Component> components;
  std::vector<CapabilitySpec> capabilities;
};

enum class Fidelity : std::uint8_t { sleep, full };

struct Simulation {
  double years = 1;  // Horizon of one replication.
  int replications = 1000;
  Fidelity fidelity = Fidelity::sleep;
  std::uint64_t seed = 1;
};

// What `nines incident` plays: a script of faults under a load. Commands are simulated in one cluster only.
struct Incident {
  // The secondary storage takes nothing.
  struct ExportStop {
    Duration at{0};
    Duration duration{0};
  };
  std::string name;
  std::vector<failure::ScriptedFault> script;
  std::vector<ExportStop> export_stops;
  std::size_t cluster = 0;
  Duration length{0};
  workload::Load load;   // Of process instances, or of appends where the cluster's load is appends. No rates: neither it nor the cluster has a load.
  std::string arrivals;  // A CSV file of instants, relative to the scenario's file; empty: none. read_arrivals() is given its text.
  Place arrivals_place;
};

struct Expectation {
  enum class Comparison : std::uint8_t { at_least, at_most, greater, less };
  std::string text;  // As written.
  std::string metric;
  Comparison comparison = Comparison::at_least;
  double value = 0;  // In the metric's unit: fractions of 1, seconds, money.
  std::string currency;
  Place place;
};

// Something the user wrote, and where.
struct WrittenText {
  std::string text;
  Place place;
};

// What one path takes along an axis. Values are as `--set` takes them: YAML on one line, quotation marks and all.
struct AxisPath {
  std::string path;
  Place place;
  std::vector<WrittenText> values;
};

// What varies as one dimension: a path, or several that move together.
struct Axis {
  std::string name;  // The path, or a name of the user's for several.
  Place place;
  std::vector<AxisPath> paths;      // At least one; all with as many values.
  std::vector<std::string> labels;  // One for each value; only of several paths, and only where the user gives them.

  std::size_t size() const { return paths.front().values.size(); }
};

struct Sweep {
  enum class Method : std::uint8_t { simulate, exact, adaptive };
  std::vector<Axis> axes;
  WrittenText where;  // Empty: every combination counts. condition.hpp reads it.
  int repeats = 1;    // Each with a seed of its own.
  Method method = Method::simulate;
  std::vector<WrittenText> expect;  // Judged at every point, beside what the scenario expects.
};

// One value of the resolved scenario and who said so.
struct Explanation {
  std::string path;    // "cluster.replication"
  std::string value;   // As a scenario would write it.
  std::string source;  // "three-zones.yaml:9" or where the default comes from.
  Place place;         // Line 0 when it is a default.
};

struct Scenario {
  Metadata metadata;
  CatalogNames catalogs;
  Topology topology;
  std::vector<Cluster> clusters;
  std::vector<failure::Mode> faults;           // Catalogue and overrides resolved; those that are off are not here.
  std::vector<failure::ScriptedFault> script;  // Happens in every replication.
  std::optional<Trace> trace;
  Simulation simulation;
  std::optional<Operations> operations;
  Costs costs;
  std::shared_ptr<const cost::PriceBook> prices;  // Of catalogs.prices; null when it is none.
  std::optional<Management> management;
  std::vector<Incident> incidents;
  std::vector<Expectation> expect;
  std::optional<Sweep> sweep;

  std::vector<Explanation> explanations;  // Every value, in the order of the file format.
  Errors warnings;                        // Legal and probably not meant, and sections without effect yet.
  std::string file;
  Place place_of(std::string_view path) const;  // Where the user wrote the value; the file as a whole for a default.
};

// A named text of the catalogue or the library: what a file of scenarios/catalog holds.
struct SourceFile {
  std::string name;  // "profiles/zeebe-8.9.yaml"
  std::string text;
};

struct ProfileEntry {
  raft::Profile profile;
  AppendCosts costs;
  workload::FlowControl flow;
  std::vector<std::string> aliases;  // "camunda-8.9"
  std::vector<Explanation> explanations;
  std::vector<Explanation> flow_explanations;  // Of "requests", "requests.aimd.target", "writes", ...
};

struct Distances {
  std::string name;
  RoundTrip same_node, same_zone, same_region, other_region;
  struct Pair {
    std::string a, b;
    RoundTrip trip;
    std::string source;
  };
  std::vector<Pair> pairs;
  std::vector<Explanation> explanations;
};

struct FaultCatalog {
  std::string name;
  std::vector<failure::Mode> modes;
};

struct DiskType {
  std::string name;
  Law fsync;
  double iops = 0;         // 0: not a limit.
  double bytes_per_s = 0;  // 0: not a limit.
  std::string source;
};

struct Catalogs {
  std::vector<ServiceCatalog> services;
  std::vector<ProfileEntry> profiles;
  std::vector<Distances> distances;
  std::vector<FaultCatalog> faults;
  std::vector<DiskType> disks;
  std::vector<MachineType> machines;
  std::vector<std::shared_ptr<const cost::PriceBook>> prices;
  std::vector<ChartDefaults> charts;

  const ProfileEntry* profile(std::string_view name) const;  // By name or alias; null when there is none.
  std::vector<std::string> price_names() const;
};

// `path=value` from the command line, laid over the file before it is read. Names, never positions: "cluster.replication=5".
struct Setting {
  std::string path;
  std::string value;
  Place place{};  // Where a file says so; on the command line its own words are the place.
};

// Reads the files of a catalogue folder; their kind tells what they hold. All errors of all files at once.
Result<Catalogs> read_catalogs(const std::vector<SourceFile>& files);

// Reads one scenario strictly. `file` names it in messages. All errors at once, by line.
Result<Scenario> read_scenario(std::string_view text, const std::string& file, const Catalogs& catalogs, const std::vector<Setting>& settings = {});

// Reads the history that the scenario's `faults: {trace: ...}` names; `file` is its name in messages. Its causes join the scenario's failure modes.
// Errors name a line of the trace, or the place in the scenario where it does not fit.
Result<void> read_trace(std::string_view csv, const std::string& file, Scenario& scenario);

// Reads the instants of the incident's `load: {trace: ...}`: the column `at`, in seconds from the incident's start, in any order.
Result<void> read_arrivals(std::string_view csv, const std::string& file, Incident& incident);

// How long an incident of this script is watched where nobody says: 10 min, or a third longer than the script.
Duration default_length(const Incident& incident);
// What clients ask of the cluster and how they behave, where an incident says nothing else.
workload::Load default_load(const Cluster& cluster);

// Errors as a compiler prints them: place, message, the line and a caret. `text` is the file they speak of.
std::string render(const Errors& errors, std::string_view text, std::string_view severity = "error");

// JSON Schema (2020-12) of a scenario file, from the same field tables that decode it.
std::string json_schema();

}  // namespace nines::scenarios
