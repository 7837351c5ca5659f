// What a world's history of brokers, links and leaders means for the commands of one cluster.
#pragma once

#include <vector>

#include "models/workload/pipeline.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// `world` is what `record` was simulated of, with the incident's script and Options::keeps_links. Ascending in time; brokers and partitions are
// numbered as deployment_of() numbers them. A process that ends resets its connections; a machine, zone or region that goes tells nobody. A leader
// that lives and has lost its quorum leads on until its check-quorum window ends; gateways learn that a broker is gone when the cluster's gossip does.
std::vector<workload::Change> changes_of(const Scenario& scenario, const Incident& incident, const world::Options& world, const world::Record& record);

// Does the element that a script calls `name` hold this broker of the world?
bool holds(const world::Options& world, const std::string& name, std::size_t broker);

}  // namespace nines::scenarios
