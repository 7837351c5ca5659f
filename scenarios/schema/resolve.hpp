// From a document to a scenario: names are looked up, catalogues laid underneath, and what cannot be together is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/condition.hpp"
#include "scenarios/schema/document.hpp"
#include "scenarios/schema/node.hpp"

namespace nines::scenarios {

// A round trip as written, with what follows from its median.
RoundTrip to_round_trip(const RoundTripDocument& document, Context& context);
std::string text(const RoundTrip& trip);

// All nodes of all pools, where the run will put them.
topology::Topology places_of(const Scenario& scenario);
// The zones in which a pool has nodes: some of its own are left empty where there are more of them than nodes.
std::vector<std::string> occupied_zones(const NodePool& pool, const topology::Topology& places);
// The pools in the zones in which they have nodes, as the world calls them: "spot/us-east-1/a".
std::vector<std::string> pool_zones_of(const Scenario& scenario);

const FaultCatalog* find_catalog(const Catalogs& catalogs, std::string_view name);  // Of failure modes; null when there is none.
std::string mode_text(const failure::Mode& mode);                                   // "stop of a zone, up exponential(...), down ...".

void resolve_topology(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
void resolve_clusters(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
// Costs fitted on what was measured, over the profile's and under the scenario's. The cluster's load is resolved.
void resolve_calibration(const ClusterDocument& written, const Catalogs& catalogs, const Scenario& scenario, Cluster& cluster, Context& context);
void resolve_faults(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
// The faults that pools have of their own, over the scenario's.
void resolve_pool_faults(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
void resolve_trace(const Written<TraceDocument>& document, Scenario& scenario, Context& context);
void resolve_script(const std::vector<ScriptDocument>& document, const Catalogs& catalogs, std::vector<failure::ScriptedFault>& script,
                    const Scenario& scenario, Context& context);
void resolve_incidents(const std::vector<IncidentDocument>& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
void resolve_expectations(const std::vector<Written<std::string>>& expect, Scenario& scenario, Context& context);
void resolve_costs(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
// Clusters and management are resolved.
void resolve_services(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);
void resolve_operations(const Document& document, Scenario& scenario, Context& context);
void resolve_rest(const Document& document, Scenario& scenario, Context& context);

// Everything above, in order.
void resolve(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context);

// Does `pattern` with its stars match the whole of `name`?
bool glob(std::string_view pattern, std::string_view name);

// Reads a tree whose settings are laid over: decoding and resolving, with everything there is to say in the context. A scenario without errors is complete
// but for its explanations and warnings, which are still the context's.
Scenario read_tree(const Node& root, const std::string& file, const Catalogs& catalogs, Context& context);

// The same with all checks and warnings: what read_scenario() makes of a text.
Result<Scenario> read_root(const Node& root, const std::string& file, const Catalogs& catalogs, Context& context);

// Lays settings of the command line over the tree.
void apply_settings(Node& root, const std::vector<Setting>& settings, Context& context);
// The same for one value that is parsed already. What is made on the way to it stands at `place`.
void lay_over(Node& root, std::string_view path, const Node& value, const Place& place, Context& context);
// The tree of a value on one line, all of it at the place of the text; nothing where it is no YAML.
std::optional<Node> value_of(const WrittenText& written);

Sweep sweep_of(const SweepDocument& document);
void resolve_sweep(const SweepDocument& document, Scenario& scenario, Context& context);
// Lays every value of every axis over the tree and decodes it. What is wrong with a value whatever the others are is an error at its place.
void check_axes(const Node& root, const std::vector<Axis>& axes, Context& context);
// `where`, against what the context explains. The condition, or nothing where there is none or something is wrong with it.
std::optional<Condition> check_condition(const Sweep& sweep, Context& context);

}  // namespace nines::scenarios
